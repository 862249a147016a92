//! The permissions that a user of a simulated organization can be denied.

use serde::Deserialize;
use serde::Serialize;

const GIT: &str = "2e9eb7ed-3c0a-47d4-87c1-0ffdd275fd87";
const BUILD: &str = "33344d9c-fc72-4d6f-aba5-fa317101a7e9";
const RELEASE: &str = "c788c23e-1b46-4162-8f5e-d7585343b5de";
const PROJECT: &str = "52d39943-cb85-4d7f-8fa8-c6baac873819";
pub(crate) const COLLECTION: &str = "3e65f728-f8bc-4ecd-8764-7e378b19bfa7";
/// The namespace of environments also serves the other kinds of resources.
const ENVIRONMENT: &str = "83d4c2e6-e57d-4d6e-892b-b87222b7ad20";
const AREAS: &str = "83e28ad4-2d72-4ceb-97b0-c7726d5502c3";

/// A permission, with the service's name of its bit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Permission {
    /// Git: read.
    GenericRead,
    /// Git: contribute.
    GenericContribute,
    /// Git: create a branch.
    CreateBranch,
    /// Git: create a tag.
    CreateTag,
    /// Git: create a repository.
    CreateRepository,
    /// Git: delete a repository.
    DeleteRepository,
    /// Git: rename or disable a repository, set its default branch.
    RenameRepository,
    /// Git: force push, and delete branches.
    ForcePush,
    /// Git: edit policies.
    EditPolicies,
    /// Git: create, change, comment and vote on pull requests.
    PullRequestContribute,
    /// Build: view pipeline runs.
    ViewBuilds,
    /// Build: tag a pipeline run.
    EditBuildQuality,
    /// Build: keep a pipeline run.
    RetainBuilds,
    /// Build: start a pipeline run.
    QueueBuilds,
    /// Build: stop a pipeline run.
    StopBuilds,
    /// Build: view a pipeline.
    ViewBuildDefinition,
    /// Build: edit a pipeline.
    EditBuildDefinition,
    /// Build: create a pipeline.
    CreateBuildDefinition,
    /// Build: delete a pipeline.
    DeleteBuildDefinition,
    /// Release: view a release pipeline.
    ViewReleaseDefinition,
    /// Release: create and edit a release pipeline.
    EditReleaseDefinition,
    /// Release: delete a release pipeline.
    DeleteReleaseDefinition,
    /// Release: view releases.
    ViewReleases,
    /// Release: create a release.
    CreateReleases,
    /// Release: change a release, abandon it.
    ManageReleases,
    /// Release: deploy to a stage.
    ManageDeployments,
    /// Areas: see the work items in one.
    WorkItemRead,
    /// Areas: edit the work items in one.
    WorkItemWrite,
    /// Environments, queues and other resources of pipelines: administer them.
    AdministerResources,
    /// Project: view it.
    ReadProject,
    /// Project: change it, create and change its teams.
    EditProject,
    /// Project: delete it.
    DeleteProject,
    /// Organization: create projects.
    CreateProjects,
}

pub(crate) const ALL: [Permission; 33] = [
    Permission::GenericRead,
    Permission::GenericContribute,
    Permission::CreateBranch,
    Permission::CreateTag,
    Permission::CreateRepository,
    Permission::DeleteRepository,
    Permission::RenameRepository,
    Permission::ForcePush,
    Permission::EditPolicies,
    Permission::PullRequestContribute,
    Permission::ViewBuilds,
    Permission::EditBuildQuality,
    Permission::RetainBuilds,
    Permission::QueueBuilds,
    Permission::StopBuilds,
    Permission::ViewBuildDefinition,
    Permission::EditBuildDefinition,
    Permission::CreateBuildDefinition,
    Permission::DeleteBuildDefinition,
    Permission::ViewReleaseDefinition,
    Permission::EditReleaseDefinition,
    Permission::DeleteReleaseDefinition,
    Permission::ViewReleases,
    Permission::CreateReleases,
    Permission::ManageReleases,
    Permission::ManageDeployments,
    Permission::WorkItemRead,
    Permission::WorkItemWrite,
    Permission::AdministerResources,
    Permission::ReadProject,
    Permission::EditProject,
    Permission::DeleteProject,
    Permission::CreateProjects,
];

impl Permission {
    /// The security namespace and the bit in it.
    pub(crate) fn place(self) -> (&'static str, u32) {
        match self {
            Permission::GenericRead => (GIT, 2),
            Permission::GenericContribute => (GIT, 4),
            Permission::CreateBranch => (GIT, 16),
            Permission::CreateTag => (GIT, 32),
            Permission::CreateRepository => (GIT, 256),
            Permission::DeleteRepository => (GIT, 512),
            Permission::RenameRepository => (GIT, 1024),
            Permission::ForcePush => (GIT, 8),
            Permission::EditPolicies => (GIT, 2048),
            Permission::PullRequestContribute => (GIT, 16384),
            Permission::ViewBuilds => (BUILD, 1),
            Permission::EditBuildQuality => (BUILD, 2),
            Permission::RetainBuilds => (BUILD, 4),
            Permission::QueueBuilds => (BUILD, 128),
            Permission::StopBuilds => (BUILD, 512),
            Permission::ViewBuildDefinition => (BUILD, 1024),
            Permission::EditBuildDefinition => (BUILD, 2048),
            Permission::CreateBuildDefinition => (BUILD, 32768),
            Permission::DeleteBuildDefinition => (BUILD, 4096),
            Permission::ViewReleaseDefinition => (RELEASE, 1),
            Permission::EditReleaseDefinition => (RELEASE, 2),
            Permission::DeleteReleaseDefinition => (RELEASE, 4),
            Permission::ViewReleases => (RELEASE, 32),
            Permission::CreateReleases => (RELEASE, 64),
            Permission::ManageReleases => (RELEASE, 16),
            Permission::ManageDeployments => (RELEASE, 2048),
            Permission::WorkItemRead => (AREAS, 16),
            Permission::WorkItemWrite => (AREAS, 32),
            Permission::AdministerResources => (ENVIRONMENT, 8),
            Permission::ReadProject => (PROJECT, 1),
            Permission::EditProject => (PROJECT, 2),
            Permission::DeleteProject => (PROJECT, 4),
            Permission::CreateProjects => (COLLECTION, 4),
        }
    }

    /// The service's name of the bit.
    pub(crate) fn bit_name(self) -> String {
        let name = match self {
            Permission::ReadProject => "GENERIC_READ",
            Permission::EditProject => "GENERIC_WRITE",
            Permission::DeleteProject => "DELETE",
            Permission::CreateProjects => "CREATE_PROJECTS",
            Permission::WorkItemRead => "WORK_ITEM_READ",
            Permission::WorkItemWrite => "WORK_ITEM_WRITE",
            Permission::RetainBuilds => "RetainIndefinitely",
            Permission::AdministerResources => "Administer",
            other => return format!("{other:?}"),
        };
        name.to_owned()
    }

    /// The name in a refusal: the bit's name for Git, the portal's label for the others.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Permission::GenericRead => "GenericRead",
            Permission::GenericContribute => "GenericContribute",
            Permission::CreateBranch => "CreateBranch",
            Permission::CreateTag => "CreateTag",
            Permission::CreateRepository => "CreateRepository",
            Permission::DeleteRepository => "DeleteRepository",
            Permission::RenameRepository => "RenameRepository",
            Permission::ForcePush => "ForcePush",
            Permission::EditPolicies => "EditPolicies",
            Permission::PullRequestContribute => "PullRequestContribute",
            Permission::ViewBuilds => "View builds",
            Permission::EditBuildQuality => "Edit build quality",
            Permission::RetainBuilds => "Retain indefinitely",
            Permission::QueueBuilds => "Queue builds",
            Permission::StopBuilds => "Stop builds",
            Permission::ViewBuildDefinition => "View build pipeline",
            Permission::EditBuildDefinition => "Edit build pipeline",
            Permission::CreateBuildDefinition => "Create build pipeline",
            Permission::DeleteBuildDefinition => "Delete build pipeline",
            Permission::ViewReleaseDefinition => "View release pipeline",
            Permission::EditReleaseDefinition => "Edit release pipeline",
            Permission::DeleteReleaseDefinition => "Delete release pipeline",
            Permission::ViewReleases => "View releases",
            Permission::CreateReleases => "Create releases",
            Permission::ManageReleases => "Manage releases",
            Permission::ManageDeployments => "Manage deployments",
            Permission::WorkItemRead => "View work items in this node",
            Permission::WorkItemWrite => "Edit work items in this node",
            Permission::AdministerResources => "Administer",
            Permission::ReadProject => "View project-level information",
            Permission::EditProject => "Edit project-level information",
            Permission::DeleteProject => "Delete team project",
            Permission::CreateProjects => "Create new projects",
        }
    }
}

/// A security namespace, with the permissions that a user can be denied in it.
pub(crate) struct Namespace {
    pub(crate) id: &'static str,
    pub(crate) name: &'static str,
    /// What separates the parts of its security tokens.
    pub(crate) separator: &'static str,
    /// The bits that reading and writing its lists of permissions take.
    pub(crate) read: u32,
    pub(crate) write: u32,
    pub(crate) permissions: Vec<Permission>,
}

/// Returns the security namespaces.
pub(crate) fn namespaces() -> Vec<Namespace> {
    let rows = [
        (GIT, "Git Repositories", "/", 2, 8192),
        (BUILD, "Build", "/", 1024, 16384),
        (RELEASE, "ReleaseManagement", "/", 1, 512),
        (PROJECT, "Project", ":", 1, 2),
        (COLLECTION, "Collection", ":", 1, 2),
        (ENVIRONMENT, "Environment", "/", 1, 8),
        (AREAS, "CSS", ":", 1, 2),
    ];
    let namespace = |(id, name, separator, read, write)| {
        let permissions = ALL.into_iter().filter(|permission| permission.place().0 == id).collect();
        Namespace { id, name, separator, read, write, permissions }
    };
    rows.into_iter().map(namespace).collect()
}

/// Returns whether a user with these denials has all bits of a mask. An unknown namespace grants nothing.
pub(crate) fn granted(denied: &[Permission], namespace: &str, mask: u32) -> bool {
    let known = ALL.iter().any(|permission| permission.place().0.eq_ignore_ascii_case(namespace));
    known
        && !denied.iter().any(|permission| {
            let (place, bit) = permission.place();
            place.eq_ignore_ascii_case(namespace) && mask & bit != 0
        })
}

#[cfg(test)]
mod tests {
    use super::BUILD;
    use super::GIT;
    use super::Permission;
    use super::granted;

    #[test]
    fn a_mask_is_granted_only_as_a_whole() {
        let denied = [Permission::CreateRepository];
        assert!(granted(&denied, GIT, 4));
        assert!(!granted(&denied, GIT, 256));
        assert!(!granted(&denied, GIT, 256 | 4));
        assert!(granted(&denied, BUILD, 256), "the bit counts in its own namespace only");
        assert!(!granted(&[], "00000000-0000-0000-0000-000000000001", 1));
    }
}
