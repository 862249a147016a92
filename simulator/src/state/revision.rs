//! One line of a definition's history: who changed it, when, and what was said about it.

use serde::Deserialize;
use serde::Serialize;
use time::OffsetDateTime;

/// A revision of a build or release definition.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Revision {
    pub(crate) number: u32,
    /// What the definition was called then.
    pub(crate) name: String,
    /// Position of the user who made it.
    pub(crate) by: usize,
    pub(crate) at: OffsetDateTime,
    /// What its maker said about it.
    pub(crate) comment: Option<String>,
}

impl Revision {
    /// In the service's words.
    pub(crate) fn change_type(&self) -> &'static str {
        if self.number == 1 { "add" } else { "update" }
    }
}
