//! Projects.

mod create;
mod get;
mod list;

use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

use crate::actions::Entry;
use crate::actions::Group;
use crate::contract::Needs;
use crate::contract::Raw;
use crate::contract::Scope;
use crate::contract::permissions;
use crate::contract::printable;
use crate::devops;
use crate::devops::Record;

/// The group in the catalogue
pub const GROUP: Group = Group {
    label: "Projects",
    actions: &[
        Entry::of::<list::ListProjects>(),
        Entry::of::<get::GetProject>(),
        Entry::of::<create::CreateProject>(),
    ],
};

/// What reading a project needs
const READ_NEEDS: Needs =
    Needs { permissions: &[permissions::VIEW_PROJECT], scope: Some(Scope::ProjectRead) };

/// A project; what the service leaves out is absent
#[derive(Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Project {
    /// The project's id
    pub(super) id: String,
    /// The project's name
    pub(super) name: String,
    /// The project's description
    #[serde(default, skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    /// Its state: wellFormed, createPending, deleting, new
    #[serde(default, skip_serializing_if = "Option::is_none")]
    state: Option<String>,
    /// Who can see it: private, public, organization
    #[serde(default, skip_serializing_if = "Option::is_none")]
    visibility: Option<String>,
    /// When it was last changed
    #[serde(default, skip_serializing_if = "Option::is_none")]
    last_update_time: Option<String>,
    /// The service's own record; absent unless it was asked for
    #[serde(skip_deserializing, skip_serializing_if = "Option::is_none")]
    raw: Option<Raw>,
}

impl Project {
    /// Whether it is ready
    pub(super) fn is_usable(&self) -> bool {
        self.state.as_deref().is_none_or(|state| state.eq_ignore_ascii_case("wellFormed"))
    }
}

impl From<Project> for devops::ConnectedProject {
    fn from(project: Project) -> Self {
        devops::ConnectedProject { id: project.id, name: printable(&project.name, 256) }
    }
}

impl Record for Project {
    fn keep(&mut self, raw: Raw) {
        self.raw = Some(raw);
    }
}
