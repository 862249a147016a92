//! What requests take of the user behind the token. Every route says it; the request itself refuses who lacks it, since
//! only it knows the repository, and whether the service says no or shows nothing.

use super::permissions::Permission;

/// What a request takes of its user, whatever the token's scopes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequiredPermissions {
    /// Nothing; why.
    Nothing(&'static str),
    /// All of these, the later ones where the request comes to what they are for.
    All(&'static [Permission]),
}

impl RequiredPermissions {
    pub(crate) const SEE_PROJECT: RequiredPermissions = RequiredPermissions::All(&[Permission::ReadProject]);
    pub(crate) const READ_CODE: RequiredPermissions =
        RequiredPermissions::All(&[Permission::ReadProject, Permission::GenericRead]);
    pub(crate) const REVIEW: RequiredPermissions = RequiredPermissions::All(&[
        Permission::ReadProject,
        Permission::GenericRead,
        Permission::PullRequestContribute,
    ]);
    pub(crate) const VIEW_PIPELINES: RequiredPermissions =
        RequiredPermissions::All(&[Permission::ReadProject, Permission::ViewBuildDefinition]);
    pub(crate) const VIEW_BUILDS: RequiredPermissions =
        RequiredPermissions::All(&[Permission::ReadProject, Permission::ViewBuilds]);
    pub(crate) const VIEW_RELEASE_PIPELINES: RequiredPermissions =
        RequiredPermissions::All(&[Permission::ReadProject, Permission::ViewReleaseDefinition]);
    pub(crate) const VIEW_RELEASES: RequiredPermissions =
        RequiredPermissions::All(&[Permission::ReadProject, Permission::ViewReleases]);
    pub(crate) const READ_WORK: RequiredPermissions =
        RequiredPermissions::All(&[Permission::ReadProject, Permission::WorkItemRead]);

    /// The permissions.
    pub fn permissions(self) -> &'static [Permission] {
        match self {
            RequiredPermissions::Nothing(_) => &[],
            RequiredPermissions::All(permissions) => permissions,
        }
    }
}
