//! The users of an organization by what they usually are: one table of permissions, as the service's default
//! groups have them at project level.

use serde::Deserialize;
use serde::Serialize;

use super::permissions::ALL;
use super::permissions::Permission;

/// What a user is in every project of the organization.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Everything, creating projects included.
    #[default]
    Owner,
    /// Everything in a project.
    ProjectAdministrator,
    /// Everything about pipelines and their runs, and pushing.
    BuildAdministrator,
    /// Pushing, pull requests, pipelines, runs and releases.
    Contributor,
    /// Looking.
    Reader,
    /// The permissions of a contributor with a licence that keeps most of them from being used. Permission
    /// evaluation does not know licences; the requests do.
    Stakeholder,
    /// A member of the organization whom no project knows.
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
    Permission::PullRequestContribute,
    Permission::WorkItemWrite,
];

const PIPELINES: &[Permission] = &[
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

/// What a Stakeholder licence still lets somebody do of what a permission grants.
const STAKEHOLDER: &[Permission] = &[
    Permission::ReadProject,
    Permission::ViewBuilds,
    Permission::ViewBuildDefinition,
    Permission::ViewReleases,
    Permission::WorkItemRead,
    Permission::WorkItemWrite,
];

impl Role {
    /// What permission evaluation answers for it.
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

    /// What it is denied.
    pub(crate) fn denied(self) -> Vec<Permission> {
        ALL.into_iter().filter(|permission| !self.has(*permission)).collect()
    }

    /// Whether the licence lets a granted permission be used.
    pub(crate) fn licensed(self, permission: Permission) -> bool {
        self != Role::Stakeholder || STAKEHOLDER.contains(&permission)
    }
}
