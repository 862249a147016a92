//! The journal: every request in order, with the status of its response. It never contains secrets or bodies.

use std::collections::VecDeque;

use axum::http::HeaderMap;

/// The maximum number of entries.
const CAPACITY: usize = 100_000;

/// The request headers that the journal keeps.
const HEADERS: [&str; 9] = [
    "accept",
    "accept-encoding",
    "content-length",
    "content-type",
    "cookie",
    "referer",
    "user-agent",
    "x-tfs-fedauthredirect",
    "x-tfs-session",
];

/// A request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JournalEntry {
    /// The HTTP method.
    pub method: String,
    /// The path as sent.
    pub path: String,
    /// The query as sent, without the question mark; empty if there was none.
    pub query: String,
    /// Some of the headers, with names in lower case, in no particular order: `accept`, `accept-encoding`,
    /// `content-length`, `content-type`, `cookie`, `referer`, `user-agent`, `x-tfs-fedauthredirect`,
    /// `x-tfs-session`.
    pub headers: Vec<(&'static str, String)>,
    /// Whether there was an `Authorization` header. Its value is never kept.
    pub authorization: bool,
    /// The imitated request that it was, as [`crate::imitated_requests`] lists it.
    pub route: Option<String>,
    /// The name of the token, if the simulator knows it.
    pub token: Option<String>,
    /// The status of the response; `None` while the request is in flight, or if it never got a response.
    pub status: Option<u16>,
    /// The number of the connection, counted from 1.
    pub connection: u64,
    /// The number of other requests that were in flight when it arrived.
    pub in_flight: usize,
    /// Whether another request was in flight at any time between its arrival and its response.
    pub overlapped: bool,
}

impl JournalEntry {
    /// Returns the value of one of the kept headers.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
    }
}

/// The journal. Entries are numbered consecutively.
#[derive(Default)]
pub(crate) struct Journal {
    entries: VecDeque<JournalEntry>,
    /// The number of the oldest entry.
    first: u64,
    under_way: Vec<u64>,
}

impl Journal {
    /// Adds a request when it arrives.
    pub(crate) fn begin(
        &mut self,
        method: &str,
        uri: &axum::http::Uri,
        headers: &HeaderMap,
        connection: u64,
    ) -> u64 {
        let number = self.first + self.entries.len() as u64;
        let in_flight = self.under_way.len();
        for other in self.under_way.clone() {
            self.change(other, |entry| entry.overlapped = true);
        }
        self.under_way.push(number);
        self.entries.push_back(JournalEntry {
            method: method.to_owned(),
            path: uri.path().to_owned(),
            query: uri.query().unwrap_or_default().to_owned(),
            headers: selected(headers),
            authorization: headers.contains_key("authorization"),
            route: None,
            token: None,
            status: None,
            connection,
            in_flight,
            overlapped: in_flight > 0,
        });
        if self.entries.len() > CAPACITY {
            self.entries.pop_front();
            self.first += 1;
        }
        number
    }

    /// Changes an entry, unless it was removed in the meantime.
    pub(crate) fn change(&mut self, number: u64, change: impl FnOnce(&mut JournalEntry)) {
        let position = number.checked_sub(self.first).and_then(|position| usize::try_from(position).ok());
        if let Some(entry) = position.and_then(|position| self.entries.get_mut(position)) {
            change(entry);
        }
    }

    /// Ends a request that was in flight.
    pub(crate) fn end(&mut self, number: u64) {
        self.under_way.retain(|other| *other != number);
    }

    pub(crate) fn entries(&self) -> Vec<JournalEntry> {
        self.entries.iter().cloned().collect()
    }

    pub(crate) fn clear(&mut self) {
        self.first += self.entries.len() as u64;
        self.entries.clear();
    }
}

fn selected(headers: &HeaderMap) -> Vec<(&'static str, String)> {
    HEADERS
        .iter()
        .filter_map(|&name| Some((name, String::from_utf8_lossy(headers.get(name)?.as_bytes()).into_owned())))
        .collect()
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderMap;
    use axum::http::Uri;

    use super::CAPACITY;
    use super::Journal;

    #[test]
    fn only_the_latest_entries_are_kept() {
        let mut journal = Journal::default();
        let uri = Uri::from_static("/fabrikam/_apis/projects?a=1");
        for _ in 0..CAPACITY + 2 {
            let number = journal.begin("GET", &uri, &HeaderMap::new(), 1);
            journal.end(number);
        }
        assert_eq!(journal.entries.len(), CAPACITY);
        journal.change(0, |entry| entry.status = Some(500));
        let last = journal.first + CAPACITY as u64 - 1;
        journal.change(last, |entry| entry.status = Some(200));
        assert!(journal.entries.iter().all(|entry| entry.status != Some(500)));
        assert_eq!(journal.entries.back().unwrap().status, Some(200));
    }

    #[test]
    fn requests_in_flight_together_both_record_it() {
        let mut journal = Journal::default();
        let uri = Uri::from_static("/x");
        let first = journal.begin("GET", &uri, &HeaderMap::new(), 1);
        let second = journal.begin("GET", &uri, &HeaderMap::new(), 2);
        journal.end(first);
        journal.end(second);
        journal.begin("GET", &uri, &HeaderMap::new(), 1);
        let met: Vec<_> = journal.entries().iter().map(|entry| (entry.in_flight, entry.overlapped)).collect();
        assert_eq!(met, [(0, true), (1, true), (0, false)]);
    }
}
