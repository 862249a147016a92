//! The permissions that actions need, each written once.
//!
//! Source of namespaces, bits and names: Azure DevOps' security namespace and permission reference.

use crate::contract::Level;
use crate::contract::Namespace;
use crate::contract::Permission;

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
/// See test runs and their results
pub const VIEW_TEST_RUNS: Permission = project(512, "View test runs");
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
/// Tag a pipeline run
pub const EDIT_BUILD_QUALITY: Permission = build(2, "Edit build quality");
/// Keep a pipeline run
pub const RETAIN_BUILDS: Permission = build(4, "Retain indefinitely");
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
