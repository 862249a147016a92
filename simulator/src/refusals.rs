//! The service's refusals, word for word where its words are known. One function each.

mod releases;
mod work_items;

pub(crate) use releases::*;
pub(crate) use work_items::*;

use axum::http::StatusCode;

use crate::answer::Answer;
use crate::answer::Content;
use crate::permissions::Permission;

const BUILD: &str = "Microsoft.TeamFoundation.Build.WebApi";
const GIT: &str = "Microsoft.TeamFoundation.Git.Server";
const PIPELINES: &str = "Microsoft.Azure.Pipelines.WebApi";
const PROJECTS: &str = "Microsoft.TeamFoundation.Core.WebApi";
const SERVICES: &str = "Microsoft.VisualStudio.Services";

fn refusal(status: StatusCode, namespace: &str, key: &str, message: &str) -> Answer {
    Answer::refusal(status, &format!("{namespace}.{key}"), message)
}

// The front door.

pub(crate) fn organization_deactivated(name: &str) -> Answer {
    let message = format!(
        "TF24668: The following team project collection is stopped: {name}. Start the collection and then try \
         again. Administrator Reason: This Azure DevOps organization has been deactivated due to inactivity."
    );
    let kind = "Microsoft.VisualStudio.Services.Common.VssServiceException";
    Answer::front_door_refusal(StatusCode::SERVICE_UNAVAILABLE, Content::BareJson, kind, &message)
}

pub(crate) fn conditional_access() -> Answer {
    let message = "VS403463: The conditional access policy defined by your Azure Active Directory administrator \
                   has failed.";
    refusal(StatusCode::FORBIDDEN, "Microsoft.VisualStudio.Services.Common", "VssServiceException", message)
}

pub(crate) fn unauthorized_json() -> Answer {
    let message = "TF400813: The user '' is not authorized to access this resource.";
    let kind = "Microsoft.TeamFoundation.Framework.Server.UnauthorizedRequestException";
    Answer::front_door_refusal(StatusCode::UNAUTHORIZED, Content::FailureJson, kind, message)
}

pub(crate) fn not_for_anonymous() -> Answer {
    let message = "TF400813: Resource not available for anonymous access. Client authentication required.";
    let kind = "Microsoft.TeamFoundation.Framework.Server.UnauthorizedRequestException";
    Answer::front_door_refusal(StatusCode::UNAUTHORIZED, Content::FailureJson, kind, message)
}

// Versions and bodies.

pub(crate) fn version_missing(method: &str) -> Answer {
    let message = format!(
        "No api-version was supplied for the \"{method}\" request. The version must be supplied either as part \
         of the Accept header (e.g. \"application/json; api-version=1.0\") or as a query parameter (e.g. \
         \"?api-version=1.0\")."
    );
    refusal(
        StatusCode::BAD_REQUEST,
        &format!("{SERVICES}.WebApi"),
        "VssVersionNotSpecifiedException",
        &message,
    )
}

pub(crate) fn version_under_preview(version: &str) -> Answer {
    let message = format!(
        "The requested version \"{version}\" of the resource is under preview. The -preview flag must be \
         supplied in the api-version for such requests. For example: \"{version}-preview\""
    );
    refusal(
        StatusCode::BAD_REQUEST,
        &format!("{SERVICES}.WebApi"),
        "VssInvalidPreviewVersionException",
        &message,
    )
}

pub(crate) fn version_out_of_range(version: &str, highest: &str) -> Answer {
    let message = format!(
        "The requested REST API version of {version} is out of range for this server. The latest REST API \
         version this server supports is {highest}."
    );
    refusal(StatusCode::BAD_REQUEST, &format!("{SERVICES}.WebApi"), "VssVersionOutOfRangeException", &message)
}

/// What the service says to a body that it cannot read: to it, nothing came.
pub(crate) fn body_missing(parameter: &str) -> Answer {
    let message = format!("Value cannot be null.\r\nParameter name: {parameter}");
    Answer::refusal(StatusCode::BAD_REQUEST, "System.ArgumentNullException", &message)
}

pub(crate) fn bad_argument(message: &str) -> Answer {
    refusal(
        StatusCode::BAD_REQUEST,
        "Microsoft.TeamFoundation.SourceControl.WebServer",
        "InvalidArgumentValueException",
        message,
    )
}

// Projects.

pub(crate) fn project_name_not_found(name: &str) -> Answer {
    let message = format!(
        "TF200016: The following project does not exist: {name}. Verify that the name of the project is correct \
         and that the project exists on the specified Azure DevOps Server."
    );
    refusal(StatusCode::NOT_FOUND, PROJECTS, "ProjectDoesNotExistWithNameException", &message)
}

/// `status` is 404, but 400 in the build area.
pub(crate) fn project_id_not_found(status: StatusCode, id: &str) -> Answer {
    let message = format!(
        "VS800075: The project with id 'vstfs:///Classification/TeamProject/{id}' does not exist, or you do not \
         have permission to access it."
    );
    refusal(status, PROJECTS, "ProjectDoesNotExistException", &message)
}

pub(crate) fn project_exists(name: &str) -> Answer {
    let message = format!(
        "TF200019: The following project already exists on the Azure DevOps Server: {name}. You cannot create a \
         new project with the same name as an existing project. Provide a different name."
    );
    refusal(StatusCode::BAD_REQUEST, PROJECTS, "ProjectAlreadyExistsException", &message)
}

pub(crate) fn project_name_invalid(name: &str) -> Answer {
    bad_argument(&format!("TF200022: The following name is not valid: {name}."))
}

/// The status is believed, nobody captured it.
pub(crate) fn needs_to_create_projects(user: &str) -> Answer {
    let message = format!(
        "TF50309: The following account does not have sufficient permissions to complete the operation: {user}. \
         The following permissions are needed to perform this operation: Create new projects."
    );
    refusal(StatusCode::FORBIDDEN, SERVICES, "UnauthorizedAccessException", &message)
}

pub(crate) fn operation_not_found(id: &str) -> Answer {
    let message = format!("The operation {id} was not found.");
    refusal(StatusCode::NOT_FOUND, SERVICES, "OperationNotFoundException", &message)
}

// Git.

pub(crate) fn repository_not_found(name: &str) -> Answer {
    let message = format!(
        "TF401019: The Git repository with name or identifier {name} does not exist or you do not have \
         permissions for the operation you are attempting."
    );
    refusal(StatusCode::NOT_FOUND, GIT, "GitRepositoryNotFoundException", &message)
}

pub(crate) fn repository_exists(name: &str) -> Answer {
    let message = format!("TF400948: A Git repository with the name {name} already exists.");
    refusal(StatusCode::CONFLICT, GIT, "GitRepositoryNameAlreadyExistsException", &message)
}

pub(crate) fn item_not_found(path: &str, repository: &str, version: &str, commit: &str) -> Answer {
    let message = format!(
        "TF401174: The item '{path}' could not be found in the repository '{repository}' at the version \
         specified by '<{version} >' (resolved to commit '{commit}')"
    );
    refusal(StatusCode::NOT_FOUND, GIT, "GitItemNotFoundException", &message)
}

pub(crate) fn version_not_found(version: &str, repository: &str) -> Answer {
    let message = format!(
        "TF401175:The version descriptor <{version} > could not be resolved to a version in the repository \
         {repository}"
    );
    refusal(StatusCode::NOT_FOUND, GIT, "GitUnresolvableToCommitException", &message)
}

pub(crate) fn no_branches(repository: &str) -> Answer {
    let message = format!("VS403403: Cannot find any branches for the '{repository}' repository.");
    refusal(StatusCode::NOT_FOUND, GIT, "GitNoBranchesFoundException", &message)
}

pub(crate) fn reference_stale(name: &str) -> Answer {
    let message = format!(
        "TF401028: The reference '{name}' has already been updated by another client, so you cannot update it. \
         Please try again."
    );
    refusal(StatusCode::CONFLICT, GIT, "GitReferenceStaleException", &message)
}

pub(crate) fn path_exists(path: &str) -> Answer {
    bad_argument(&format!(
        "The path '{path}' specified in the add operation already exists. Please specify a new path."
    ))
}

pub(crate) fn needs_git_permission(permission: Permission, user: &str) -> Answer {
    let message = format!(
        "TF401027: You need the Git '{}' permission to perform this action. Details: identity '{user}', scope \
         '{}'.",
        permission.label(),
        if permission == Permission::CreateRepository { "project" } else { "repository" },
    );
    refusal(StatusCode::FORBIDDEN, GIT, "GitNeedsPermissionException", &message)
}

pub(crate) fn rejected_by_policy() -> Answer {
    let message = "TF402455: Pushes to this branch are not permitted; you must use a pull request to update this \
                   branch.";
    refusal(StatusCode::FORBIDDEN, GIT, "GitRefUpdateRejectedByPolicyException", message)
}

pub(crate) fn import_not_found(id: &str) -> Answer {
    let message = format!("The import request {id} could not be found.");
    refusal(StatusCode::NOT_FOUND, GIT, "GitImportRequestNotFoundException", &message)
}

pub(crate) fn import_into_filled(name: &str) -> Answer {
    let message =
        format!("TF402508: The repository {name} is not empty; only an empty one can be imported into.");
    refusal(StatusCode::CONFLICT, GIT, "GitImportForbiddenOnNonEmptyRepository", &message)
}

// Pull requests and policies.

pub(crate) fn pull_request_not_found() -> Answer {
    let message = "TF401180: The requested pull request was not found.";
    refusal(StatusCode::NOT_FOUND, GIT, "GitPullRequestNotFoundException", message)
}

pub(crate) fn pull_request_exists() -> Answer {
    let message = "TF401179: An active pull request for the source and target branch already exists.";
    refusal(StatusCode::CONFLICT, GIT, "GitPullRequestExistsException", message)
}

pub(crate) fn pull_request_without_branch() -> Answer {
    let message = "TF401398: The pull request cannot be activated because the source and/or the target branch no \
                   longer exists, or the requested refs are not branches.";
    refusal(StatusCode::BAD_REQUEST, GIT, "GitPullRequestCannotBeActivated", message)
}

pub(crate) fn pull_request_closed() -> Answer {
    let message = "TF401181: The pull request cannot be edited due to its state.";
    refusal(StatusCode::BAD_REQUEST, GIT, "GitPullRequestNotEditableException", message)
}

pub(crate) fn pull_request_stale() -> Answer {
    let message = "TF401192: The source branch was changed since the pull request was read.";
    refusal(StatusCode::CONFLICT, GIT, "GitPullRequestStaleException", message)
}

pub(crate) fn pull_request_blocked() -> Answer {
    let message = "The pull request cannot be completed: one or more policies of the branch are not met.";
    refusal(StatusCode::CONFLICT, GIT, "GitPullRequestUpdateRejectedByPolicyException", message)
}

pub(crate) fn policy_not_found(id: &str) -> Answer {
    let message = format!("TF402456: Cannot find the policy configuration with ID {id}.");
    let namespace = "Microsoft.TeamFoundation.Policy.Server";
    refusal(StatusCode::NOT_FOUND, namespace, "PolicyConfigurationNotFoundException", &message)
}

// Pipelines and builds.

pub(crate) fn pipeline_not_found(status: StatusCode, id: &str) -> Answer {
    refusal(status, PIPELINES, "PipelineNotFoundException", &format!("The pipeline '{id}' does not exist"))
}

pub(crate) fn pipeline_invalid(message: &str) -> Answer {
    refusal(StatusCode::BAD_REQUEST, PIPELINES, "PipelineValidationException", message)
}

pub(crate) fn pipeline_exists(name: &str, folder: &str) -> Answer {
    let message = format!("The pipeline {name} already exists in the folder {folder}.");
    refusal(StatusCode::CONFLICT, BUILD, "DefinitionExistsException", &message)
}

pub(crate) fn run_not_found(id: &str) -> Answer {
    refusal(
        StatusCode::NOT_FOUND,
        PIPELINES,
        "RunNotFoundException",
        &format!("The run '{id}' does not exist"),
    )
}

pub(crate) fn build_not_found(id: &str) -> Answer {
    let message = format!("The requested build {id} could not be found.");
    refusal(StatusCode::NOT_FOUND, BUILD, "BuildNotFoundException", &message)
}

pub(crate) fn definition_not_found(id: &str) -> Answer {
    let message = format!("The build pipeline {id} could not be found.");
    refusal(StatusCode::NOT_FOUND, BUILD, "DefinitionNotFoundException", &message)
}

pub(crate) fn definition_stale(id: u32, revision: u32) -> Answer {
    let message = format!(
        "The build pipeline {id} has been changed by somebody else: revision {revision} was to be changed. Please \
         refresh and try again."
    );
    refusal(StatusCode::CONFLICT, BUILD, "InvalidDefinitionException", &message)
}

pub(crate) fn definition_invalid(message: &str) -> Answer {
    refusal(StatusCode::BAD_REQUEST, BUILD, "InvalidDefinitionException", message)
}

pub(crate) fn definition_disabled(name: &str) -> Answer {
    let message = format!("The build pipeline {name} is disabled: it cannot be run.");
    refusal(StatusCode::BAD_REQUEST, BUILD, "DefinitionDisabledException", &message)
}

pub(crate) fn build_is_over(id: u32) -> Answer {
    let message = format!("The build {id} is already completed; its status cannot be changed.");
    refusal(StatusCode::BAD_REQUEST, BUILD, "BuildStatusInvalidChangeException", &message)
}

pub(crate) fn stage_not_found(name: &str, run: u32) -> Answer {
    let message = format!("The stage {name} of the build {run} could not be found.");
    refusal(StatusCode::NOT_FOUND, BUILD, "StageNotFoundException", &message)
}

pub(crate) fn stage_not_retryable(name: &str) -> Answer {
    let message = format!("The stage {name} cannot be retried: it did not fail, or its run still goes on.");
    refusal(StatusCode::BAD_REQUEST, BUILD, "StageUpdateInvalidException", &message)
}

pub(crate) fn log_not_found(id: &str) -> Answer {
    refusal(
        StatusCode::NOT_FOUND,
        BUILD,
        "BuildLogNotFoundException",
        &format!("The log {id} could not be found."),
    )
}

pub(crate) fn artifact_not_found(name: &str, run: u32) -> Answer {
    let message = format!("Artifact {name} was not found for build {run}.");
    refusal(StatusCode::NOT_FOUND, BUILD, "ArtifactNotFoundException", &message)
}

/// `pipeline` is `id:name`, as the service writes it.
pub(crate) fn needs_build_permission(
    permission: Permission,
    user: &str,
    pipeline: &str,
    project: &str,
) -> Answer {
    let message = format!(
        "TF215106: Access denied. {user} needs {} permissions for build pipeline {pipeline} in team project \
         {project} to perform the action. For more information, contact the Azure DevOps administrator.",
        permission.label(),
    );
    refusal(StatusCode::FORBIDDEN, BUILD, "AccessDeniedException", &message)
}

/// Believed, nobody captured it.
pub(crate) fn needs_to_administer(user: &str) -> Answer {
    let message = format!(
        "Access denied. {user} needs Administer permissions to perform the action. For more information, contact the \
         Azure DevOps administrator."
    );
    let namespace = "Microsoft.TeamFoundation.DistributedTask.WebApi";
    refusal(StatusCode::FORBIDDEN, namespace, "AccessDeniedException", &message)
}

pub(crate) fn approval_not_found(id: &str) -> Answer {
    let message = format!("The approval {id} could not be found.");
    refusal(StatusCode::NOT_FOUND, PIPELINES, "ApprovalNotFoundException", &message)
}

pub(crate) fn approval_over(id: &str, status: &str) -> Answer {
    let message = format!("The approval {id} is already {status}.");
    refusal(StatusCode::BAD_REQUEST, PIPELINES, "ApprovalUpdateException", &message)
}
