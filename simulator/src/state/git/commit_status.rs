//! Statuses of commits.

use serde::Deserialize;
use serde::Serialize;
use time::OffsetDateTime;

use super::objects::ObjectId;
use crate::state::Unseen;

/// A status that a check gives a commit.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct CommitStatus {
    /// Unique for its commit.
    pub(crate) id: u32,
    pub(crate) commit: ObjectId,
    /// In the service's words.
    pub(crate) state: String,
    pub(crate) description: Option<String>,
    pub(crate) target_url: Option<String>,
    pub(crate) name: String,
    pub(crate) genre: Option<String>,
    /// Position of the user.
    pub(crate) by: usize,
    pub(crate) at: OffsetDateTime,
    pub(crate) unseen: Unseen,
}
