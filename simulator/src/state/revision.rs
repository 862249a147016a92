//! An entry in the history of a definition: author, time and comment.

use serde::Deserialize;
use serde::Serialize;
use time::OffsetDateTime;

/// A revision of a build or release definition.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Revision {
    pub(crate) number: u32,
    /// The name of the definition at that time.
    pub(crate) name: String,
    /// Position of the author.
    pub(crate) by: usize,
    pub(crate) at: OffsetDateTime,
    /// The author's comment.
    pub(crate) comment: Option<String>,
}

impl Revision {
    /// The service's word for the change.
    pub(crate) fn change_type(&self) -> &'static str {
        if self.number == 1 { "add" } else { "update" }
    }
}
