//! The candidates for what a lost change made.

use time::OffsetDateTime;

/// The result of a change: a new resource, or a new revision of one
pub(crate) trait Made {
    /// Returns when the service created it, by the service's clock
    fn created(&self) -> Option<OffsetDateTime>;

    /// Returns the id of the user who created it, if the service shows it
    fn maker(&self) -> Option<&str>;

    /// Returns the label for messages: `the pipeline run 7`
    fn label(&self) -> String;

    /// Returns the address in a browser
    fn link(&self) -> Option<&str>;

    /// Returns an identifier that is unique in the organization
    fn id(&self) -> String {
        self.label()
    }
}

/// An existing resource that a lost change may have made
pub(crate) struct Candidate<T> {
    pub(super) thing: T,
    pub(super) likeness: Likeness,
}

pub(super) enum Likeness {
    /// It carries the mark of the request
    Marked,
    /// Every field that was sent is equal, and the service shows all of them
    Whole(Vec<&'static str>),
    /// There is no proof
    Unproven,
}

impl<T> Candidate<T> {
    /// Returns a candidate without proof, which is named in errors and never returned as the result
    pub(crate) fn unproven(thing: T) -> Self {
        Candidate { thing, likeness: Likeness::Unproven }
    }
}

impl<T: Made> Candidate<T> {
    /// Returns whether its creation time and creator are consistent with the request
    pub(super) fn can_be_of(&self, own: &str, since: Option<OffsetDateTime>) -> bool {
        let since = since.unwrap_or(OffsetDateTime::UNIX_EPOCH);
        self.thing.created().is_none_or(|created| created > since)
            && self.thing.maker().is_none_or(|maker| maker.eq_ignore_ascii_case(own))
    }

    pub(super) fn named(&self) -> String {
        named(&self.thing)
    }
}

/// Returns the label for errors, with the link if there is one
pub(crate) fn named(thing: &impl Made) -> String {
    match thing.link() {
        Some(link) => format!("{}: {link}", thing.label()),
        None => thing.label(),
    }
}
