//! The error of a response: one for each [`ResponseClass`].

use std::time::SystemTime;

use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::Retry;
use crate::contract::Secret;
use crate::devops::errors::error_text::ErrorText;
use crate::devops::errors::error_text::quote;
use crate::devops::errors::rate_limit_error::AZURE_DEVOPS;
use crate::devops::errors::transport_error::PROXY_ASKS;
use crate::devops::limits::retry_after;
use crate::devops::message::request::Request;
use crate::devops::message::response::ServiceResponse;
use crate::devops::message::response_class::Denial;
use crate::devops::message::response_class::ResponseClass;

/// Returns the error of a response, or nothing after a success
pub(crate) fn error(
    response: &ServiceResponse,
    request: &Request<'_>,
    error_text: &ErrorText,
    token: &Secret,
) -> Option<Error> {
    let class = response.class();
    if class == ResponseClass::Success {
        return None;
    }
    let service_error = response.service_error();
    let description = request.description();
    let service_message = service_error.message.as_deref().map(|message| quote(message, token));
    let wait = retry_after::from_headers(&response.headers, SystemTime::now());
    let later = wait.map_or(Retry::Later, Retry::After);
    let error = match class {
        ResponseClass::Success | ResponseClass::Unauthenticated => error_text.not_accepted_by(response),
        ResponseClass::Denied(denial) => denied(denial, request),
        ResponseClass::NotFound => {
            let thing = request.missing_resource().unwrap_or("the resource");
            let message =
                format!("Could not {description}: {thing} does not exist, or the token's user cannot see it");
            Error::new(ErrorCode::ResourceNotFound, message)
        }
        ResponseClass::ProjectNotFound => {
            let message = format!(
                "Could not {description}: the project does not exist, or the token's user cannot see it"
            );
            Error::new(ErrorCode::ProjectNotFound, message)
        }
        ResponseClass::Conflict => {
            let why =
                service_message.as_deref().unwrap_or("it already exists or was changed in the meantime");
            Error::new(ErrorCode::ResourceConflict, format!("Could not {description}: {why}"))
        }
        ResponseClass::Rejected => {
            let why = service_message.as_deref().unwrap_or_default();
            Error::new(
                ErrorCode::ServiceRejected,
                format!("Azure DevOps refused to {description}: \"{why}\""),
            )
        }
        ResponseClass::RateLimited => {
            let message =
                format!("Could not {description}: {AZURE_DEVOPS} limits the request rate of this user");
            Error::new(ErrorCode::ServiceRateLimited, message).retry(later)
        }
        ResponseClass::OrganizationDisabled => {
            let message = format!("The organization \"{}\" has been deactivated", error_text.organization());
            Error::new(ErrorCode::OrganizationDisabled, message)
        }
        ResponseClass::Unavailable { .. } => {
            let message = format!(
                "Could not {description}: Azure DevOps responded with status {}",
                response.status.as_u16()
            );
            Error::new(ErrorCode::ServiceUnavailable, message).retry(later)
        }
        ResponseClass::ProxyAuthRequired => Error::new(
            ErrorCode::NetworkFailed,
            format!("Could not {description}: the proxy requires authentication"),
        )
        .help(PROXY_ASKS),
        ResponseClass::Unexpected(reason) => unreadable(request, reason),
    };
    let error = match wait {
        Some(wait) => error.with("retryAfterSeconds", wait.as_secs()),
        None => error,
    };
    // Messages about users and tokens name people: there the name of the exception is enough.
    let in_message = matches!(class, ResponseClass::Conflict | ResponseClass::Rejected);
    let personal = matches!(class, ResponseClass::Denied(_) | ResponseClass::Unauthenticated);
    let error = match service_message {
        Some(service_message) if !in_message && !personal => error.with("serviceMessage", service_message),
        _ => error,
    };
    Some(with_origin(error, response, request, token))
}

/// Adds what support needs: the request, the status, the exception and the activity id
pub(crate) fn with_origin(
    mut error: Error,
    response: &ServiceResponse,
    request: &Request<'_>,
    token: &Secret,
) -> Error {
    error = error.operation(request.label()).with("status", response.status.as_u16());
    if let Some(type_key) = response.service_error().type_key {
        error = error.with("typeKey", quote(&type_key, token));
    }
    if let Some(activity_id) = response.activity_id() {
        error = error.with("activityId", activity_id);
    }
    error
}

/// Returns the error of a response that cannot be read; the reason completes "the response"
pub(crate) fn unreadable(request: &Request<'_>, reason: &str) -> Error {
    Error::new(
        ErrorCode::ServiceBadResponse,
        format!("Could not {}: the response {reason}", request.description()),
    )
}

fn denied(denial: Denial, request: &Request<'_>) -> Error {
    let description = request.description();
    match (denial, request.permission_needed()) {
        (Denial::ConditionalAccess, _) => Error::new(
            ErrorCode::PermissionDenied,
            format!("Could not {description}: a conditional access policy of the organization forbids it (VS403463)"),
        )
        .help("The policy allows only certain networks or machines: run the bot on one of them, or ask the directory's administrator."),
        (Denial::BranchPolicy, _) => Error::new(
            ErrorCode::PermissionDenied,
            format!("Could not {description}: the branch accepts changes through pull requests only (TF402455)"),
        )
        .help("Use another branch and a pull request, or ask for the permission \"Bypass policies when pushing\"."),
        (Denial::Permission, Some(permission)) => Error::new(
            ErrorCode::PermissionDenied,
            format!("The token's user may not {description}: this requires the permission \"{permission}\""),
        )
        .help(format!("Ask for \"{}\" at {}.", permission.name, permission.namespace.place())),
        (Denial::Permission, None) => {
            Error::new(ErrorCode::PermissionDenied, format!("The token's user may not {description}"))
        }
    }
}
