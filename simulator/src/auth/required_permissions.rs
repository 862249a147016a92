//! The permissions that a request requires of its user. Each route states them, but the handler checks them: only the
//! handler knows the repository, and whether the service refuses the request or hides what it is for.

use super::permissions::Permission;

/// The permissions that a request requires, in addition to the token's scopes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequiredPermissions {
    /// None, with the reason.
    Nothing(&'static str),
    /// All of these. A handler may check the later ones only when the request needs them.
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

    /// Returns the permissions.
    pub fn permissions(self) -> &'static [Permission] {
        match self {
            RequiredPermissions::Nothing(_) => &[],
            RequiredPermissions::All(permissions) => permissions,
        }
    }
}
