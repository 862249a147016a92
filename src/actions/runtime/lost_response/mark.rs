//! Marks: texts by which what one request made is found again.

use uuid::Uuid;

use crate::actions::runtime::lost_response::candidate::Candidate;
use crate::actions::runtime::lost_response::candidate::Likeness;

/// What a mark begins with, so that a person who meets one knows where it comes from
const MARK: &str = "azdo-bot request ";

/// A random text that is sent with one request and with no other
pub(crate) struct Mark(String);

impl Mark {
    /// A mark for one request
    pub(crate) fn new() -> Self {
        Mark(format!("{MARK}{}", Uuid::new_v4()))
    }

    /// The text to send
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// The mark as the last line of a commit's message
    pub(crate) fn trailer(&self) -> String {
        format!("Azdo-Bot-Request: {}", self.0.trim_start_matches(MARK))
    }

    /// Whether a text of the service is this mark
    pub(crate) fn is(&self, shown: &str) -> bool {
        shown == self.0
    }

    /// A thing that can be what was made, by the mark that the service shows of it
    ///
    /// With another request's mark it is not; without one it is a candidate that nothing proves.
    pub(crate) fn candidate<T>(&self, thing: T, shown: Option<&str>) -> Option<Candidate<T>> {
        match shown {
            Some(mark) if self.is(mark) => Some(Candidate { thing, likeness: Likeness::Marked }),
            Some(mark) if mark.starts_with(MARK) => None,
            _ => Some(Candidate::unproven(thing)),
        }
    }
}
