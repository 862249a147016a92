//! The roles of users: one table of permissions, like the service's default groups at project level.

use serde::Deserialize;
use serde::Serialize;

use super::permissions::ALL;
use super::permissions::Permission;

/// The role of a user in every project of the organization.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// All permissions, including creating projects.
    #[default]
    Owner,
    /// All permissions in a project.
    ProjectAdministrator,
    /// All permissions for pipelines and their runs, and pushing.
    BuildAdministrator,
    /// Pushing, pull requests, pipelines, runs and releases.
    Contributor,
    /// Viewing.
    Reader,
    /// The permissions of a contributor, with a licence that prevents the use of most of them. Permission evaluation
    /// ignores licences; requests do not.
    Stakeholder,
    /// A member of the organization without access to any project.
    NoAccess,
}

const LOOK: &[Permission] = &[
    Permission::GenericRead,
    Permission::ViewBuilds,
    Permission::ViewBuildDefinition,
    Permission::ViewReleases,
    Permission::ViewReleaseDefinition,
    Permission::WorkItemRead,
    Permission::ReadProject,
];

const CONTRIBUTE: &[Permission] = &[
    Permission::GenericContribute,
    Permission::CreateBranch,
    Permission::CreateTag,
    Permission::PullRequestContribute,
    Permission::WorkItemWrite,
];

const PIPELINES: &[Permission] = &[
    Permission::EditBuildQuality,
    Permission::RetainBuilds,
    Permission::QueueBuilds,
    Permission::CreateBuildDefinition,
    Permission::EditBuildDefinition,
    Permission::DeleteBuildDefinition,
];

const RELEASES: &[Permission] = &[
    Permission::EditReleaseDefinition,
    Permission::DeleteReleaseDefinition,
    Permission::CreateReleases,
    Permission::ManageReleases,
    Permission::ManageDeployments,
];

/// The permissions that a Stakeholder licence allows to use.
const STAKEHOLDER: &[Permission] = &[
    Permission::ReadProject,
    Permission::ViewBuilds,
    Permission::ViewBuildDefinition,
    Permission::ViewReleases,
    Permission::WorkItemRead,
    Permission::WorkItemWrite,
];

impl Role {
    /// Returns whether permission evaluation grants the role a permission.
    fn has(self, permission: Permission) -> bool {
        let among = |lists: &[&[Permission]]| lists.iter().any(|list| list.contains(&permission));
        match self {
            Role::Owner => true,
            Role::ProjectAdministrator => permission != Permission::CreateProjects,
            Role::BuildAdministrator => {
                matches!(permission, Permission::StopBuilds | Permission::AdministerResources)
                    || among(&[LOOK, CONTRIBUTE, PIPELINES])
            }
            Role::Contributor | Role::Stakeholder => among(&[LOOK, CONTRIBUTE, PIPELINES, RELEASES]),
            Role::Reader => LOOK.contains(&permission),
            Role::NoAccess => false,
        }
    }

    /// Returns the permissions that the role is denied.
    pub(crate) fn denied(self) -> Vec<Permission> {
        ALL.into_iter().filter(|permission| !self.has(*permission)).collect()
    }

    /// Returns whether the licence allows the use of a granted permission.
    pub(crate) fn licensed(self, permission: Permission) -> bool {
        self != Role::Stakeholder || STAKEHOLDER.contains(&permission)
    }
}
