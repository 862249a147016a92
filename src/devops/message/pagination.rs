//! How the service divides a list into pages, and the query parameters that select one of them.

/// How the service divides a list into pages
#[derive(Debug, Clone, Copy)]
pub(crate) enum Pagination {
    /// A header names the next page; a page has at most so many entries, if the route has a parameter for that
    Token(Option<usize>),
    /// The request counts entries: at most so many, after so many; a page that is not full is the last one
    Count {
        /// The name of the parameter for the number of entries
        top: &'static str,
        /// The name of the parameter for the number of entries to skip
        skip: &'static str,
        /// The largest page
        most: usize,
    },
}

impl Pagination {
    /// Returns how many entries to request for the next page when `left` are still wanted
    ///
    /// Where nothing else shows whether the list continues, one entry more than wanted does.
    pub(crate) fn top(self, left: usize) -> Option<usize> {
        match self {
            Pagination::Token(most) => most.map(|most| most.min(left)),
            Pagination::Count { most, .. } => Some(most.min(left.saturating_add(1))),
        }
    }

    /// Returns the query parameters of one page
    pub(crate) fn parameters<'a>(
        self,
        top_value: &'a str,
        skip_value: &'a str,
        token: Option<&'a str>,
    ) -> Vec<(&'static str, &'a str)> {
        match self {
            Pagination::Count { top, skip, .. } => vec![(top, top_value), (skip, skip_value)],
            Pagination::Token(most) => {
                let top = most.map(|_| ("$top", top_value));
                top.into_iter().chain(token.map(|token| ("continuationToken", token))).collect()
            }
        }
    }
}
