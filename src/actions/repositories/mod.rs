//! Git repositories.

mod create;
mod list;

use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

use crate::actions::Entry;
use crate::actions::Group;

/// The group in the catalogue
pub const GROUP: Group = Group {
    label: "Repositories",
    actions: &[Entry::of::<list::ListRepositories>(), Entry::of::<create::CreateRepository>()],
};

/// A Git repository, as the service describes it; what it leaves out is absent
#[derive(Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Repository {
    /// The repository's id
    id: String,
    /// The repository's name
    name: String,
    /// The default branch as a full ref; absent while the repository is empty
    #[serde(default, skip_serializing_if = "Option::is_none")]
    default_branch: Option<String>,
    /// The size in bytes
    #[serde(default, skip_serializing_if = "Option::is_none")]
    size: Option<u64>,
    /// Whether the repository is disabled
    #[serde(default, skip_serializing_if = "Option::is_none")]
    is_disabled: Option<bool>,
    /// The address to clone from
    #[serde(default, skip_serializing_if = "Option::is_none")]
    remote_url: Option<String>,
    /// The address in a browser
    #[serde(default, skip_serializing_if = "Option::is_none")]
    web_url: Option<String>,
}
