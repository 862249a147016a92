//! The refusals of release management.

use axum::http::StatusCode;

use super::general::refusal;
use crate::auth::Permission;
use crate::http::Response;

const RELEASE: &str = "Microsoft.VisualStudio.Services.ReleaseManagement.WebApi.Exceptions";

pub(crate) fn release_pipeline_not_found(id: &str) -> Response {
    let message = format!("Release pipeline with ID {id} does not exist. Specify a valid ID.");
    refusal(StatusCode::NOT_FOUND, RELEASE, "ReleaseDefinitionNotFoundException", &message)
}

pub(crate) fn release_pipeline_exists(name: &str) -> Response {
    let message = format!("Release pipeline with name '{name}' already exists. Specify another name.");
    refusal(StatusCode::BAD_REQUEST, RELEASE, "ReleaseDefinitionAlreadyExistsException", &message)
}

pub(crate) fn release_pipeline_stale(status: StatusCode) -> Response {
    let message = "You are using an old copy of the release pipeline. Refresh your copy and try again.";
    refusal(status, RELEASE, "InvalidRequestException", message)
}

pub(crate) fn release_invalid(message: &str) -> Response {
    refusal(StatusCode::BAD_REQUEST, RELEASE, "InvalidRequestException", message)
}

pub(crate) fn release_not_found(id: &str) -> Response {
    let message = format!("Release with ID {id} does not exist. Specify a valid ID.");
    refusal(StatusCode::NOT_FOUND, RELEASE, "ReleaseNotFoundException", &message)
}

pub(crate) fn release_stage_not_found(id: &str, release: u32) -> Response {
    let message = format!("Stage with ID {id} does not exist in the release {release}.");
    refusal(StatusCode::NOT_FOUND, RELEASE, "ReleaseEnvironmentNotFoundException", &message)
}

pub(crate) fn release_approval_not_found(id: &str) -> Response {
    let message = format!("Approval with ID {id} does not exist. Specify a valid ID.");
    refusal(StatusCode::NOT_FOUND, RELEASE, "ApprovalNotFoundException", &message)
}

pub(crate) fn not_the_approver(user: &str) -> Response {
    let message = format!("{user} is not an approver: the approval cannot be changed.");
    refusal(StatusCode::FORBIDDEN, RELEASE, "ApprovalUpdateException", &message)
}

pub(crate) fn needs_release_permission(permission: Permission, user: &str, coded: bool) -> Response {
    let code = if coded { "VS402904: " } else { "" };
    let message = format!(
        "{code}Access denied: User {user} does not have {} permission. Contact your release manager.",
        permission.label()
    );
    refusal(StatusCode::FORBIDDEN, RELEASE, "ReleaseManagementUnauthorizedAccessException", &message)
}
