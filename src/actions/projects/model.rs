//! Projects as the service describes them.

use crate::actions::prelude::*;
use crate::devops;

/// The needs of reading a project
pub(crate) const READ_NEEDS: Needs =
    Needs { permissions: &[permissions::VIEW_PROJECT], scope: Some(Scope::ProjectRead) };

/// A project; fields that the service leaves out are absent
#[derive(Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Project {
    /// The project's id
    pub(crate) id: String,
    /// The project's name
    pub(crate) name: String,
    /// The project's description
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) description: Option<String>,
    /// Its state: wellFormed, createPending, deleting, new
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-usual" = true))]
    pub(crate) state: Option<String>,
    /// Who can see it: private, public, organization
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-usual" = true))]
    pub(crate) visibility: Option<String>,
    /// When it was last changed
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-usual" = true))]
    pub(crate) last_update_time: Option<String>,
    /// The service's own record; absent unless requested
    #[serde(skip_deserializing, skip_serializing_if = "Option::is_none")]
    pub(crate) raw: Option<Raw>,
}

impl Project {
    /// Returns whether it is ready
    pub(crate) fn is_ready(&self) -> bool {
        self.state.as_deref().is_none_or(|state| state.eq_ignore_ascii_case("wellFormed"))
    }

    /// Returns whether it is deleted or being deleted
    pub(crate) fn is_deleted(&self) -> bool {
        let state = self.state.as_deref().unwrap_or_default();
        ["deleting", "deleted"].iter().any(|gone| state.eq_ignore_ascii_case(gone))
    }
}

impl From<Project> for devops::ConnectedProject {
    fn from(project: Project) -> Self {
        devops::ConnectedProject::new(project.id, project.name)
    }
}

impl Record for Project {
    fn keep(&mut self, raw: Raw) {
        self.raw = Some(raw);
    }
}
