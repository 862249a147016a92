//! An entry of a folder of a repository, as the service lists it.

use crate::actions::prelude::*;

/// A file, a folder or a submodule
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct FolderItem {
    /// The path from the root of the repository
    #[serde(default, deserialize_with = "null_is_default")]
    pub(super) path: String,
    /// The id of the content
    #[serde(default, deserialize_with = "null_is_default")]
    pub(super) object_id: String,
    #[serde(default, deserialize_with = "null_is_default")]
    is_folder: bool,
    #[serde(default)]
    git_object_type: Option<String>,
}

impl FolderItem {
    /// Returns whether it is a folder; a response that lacks the one sign may have the other
    pub(super) fn is_folder(&self) -> bool {
        self.is_folder || self.git_object_type.as_deref() == Some("tree")
    }

    /// Returns whether it is a file, and no folder or submodule
    pub(super) fn is_file(&self) -> bool {
        !self.is_folder() && self.git_object_type.as_deref() != Some("commit")
    }
}
