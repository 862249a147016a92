//! What an answer means, in words: one error for each row of the table in `answer`.

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

/// The error that an answer is, or nothing if it did what was asked
pub(crate) fn error(
    answer: &ServiceResponse,
    request: &Request<'_>,
    place: &ErrorText,
    token: &Secret,
) -> Option<Error> {
    let meaning = answer.meaning();
    if meaning == ResponseClass::Done {
        return None;
    }
    let envelope = answer.envelope();
    let words = request.words();
    let said = envelope.message.as_deref().map(|message| quote(message, token));
    let wait = retry_after::from_headers(&answer.headers, SystemTime::now());
    let later = wait.map_or(Retry::Later, Retry::After);
    let error = match meaning {
        ResponseClass::Done | ResponseClass::NotSignedIn => place.not_accepted_by(answer),
        ResponseClass::Denied(denial) => denied(denial, request),
        ResponseClass::NoSuchThing => {
            let thing = request.missing_thing().unwrap_or("what it names");
            let message =
                format!("Could not {words}: {thing} is not there, or the token's user cannot see it");
            Error::new(ErrorCode::ResourceNotFound, message)
        }
        ResponseClass::NoSuchProject => {
            let message =
                format!("Could not {words}: the project is not there, or the token's user cannot see it");
            Error::new(ErrorCode::ProjectNotFound, message)
        }
        ResponseClass::Conflict => {
            let why = said.as_deref().unwrap_or("it exists already or was changed meanwhile");
            Error::new(ErrorCode::ResourceConflict, format!("Could not {words}: {why}"))
        }
        ResponseClass::Rejected => {
            let why = said.as_deref().unwrap_or_default();
            Error::new(ErrorCode::ServiceRejected, format!("Azure DevOps refused to {words}: \"{why}\""))
        }
        ResponseClass::RateLimited => {
            let message = format!("Could not {words}: {AZURE_DEVOPS} limits the requests of this user");
            Error::new(ErrorCode::ServiceRateLimited, message).retry(later)
        }
        ResponseClass::Disabled => {
            let message = format!("The organization \"{}\" has been deactivated", place.organization());
            Error::new(ErrorCode::OrganizationDisabled, message)
        }
        ResponseClass::Unavailable { .. } => {
            let message = format!("Could not {words}: Azure DevOps answers {} now", answer.status.as_u16());
            Error::new(ErrorCode::ServiceUnavailable, message).retry(later)
        }
        ResponseClass::ProxyRefused => {
            Error::new(ErrorCode::NetworkFailed, format!("Could not {words}: the proxy asks who is calling"))
                .help(PROXY_ASKS)
        }
        ResponseClass::Strange(reason) => unreadable(request, reason),
    };
    let error = match wait {
        Some(wait) => error.with("retryAfterSeconds", wait.as_secs()),
        None => error,
    };
    // The texts of refused users and tokens name people; the exception's name is enough there.
    let in_message = matches!(meaning, ResponseClass::Conflict | ResponseClass::Rejected);
    let personal = matches!(meaning, ResponseClass::Denied(_) | ResponseClass::NotSignedIn);
    let error = match said {
        Some(said) if !in_message && !personal => error.with("serviceMessage", said),
        _ => error,
    };
    Some(with_origin(error, answer, request, token))
}

/// Adds what support asks for: status, exception, activity id, and which request it was
pub(crate) fn with_origin(
    mut error: Error,
    answer: &ServiceResponse,
    request: &Request<'_>,
    token: &Secret,
) -> Error {
    error = error.operation(request.label()).with("status", answer.status.as_u16());
    if let Some(type_key) = answer.envelope().type_key {
        error = error.with("typeKey", quote(&type_key, token));
    }
    if let Some(activity) = answer.activity() {
        error = error.with("activityId", activity);
    }
    error
}

/// The error of an answer that did what was asked and cannot be read; the reason follows "the answer"
pub(crate) fn unreadable(request: &Request<'_>, reason: &str) -> Error {
    Error::new(ErrorCode::ServiceBadResponse, format!("Could not {}: the answer {reason}", request.words()))
}

fn denied(denial: Denial, request: &Request<'_>) -> Error {
    let words = request.words();
    match (denial, request.permission_needed()) {
        (Denial::ConditionalAccess, _) => Error::new(
            ErrorCode::PermissionDenied,
            format!("Could not {words}: a conditional access policy of the organization forbids it (VS403463)"),
        )
        .help("The policy allows certain networks or machines: run the bot there, or ask the directory's administrator."),
        (Denial::BranchPolicy, _) => Error::new(
            ErrorCode::PermissionDenied,
            format!("Could not {words}: the branch takes changes by pull request only (TF402455)"),
        )
        .help("Use another branch and a pull request, or ask for the permission \"Bypass policies when pushing\"."),
        (Denial::Permission, Some(permission)) => Error::new(
            ErrorCode::PermissionDenied,
            format!("The token's user may not {words}: it takes the permission \"{permission}\""),
        )
        .help(format!("Ask for \"{}\" at {}.", permission.name, permission.namespace.place())),
        (Denial::Permission, None) => {
            Error::new(ErrorCode::PermissionDenied, format!("The token's user may not {words}"))
        }
    }
}
