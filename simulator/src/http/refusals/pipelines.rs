//! The refusals of pipelines, their runs and approvals.

use axum::http::StatusCode;

use super::general::refusal;
use crate::auth::Permission;
use crate::http::Response;

const BUILD: &str = "Microsoft.TeamFoundation.Build.WebApi";
const PIPELINES: &str = "Microsoft.Azure.Pipelines.WebApi";

pub(crate) fn pool_not_found(id: &str) -> Response {
    let message = format!("No agent pool found with identifier {id}.");
    let kind = "Microsoft.TeamFoundation.DistributedTask.WebApi.TaskAgentPoolNotFoundException";
    Response::refusal(StatusCode::NOT_FOUND, kind, &message)
}

pub(crate) fn pipeline_not_found(status: StatusCode, id: &str) -> Response {
    refusal(status, PIPELINES, "PipelineNotFoundException", &format!("The pipeline '{id}' does not exist"))
}

pub(crate) fn pipeline_invalid(message: &str) -> Response {
    refusal(StatusCode::BAD_REQUEST, PIPELINES, "PipelineValidationException", message)
}

pub(crate) fn pipeline_exists(name: &str, folder: &str) -> Response {
    let message = format!("The pipeline {name} already exists in the folder {folder}.");
    refusal(StatusCode::CONFLICT, BUILD, "DefinitionExistsException", &message)
}

pub(crate) fn run_not_found(id: &str) -> Response {
    refusal(
        StatusCode::NOT_FOUND,
        PIPELINES,
        "RunNotFoundException",
        &format!("The run '{id}' does not exist"),
    )
}

pub(crate) fn build_not_found(id: &str) -> Response {
    let message = format!("The requested build {id} could not be found.");
    refusal(StatusCode::NOT_FOUND, BUILD, "BuildNotFoundException", &message)
}

pub(crate) fn test_run_not_found(id: &str) -> Response {
    let message = format!("Test run {id} not found.");
    let area = "Microsoft.TeamFoundation.TestManagement.Server";
    refusal(StatusCode::NOT_FOUND, area, "TestObjectNotFoundException", &message)
}

pub(crate) fn definition_not_found(id: &str) -> Response {
    let message = format!("The build pipeline {id} could not be found.");
    refusal(StatusCode::NOT_FOUND, BUILD, "DefinitionNotFoundException", &message)
}

pub(crate) fn definition_stale(status: StatusCode, id: u32, revision: u32) -> Response {
    let message = format!(
        "The build pipeline {id} has been changed by somebody else: revision {revision} was to be changed. Please \
         refresh and try again."
    );
    refusal(status, BUILD, "InvalidDefinitionException", &message)
}

pub(crate) fn definition_invalid(message: &str) -> Response {
    refusal(StatusCode::BAD_REQUEST, BUILD, "InvalidDefinitionException", message)
}

pub(crate) fn definition_disabled(name: &str) -> Response {
    let message = format!("The build pipeline {name} is disabled: it cannot be run.");
    refusal(StatusCode::BAD_REQUEST, BUILD, "DefinitionDisabledException", &message)
}

pub(crate) fn build_is_over(id: u32) -> Response {
    let message = format!("The build {id} is already completed; its status cannot be changed.");
    refusal(StatusCode::BAD_REQUEST, BUILD, "BuildStatusInvalidChangeException", &message)
}

pub(crate) fn stage_not_found(name: &str, run: u32) -> Response {
    let message = format!("The stage {name} of the build {run} could not be found.");
    refusal(StatusCode::NOT_FOUND, BUILD, "StageNotFoundException", &message)
}

pub(crate) fn stage_not_retryable(name: &str) -> Response {
    let message = format!("The stage {name} cannot be retried: it did not fail, or its run still goes on.");
    refusal(StatusCode::BAD_REQUEST, BUILD, "StageUpdateInvalidException", &message)
}

pub(crate) fn log_not_found(id: &str) -> Response {
    refusal(
        StatusCode::NOT_FOUND,
        BUILD,
        "BuildLogNotFoundException",
        &format!("The log {id} could not be found."),
    )
}

pub(crate) fn artifact_not_found(name: &str, run: u32) -> Response {
    let message = format!("Artifact {name} was not found for build {run}.");
    refusal(StatusCode::NOT_FOUND, BUILD, "ArtifactNotFoundException", &message)
}

/// `pipeline` is `id:name`, as the service writes it.
pub(crate) fn needs_build_permission(
    permission: Permission,
    user: &str,
    pipeline: &str,
    project: &str,
) -> Response {
    let message = format!(
        "TF215106: Access denied. {user} needs {} permissions for build pipeline {pipeline} in team project \
         {project} to perform the action. For more information, contact the Azure DevOps administrator.",
        permission.label(),
    );
    refusal(StatusCode::FORBIDDEN, BUILD, "AccessDeniedException", &message)
}

/// The words of this and the next refusal are assumptions.
pub(crate) fn folder_not_found(path: &str) -> Response {
    refusal(
        StatusCode::NOT_FOUND,
        BUILD,
        "FolderNotFoundException",
        &format!("Folder {path} does not exist."),
    )
}

pub(crate) fn folder_exists(path: &str) -> Response {
    refusal(StatusCode::CONFLICT, BUILD, "FolderExistsException", &format!("Folder {path} already exists."))
}

pub(crate) fn environment_not_found(id: &str) -> Response {
    let message =
        format!("Environment with ID {id} does not exist or you do not have permission to view it.");
    let namespace = "Microsoft.TeamFoundation.DistributedTask.WebApi";
    refusal(StatusCode::NOT_FOUND, namespace, "EnvironmentNotFoundException", &message)
}

pub(crate) fn variable_group_exists(name: &str) -> Response {
    let message = format!("Variable group with name {name} already exists.");
    let namespace = "Microsoft.TeamFoundation.DistributedTask.WebApi";
    refusal(StatusCode::CONFLICT, namespace, "VariableGroupExistsException", &message)
}

pub(crate) fn variable_group_not_found(id: &str) -> Response {
    let message = format!("Variable group with id {id} could not be found.");
    let namespace = "Microsoft.TeamFoundation.DistributedTask.WebApi";
    refusal(StatusCode::NOT_FOUND, namespace, "VariableGroupNotFoundException", &message)
}

/// An assumption.
pub(crate) fn needs_to_administer(user: &str) -> Response {
    let message = format!(
        "Access denied. {user} needs Administer permissions to perform the action. For more information, contact the \
         Azure DevOps administrator."
    );
    let namespace = "Microsoft.TeamFoundation.DistributedTask.WebApi";
    refusal(StatusCode::FORBIDDEN, namespace, "AccessDeniedException", &message)
}

pub(crate) fn approval_not_found(id: &str) -> Response {
    let message = format!("The approval {id} could not be found.");
    refusal(StatusCode::NOT_FOUND, PIPELINES, "ApprovalNotFoundException", &message)
}

pub(crate) fn approval_over(id: &str, status: &str) -> Response {
    let message = format!("The approval {id} is already {status}.");
    refusal(StatusCode::BAD_REQUEST, PIPELINES, "ApprovalUpdateException", &message)
}
