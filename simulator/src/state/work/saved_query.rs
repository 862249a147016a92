//! A saved query of work items, or a folder of saved queries.

use serde::Deserialize;
use serde::Serialize;
use time::OffsetDateTime;
use uuid::Uuid;

/// A saved query or a folder.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct SavedQuery {
    pub(crate) id: Uuid,
    pub(crate) name: String,
    /// The identifier of its folder, or of a root.
    pub(crate) parent: Uuid,
    /// The text of the query; none for a folder.
    pub(crate) wiql: Option<String>,
    /// Only its owner sees what is below *My Queries*.
    pub(crate) is_public: bool,
    /// Position of the user who created it.
    pub(crate) owner: usize,
    pub(crate) created: OffsetDateTime,
    /// Position of the user who changed it last.
    pub(crate) modified_by: usize,
    pub(crate) modified: OffsetDateTime,
    #[serde(default)]
    pub(crate) is_deleted: bool,
}
