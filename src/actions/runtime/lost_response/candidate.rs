//! What a lost change may have made.

use time::OffsetDateTime;

/// Something that a change makes: a thing, or a new revision of one
pub(crate) trait Made {
    /// When the service made it, as the service says it
    fn created(&self) -> Option<OffsetDateTime>;

    /// The id of who made it, if the service says it
    fn maker(&self) -> Option<&str>;

    /// What a person finds it by: `the pipeline run 7`
    fn label(&self) -> String;

    /// Its address in a browser
    fn link(&self) -> Option<&str>;

    /// What tells it from everything else that is made in the organization
    fn id(&self) -> String {
        self.label()
    }
}

/// A thing that is there and can be what a lost change made
pub(crate) struct Candidate<T> {
    pub(super) thing: T,
    pub(super) likeness: Likeness,
}

pub(super) enum Likeness {
    /// It has the request's own mark
    Marked,
    /// Every field that was sent is there as it was sent, and the service shows them all
    Whole(Vec<&'static str>),
    /// Nothing proves it
    Unproven,
}

impl<T> Candidate<T> {
    /// A thing that can be named and never taken, as one that is known by its name alone
    pub(crate) fn unproven(thing: T) -> Self {
        Candidate { thing, likeness: Likeness::Unproven }
    }
}

impl<T: Made> Candidate<T> {
    /// Whether nothing that the service says speaks against it
    pub(super) fn can_be_of(&self, own: &str, since: Option<OffsetDateTime>) -> bool {
        let since = since.unwrap_or(OffsetDateTime::UNIX_EPOCH);
        self.thing.created().is_none_or(|created| created > since)
            && self.thing.maker().is_none_or(|maker| maker.eq_ignore_ascii_case(own))
    }

    pub(super) fn named(&self) -> String {
        named(&self.thing)
    }
}

/// A thing as an error names it: with its link, if it has one
pub(crate) fn named(thing: &impl Made) -> String {
    match thing.link() {
        Some(link) => format!("{}: {link}", thing.label()),
        None => thing.label(),
    }
}
