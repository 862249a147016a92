//! An item of a repository, as the service returns it.

use crate::actions::prelude::*;

/// A file, a folder or a submodule
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RepositoryItem {
    /// The path from the root of the repository
    #[serde(default, deserialize_with = "null_is_default")]
    pub(super) path: String,
    /// The id of the content
    #[serde(default, deserialize_with = "null_is_default")]
    pub(super) object_id: String,
    /// The commit that it was read at
    #[serde(default)]
    pub(super) commit_id: Option<String>,
    #[serde(default, deserialize_with = "null_is_default")]
    is_folder: bool,
    #[serde(default)]
    git_object_type: Option<String>,
    /// The text of a file, if it was asked for
    #[serde(default)]
    pub(super) content: Option<String>,
    /// What the service knows of the content, if it was asked for
    #[serde(default)]
    pub(super) content_metadata: Option<ContentMetadata>,
}

/// What the service knows of a file's content
#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ContentMetadata {
    /// The code page
    #[serde(default)]
    pub(super) encoding: Option<u32>,
    #[serde(default, deserialize_with = "null_is_default")]
    pub(super) is_binary: bool,
}

impl RepositoryItem {
    /// Returns whether it is a folder; a response that lacks the one sign may have the other
    pub(super) fn is_folder(&self) -> bool {
        self.is_folder || self.git_object_type.as_deref() == Some("tree")
    }

    /// Returns whether it is a file, and no folder or submodule
    pub(super) fn is_file(&self) -> bool {
        !self.is_folder() && self.git_object_type.as_deref() != Some("commit")
    }
}
