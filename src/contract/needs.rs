//! What an action needs of the service: permissions of the token's user, and the least token scope.

use std::fmt;

use serde::Serialize;
use serde::Serializer;
use serde::ser::SerializeStruct as _;

use crate::contract::Scope;

/// What must be there for an action to work
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Needs {
    /// Permissions of the token's user; empty where nothing beyond signing in is asked
    pub permissions: &'static [Permission],
    /// The least scope of the token; none where every token will do
    pub scope: Option<Scope>,
}

impl Needs {
    /// An action that works on this process alone
    pub const NOTHING: Needs = Needs { permissions: &[], scope: None };
}

/// One permission of Azure DevOps, as its security pages name it
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Permission {
    /// The security namespace
    pub namespace: Namespace,
    /// The permission's bit in its namespace
    pub bit: u32,
    /// The name on the security page: `Create repository`
    pub name: &'static str,
    /// What the permission is asked for
    pub level: Level,
}

/// A security namespace
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Namespace {
    /// A project's own permissions
    Project,
    /// Git repositories
    Git,
    /// Pipelines and their runs
    Build,
    /// Areas, and the work items in them
    Areas,
    /// Release pipelines and their releases
    ReleaseManagement,
    /// The organization, which a server calls a collection
    Collection,
}

/// How wide a permission is asked for
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Level {
    /// The project; a repository or pipeline may still say otherwise
    Project,
    /// The organization
    Organization,
}

impl Namespace {
    /// The word before a permission's name: `Git`
    pub const fn label(self) -> &'static str {
        match self {
            Namespace::Project => "Project",
            Namespace::Git => "Git",
            Namespace::Build => "Build",
            Namespace::Areas => "Areas",
            Namespace::ReleaseManagement => "Release",
            Namespace::Collection => "Organization",
        }
    }

    /// The namespace's id at the service
    pub const fn id(self) -> &'static str {
        match self {
            Namespace::Project => "52d39943-cb85-4d7f-8fa8-c6baac873819",
            Namespace::Git => "2e9eb7ed-3c0a-47d4-87c1-0ffdd275fd87",
            Namespace::Build => "33344d9c-fc72-4d6f-aba5-fa317101a7e9",
            Namespace::Areas => "83e28ad4-2d72-4ceb-97b0-c7726d5502c3",
            // Another namespace has the same name; this is the one whose tokens are projects and definitions.
            Namespace::ReleaseManagement => "c788c23e-1b46-4162-8f5e-d7585343b5de",
            Namespace::Collection => "3e65f728-f8bc-4ecd-8764-7e378b19bfa7",
        }
    }

    /// Where a person sets the permission
    pub const fn place(self) -> &'static str {
        match self {
            Namespace::Project => "Project settings > Permissions",
            Namespace::Git => "Project settings > Repositories > Security",
            Namespace::Areas => "Project settings > Project configuration > Areas > Security",
            Namespace::Build => "Pipelines > More actions > Manage security",
            Namespace::ReleaseManagement => "Pipelines > Releases > More actions > Security",
            Namespace::Collection => "Organization settings > Permissions",
        }
    }
}

impl Serialize for Permission {
    /// `{"namespace","name","bit","place"}`, in the words of the security pages
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut permission = serializer.serialize_struct("Permission", 4)?;
        permission.serialize_field("namespace", self.namespace.label())?;
        permission.serialize_field("name", self.name)?;
        permission.serialize_field("bit", &self.bit)?;
        permission.serialize_field("place", self.namespace.place())?;
        permission.end()
    }
}

impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.namespace.label(), self.name)
    }
}

/// The permissions that actions need, each written once
///
/// Source of namespaces, bits and names: Azure DevOps' security namespace and permission reference.
pub mod permissions {
    use super::Level;
    use super::Namespace;
    use super::Permission;

    const fn project(bit: u32, name: &'static str) -> Permission {
        Permission { namespace: Namespace::Project, bit, name, level: Level::Project }
    }

    const fn git(bit: u32, name: &'static str) -> Permission {
        Permission { namespace: Namespace::Git, bit, name, level: Level::Project }
    }

    const fn build(bit: u32, name: &'static str) -> Permission {
        Permission { namespace: Namespace::Build, bit, name, level: Level::Project }
    }

    const fn release(bit: u32, name: &'static str) -> Permission {
        Permission { namespace: Namespace::ReleaseManagement, bit, name, level: Level::Project }
    }

    const fn areas(bit: u32, name: &'static str) -> Permission {
        Permission { namespace: Namespace::Areas, bit, name, level: Level::Project }
    }

    /// See work items
    pub const VIEW_WORK_ITEMS: Permission = areas(16, "View work items in this node");
    /// Create and change work items
    pub const EDIT_WORK_ITEMS: Permission = areas(32, "Edit work items in this node");
    /// Create a project
    pub const CREATE_PROJECTS: Permission = Permission {
        namespace: Namespace::Collection,
        bit: 4,
        name: "Create new projects",
        level: Level::Organization,
    };
    /// See the project
    pub const VIEW_PROJECT: Permission = project(1, "View project-level information");
    /// Read repositories
    pub const READ_REPOSITORY: Permission = git(2, "Read");
    /// Push commits
    pub const CONTRIBUTE: Permission = git(4, "Contribute");
    /// Move a branch back, delete one
    pub const FORCE_PUSH: Permission = git(8, "Force push");
    /// Push a new branch
    pub const CREATE_BRANCH: Permission = git(16, "Create branch");
    /// Push a new tag
    pub const CREATE_TAG: Permission = git(32, "Create tag");
    /// Push notes
    pub const MANAGE_NOTES: Permission = git(64, "Manage notes");
    /// Create a repository
    pub const CREATE_REPOSITORY: Permission = git(256, "Create repository");
    /// Delete a repository
    pub const DELETE_REPOSITORY: Permission = git(512, "Delete repository");
    /// Rename or disable a repository, choose its default branch
    pub const RENAME_REPOSITORY: Permission = git(1024, "Rename repository");
    /// Create, change, comment and vote on pull requests
    pub const CONTRIBUTE_TO_PULL_REQUESTS: Permission = git(16384, "Contribute to pull requests");
    /// See pipeline runs
    pub const VIEW_BUILDS: Permission = build(1, "View builds");
    /// Start a pipeline run
    pub const QUEUE_BUILDS: Permission = build(128, "Queue builds");
    /// Stop a pipeline run
    pub const STOP_BUILDS: Permission = build(512, "Stop builds");
    /// See pipelines
    pub const VIEW_PIPELINE: Permission = build(1024, "View build pipeline");
    /// Create a pipeline; servers before 2022.1 know only `Edit build pipeline` (2048)
    pub const CREATE_PIPELINE: Permission = build(32768, "Create build pipeline");
    /// Change, enable and disable a pipeline
    pub const EDIT_PIPELINE: Permission = build(2048, "Edit build pipeline");
    /// Delete a pipeline
    pub const DELETE_PIPELINE: Permission = build(4096, "Delete build pipeline");
    /// See release pipelines
    pub const VIEW_RELEASE_PIPELINE: Permission = release(1, "View release pipeline");
    /// Create and change release pipelines
    pub const EDIT_RELEASE_PIPELINE: Permission = release(2, "Edit release pipeline");
    /// Delete a release pipeline
    pub const DELETE_RELEASE_PIPELINE: Permission = release(4, "Delete release pipeline");
    /// Abandon a release
    pub const MANAGE_RELEASES: Permission = release(16, "Manage releases");
    /// See releases
    pub const VIEW_RELEASES: Permission = release(32, "View releases");
    /// Create a release
    pub const CREATE_RELEASES: Permission = release(64, "Create releases");
    /// Deploy a release to a stage
    pub const MANAGE_DEPLOYMENTS: Permission = release(2048, "Manage deployments");
}
