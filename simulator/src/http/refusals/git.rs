//! The refusals of repositories, pull requests and policies.

use axum::http::StatusCode;

use super::general::bad_argument;
use super::general::refusal;
use crate::auth::Permission;
use crate::http::Response;

const GIT: &str = "Microsoft.TeamFoundation.Git.Server";

/// The sentence about a repository that is missing or that the user may not read.
pub(crate) fn no_repository(name: &str) -> String {
    format!(
        "TF401019: The Git repository with name or identifier {name} does not exist or you do not have \
         permissions for the operation you are attempting."
    )
}

pub(crate) fn repository_not_found(name: &str) -> Response {
    let message = no_repository(name);
    refusal(StatusCode::NOT_FOUND, GIT, "GitRepositoryNotFoundException", &message)
}

pub(crate) fn repository_exists(name: &str) -> Response {
    let message = format!("TF400948: A Git repository with the name {name} already exists.");
    refusal(StatusCode::CONFLICT, GIT, "GitRepositoryNameAlreadyExistsException", &message)
}

pub(crate) fn item_not_found(path: &str, repository: &str, version: &str, commit: &str) -> Response {
    let message = format!(
        "TF401174: The item '{path}' could not be found in the repository '{repository}' at the version \
         specified by '<{version} >' (resolved to commit '{commit}')"
    );
    refusal(StatusCode::NOT_FOUND, GIT, "GitItemNotFoundException", &message)
}

pub(crate) fn object_not_found(id: &str, repository: &str) -> Response {
    let message = format!("TF401035: The object '{id}' does not exist in the repository '{repository}'.");
    refusal(StatusCode::NOT_FOUND, GIT, "GitObjectDoesNotExistException", &message)
}

pub(crate) fn version_not_found(version: &str, repository: &str) -> Response {
    let message = format!(
        "TF401175:The version descriptor <{version} > could not be resolved to a version in the repository \
         {repository}"
    );
    refusal(StatusCode::NOT_FOUND, GIT, "GitUnresolvableToCommitException", &message)
}

pub(crate) fn no_branches(repository: &str) -> Response {
    let message = format!("VS403403: Cannot find any branches for the '{repository}' repository.");
    refusal(StatusCode::NOT_FOUND, GIT, "GitNoBranchesFoundException", &message)
}

pub(crate) fn reference_stale(name: &str) -> Response {
    let message = format!(
        "TF401028: The reference '{name}' has already been updated by another client, so you cannot update it. \
         Please try again."
    );
    refusal(StatusCode::CONFLICT, GIT, "GitReferenceStaleException", &message)
}

pub(crate) fn path_exists(path: &str) -> Response {
    bad_argument(&format!(
        "The path '{path}' specified in the add operation already exists. Please specify a new path."
    ))
}

/// The sentence about a missing permission. `scope` is `project`, `repository` or `branch`.
pub(crate) fn git_permission(permission: Permission, user: &str, scope: &str) -> String {
    format!(
        "TF401027: You need the Git '{}' permission to perform this action. Details: identity '{user}', scope \
         '{scope}'.",
        permission.label(),
    )
}

pub(crate) fn needs_git_permission(permission: Permission, user: &str) -> Response {
    let scope = if permission == Permission::CreateRepository { "project" } else { "repository" };
    let message = git_permission(permission, user, scope);
    refusal(StatusCode::FORBIDDEN, GIT, "GitNeedsPermissionException", &message)
}

/// The sentence about a branch that another user has locked.
pub(crate) fn locked_ref(name: &str, by: &str) -> String {
    format!("The reference '{name}' is locked by {by}.")
}

pub(crate) fn ref_locked(name: &str, by: &str) -> Response {
    refusal(StatusCode::FORBIDDEN, GIT, "GitRefLockedException", &locked_ref(name, by))
}

/// The sentence about a push to a branch with a policy.
pub(crate) const REJECTED_BY_POLICY: &str = "TF402455: Pushes to this branch are not permitted; you must use a pull request to \
                                             update this branch.";

pub(crate) fn rejected_by_policy() -> Response {
    refusal(StatusCode::FORBIDDEN, GIT, "GitRefUpdateRejectedByPolicyException", REJECTED_BY_POLICY)
}

pub(crate) fn push_not_found(id: &str) -> Response {
    let message = format!("The push {id} could not be found.");
    refusal(StatusCode::NOT_FOUND, GIT, "GitPushNotFoundException", &message)
}

pub(crate) fn import_not_found(id: &str) -> Response {
    let message = format!("The import request {id} could not be found.");
    refusal(StatusCode::NOT_FOUND, GIT, "GitImportRequestNotFoundException", &message)
}

pub(crate) fn import_into_filled(name: &str) -> Response {
    let message =
        format!("TF402508: The repository {name} is not empty; only an empty one can be imported into.");
    refusal(StatusCode::CONFLICT, GIT, "GitImportForbiddenOnNonEmptyRepository", &message)
}

// Pull requests and policies.

pub(crate) fn pull_request_not_found() -> Response {
    let message = "TF401180: The requested pull request was not found.";
    refusal(StatusCode::NOT_FOUND, GIT, "GitPullRequestNotFoundException", message)
}

pub(crate) fn reviewer_not_found(id: &str) -> Response {
    let message = format!("TF401180: The requested reviewer {id} was not found.");
    refusal(StatusCode::NOT_FOUND, GIT, "GitPullRequestReviewerNotFoundException", &message)
}

pub(crate) fn thread_not_found(id: &str) -> Response {
    let message = format!("TF401180: The requested comment thread {id} was not found.");
    refusal(StatusCode::NOT_FOUND, GIT, "GitPullRequestThreadNotFoundException", &message)
}

pub(crate) fn thread_comment_not_found(id: &str) -> Response {
    let message = format!("TF401180: The requested comment {id} was not found.");
    refusal(StatusCode::NOT_FOUND, GIT, "GitPullRequestCommentNotFoundException", &message)
}

pub(crate) fn thread_comment_of_another() -> Response {
    let message = "TF401027: Only the author of a comment can change it.";
    refusal(StatusCode::FORBIDDEN, GIT, "GitNeedsPermissionException", message)
}

pub(crate) fn label_not_found(name: &str) -> Response {
    let message = format!("TF401180: The requested label {name} was not found.");
    refusal(StatusCode::NOT_FOUND, GIT, "GitPullRequestLabelNotFoundException", &message)
}

pub(crate) fn pull_request_status_not_found(id: &str) -> Response {
    let message = format!("The pull request status {id} does not exist.");
    refusal(StatusCode::NOT_FOUND, GIT, "GitPullRequestStatusNotFoundException", &message)
}

pub(crate) fn iteration_not_found(number: &str) -> Response {
    let message = format!("The pull request iteration {number} does not exist.");
    refusal(StatusCode::NOT_FOUND, GIT, "GitPullRequestIterationNotFoundException", &message)
}

pub(crate) fn pull_request_exists() -> Response {
    let message = "TF401179: An active pull request for the source and target branch already exists.";
    refusal(StatusCode::CONFLICT, GIT, "GitPullRequestExistsException", message)
}

pub(crate) fn pull_request_without_branch() -> Response {
    let message = "TF401398: The pull request cannot be activated because the source and/or the target branch no \
                   longer exists, or the requested refs are not branches.";
    refusal(StatusCode::BAD_REQUEST, GIT, "GitPullRequestCannotBeActivated", message)
}

pub(crate) fn pull_request_closed() -> Response {
    let message = "TF401181: The pull request cannot be edited due to its state.";
    refusal(StatusCode::BAD_REQUEST, GIT, "GitPullRequestNotEditableException", message)
}

pub(crate) fn pull_request_stale() -> Response {
    let message = "TF401192: The source branch was changed since the pull request was read.";
    refusal(StatusCode::CONFLICT, GIT, "GitPullRequestStaleException", message)
}

pub(crate) fn pull_request_blocked() -> Response {
    let message = "The pull request cannot be completed: one or more policies of the branch are not met.";
    refusal(StatusCode::CONFLICT, GIT, "GitPullRequestUpdateRejectedByPolicyException", message)
}

pub(crate) fn policy_type_not_found(id: &str) -> Response {
    let message = format!("TF402457: Cannot find the policy type with ID {id}.");
    let namespace = "Microsoft.TeamFoundation.Policy.Server";
    refusal(StatusCode::NOT_FOUND, namespace, "PolicyTypeNotFoundException", &message)
}

pub(crate) fn policy_not_found(id: &str) -> Response {
    let message = format!("TF402456: Cannot find the policy configuration with ID {id}.");
    let namespace = "Microsoft.TeamFoundation.Policy.Server";
    refusal(StatusCode::NOT_FOUND, namespace, "PolicyConfigurationNotFoundException", &message)
}
