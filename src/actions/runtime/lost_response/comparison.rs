//! The comparison of an existing resource with what was sent.

use crate::actions::runtime::lost_response::candidate::Candidate;
use crate::actions::runtime::lost_response::candidate::CandidateProof;

/// A field-by-field comparison of a resource with what was sent
#[derive(Default)]
pub(crate) struct Comparison {
    equal: Vec<&'static str>,
    hidden: bool,
    differs: bool,
}

impl Comparison {
    /// Adds the result for one field: `None` if the service does not show it
    #[must_use]
    pub(crate) fn field(mut self, name: &'static str, is_equal: Option<bool>) -> Self {
        match is_equal {
            Some(true) => self.equal.push(name),
            Some(false) => self.differs = true,
            None => self.hidden = true,
        }
        self
    }

    /// Returns the candidate: `None` if a field differs, without proof if a field is not shown
    pub(crate) fn candidate<T>(self, resource: T) -> Option<Candidate<T>> {
        let proof = match self.hidden || self.equal.is_empty() {
            _ if self.differs => return None,
            true => CandidateProof::None,
            false => CandidateProof::Content(self.equal),
        };
        Some(Candidate { resource, proof })
    }
}
