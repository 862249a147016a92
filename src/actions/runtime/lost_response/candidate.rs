//! The candidates for what a lost change made.

use time::OffsetDateTime;

/// The result of a change: a new resource, or a new revision of one
pub(crate) trait Created {
    /// Returns when the service created it, by the service's clock
    fn created(&self) -> Option<OffsetDateTime>;

    /// Returns the id of the user who created it, if the service shows it
    fn creator(&self) -> Option<&str>;

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
    pub(super) resource: T,
    pub(super) proof: CandidateProof,
}

pub(super) enum CandidateProof {
    /// It carries the mark of the request
    Mark,
    /// Every field that was sent is equal, and the service shows all of them
    Content(Vec<&'static str>),
    /// There is no proof
    None,
}

impl<T> Candidate<T> {
    /// Returns a candidate without proof, which is named in errors and never returned as the result
    pub(crate) fn unproven(resource: T) -> Self {
        Candidate { resource, proof: CandidateProof::None }
    }
}

impl<T: Created> Candidate<T> {
    /// Returns the resource if it carries the mark of the request
    pub(crate) fn marked(self) -> Option<T> {
        matches!(self.proof, CandidateProof::Mark).then_some(self.resource)
    }

    /// Returns whether its creation time and creator are consistent with the request
    pub(super) fn can_be_of(&self, own: &str, since: Option<OffsetDateTime>) -> bool {
        let since = since.unwrap_or(OffsetDateTime::UNIX_EPOCH);
        self.resource.created().is_none_or(|created| created > since)
            && self.resource.creator().is_none_or(|creator| creator.eq_ignore_ascii_case(own))
    }

    /// Returns the label for errors, with the link if there is one
    pub(crate) fn named(&self) -> String {
        named(&self.resource)
    }
}

/// Returns the label for errors, with the link if there is one
pub(crate) fn named(resource: &impl Created) -> String {
    match resource.link() {
        Some(link) => format!("{}: {link}", resource.label()),
        None => resource.label(),
    }
}
