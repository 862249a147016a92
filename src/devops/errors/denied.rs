//! The errors of a request that is forbidden although the token is accepted: `permission.denied`. Decision 0130.

use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::devops::errors::auth_error::UNMARKED_HELP;
use crate::devops::message::request::Request;
use crate::devops::message::response::ServiceResponse;
use crate::devops::message::response_class::Denial;
use crate::devops::message::sender::Sender;

/// The exceptions and codes with which the service says that a permission is missing
const PERMISSION_MISSING: [&str; 9] = [
    "AccessCheckException",
    "AccessDeniedException",
    "GitNeedsPermissionException",
    "ReleaseManagementUnauthorizedAccessException",
    "UnauthorizedAccessException",
    "TF237111",
    "TF401027",
    "TF50309",
    "VS402904",
];

/// Returns the error of a forbidden request; `service_message` is safe to show
///
/// The message names the missing permission if the request has one. If the service says something else than that a
/// permission is missing (a policy, a licence, a user who was disabled), or if no permission is known, its sentence is the message.
pub(crate) fn denied(
    denial: Denial,
    request: &Request<'_>,
    response: &ServiceResponse,
    service_message: Option<&str>,
) -> Error {
    let description = request.description();
    let kind = response.from.service.organization();
    let (message, help) = match denial {
        Denial::ConditionalAccess => (
            format!("Could not {description}: a conditional access policy of the {kind} forbids it (VS403463)"),
            "The policy allows only certain networks or machines: run the bot on one of them, or ask the directory's \
             administrator, who finds the refused address in Microsoft Entra at Monitoring > Sign-in logs."
                .to_owned(),
        ),
        Denial::BranchPolicy => (
            format!("Could not {description}: the branch accepts changes through pull requests only (TF402455)"),
            "Use another branch and a pull request, or ask for the permission \"Bypass policies when pushing\"."
                .to_owned(),
        ),
        Denial::Permission => of_permission(request, response, service_message),
    };
    Error::new(ErrorCode::PermissionDenied, message).help(help)
}

/// Returns message and help
fn of_permission(
    request: &Request<'_>,
    response: &ServiceResponse,
    service_message: Option<&str>,
) -> (String, String) {
    let description = request.description();
    let permission = request.permission_needed();
    let error = response.service_error();
    let is_missing = PERMISSION_MISSING.iter().any(|name| error.is(name) || error.has_code(name));
    let service = response.from.service;
    let kind = service.organization();
    let ask = permission
        .map(|permission| format!("\"{}\" at {}", permission.name, permission.namespace.place(service)));
    if let Some(reason) = service_message.filter(|_| permission.is_none() || !is_missing) {
        let help = match ask {
            Some(ask) => format!(
                "The quoted sentence is the reason that Azure DevOps gives. If it is about a permission, ask for {ask}; \
                 otherwise show it to an administrator of the {kind}."
            ),
            None => format!(
                "The quoted sentence is the reason that Azure DevOps gives: show it to an administrator of the {kind}."
            ),
        };
        return (format!("Azure DevOps refused to {description}: \"{reason}\""), help);
    }
    let (message, help) = match (permission, ask) {
        (Some(permission), Some(ask)) => (
            format!(
                "The token's user may not {description}: this requires the permission \"{}\"",
                permission.words(service)
            ),
            format!("Ask for {ask}."),
        ),
        _ => (
            format!("The token's user may not {description}"),
            format!(
                "Azure DevOps does not say which permission is missing: ask an administrator of the {kind}."
            ),
        ),
    };
    match response.sender() {
        Sender::Unknown => (message, format!("{help} {UNMARKED_HELP}")),
        _ => (message, help),
    }
}
