//! Marks: unique texts that identify what one request made.

use uuid::Uuid;

use crate::actions::runtime::lost_response::candidate::Candidate;
use crate::actions::runtime::lost_response::candidate::CandidateProof;

/// The prefix of a mark, which shows readers where it comes from
const MARK: &str = "azdo-bot request ";

/// A random text that is sent with exactly one request
pub(crate) struct Mark(String);

impl Mark {
    /// Creates a mark for one request
    pub(crate) fn new() -> Self {
        Mark(format!("{MARK}{}", Uuid::new_v4()))
    }

    /// Returns the mark that was sent as this text
    pub(crate) fn read(text: &str) -> Self {
        Mark(text.to_owned())
    }

    /// Returns the text to send
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the mark as the last line of a commit message
    pub(crate) fn trailer(&self) -> String {
        format!("Azdo-Bot-Request: {}", self.0.trim_start_matches(MARK))
    }

    /// Returns whether a text from the service is this mark
    pub(crate) fn is(&self, shown: &str) -> bool {
        shown == self.0
    }

    /// Returns the candidate for a resource with the mark that the service shows
    ///
    /// A resource with another mark is no candidate; one without any mark is a candidate without proof.
    pub(crate) fn candidate<T>(&self, resource: T, shown: Option<&str>) -> Option<Candidate<T>> {
        match shown {
            Some(mark) if self.is(mark) => Some(Candidate { resource, proof: CandidateProof::Mark }),
            Some(mark) if mark.starts_with(MARK) => None,
            _ => Some(Candidate::unproven(resource)),
        }
    }
}
