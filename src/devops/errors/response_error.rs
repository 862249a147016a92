//! The error of a response: one for each [`ResponseClass`].

use std::time::SystemTime;

use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::Retry;
use crate::contract::Secret;
use crate::devops::errors::denied::denied;
use crate::devops::errors::error_text::ErrorText;
use crate::devops::errors::error_text::quote;
use crate::devops::errors::foreign_response::appearance;
use crate::devops::errors::foreign_response::foreign_code;
use crate::devops::errors::foreign_response::foreign_response;
use crate::devops::errors::rate_limit_error::AZURE_DEVOPS;
use crate::devops::errors::seen_from::seen_from;
use crate::devops::errors::token_refusal::TokenRefusal;
use crate::devops::errors::transport_error::PROXY_ASKS;
use crate::devops::limits::retry_after;
use crate::devops::message::request::Request;
use crate::devops::message::response::ServiceResponse;
use crate::devops::message::response_class::ResponseClass;
use crate::devops::message::rule_errors;
use crate::devops::message::rule_errors::RuleError;
use crate::devops::message::sender::Sender;
use crate::devops::message::service_error::ServiceError;

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
        ResponseClass::Success | ResponseClass::Unauthenticated => {
            error_text.refused(&TokenRefusal::of(response, token), token)
        }
        ResponseClass::Denied(denial) => denied(denial, request, response, service_message.as_deref()),
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
            let error = Error::new(
                ErrorCode::ServiceRejected,
                format!("Azure DevOps refused to {description}: \"{why}\""),
            );
            with_rules(error, rule_errors::read(&response.body), token)
        }
        ResponseClass::RateLimited => {
            let message =
                format!("Could not {description}: {AZURE_DEVOPS} limits the request rate of this user");
            Error::new(ErrorCode::ServiceRateLimited, message).retry(later)
        }
        ResponseClass::OrganizationDisabled => {
            let name = error_text.organization();
            let message = match error_text.is_on_a_server() {
                true => format!("The collection \"{name}\" is stopped"),
                false => format!("The organization \"{name}\" has been deactivated"),
            };
            Error::new(ErrorCode::OrganizationDisabled, message)
        }
        ResponseClass::Unavailable { .. } => {
            let sender = match response.sender() {
                Sender::Service => AZURE_DEVOPS.to_owned(),
                Sender::WebServer => format!("the web server of {}", response.from.host()),
                Sender::Other | Sender::Unknown => response.from.host().to_owned(),
            };
            let message = format!(
                "Could not {description}: {sender} responded with status {}",
                response.status.as_u16()
            );
            Error::new(ErrorCode::ServiceUnavailable, message).retry(later)
        }
        ResponseClass::ProxyAuthRequired => Error::new(
            ErrorCode::NetworkFailed,
            format!("Could not {description}: the proxy requires authentication"),
        )
        .help(PROXY_ASKS),
        ResponseClass::Foreign { .. } => {
            foreign_response(response, foreign_code(response), &description, AZURE_DEVOPS, token)
        }
        ResponseClass::Unexpected(reason) if response.target().is_some() => {
            unreadable(request, &format!("{reason} ({})", appearance(response, token)))
        }
        ResponseClass::Unexpected(reason) => unreadable(request, reason),
    };
    let error = match wait {
        Some(wait) => error.with("retryAfterSeconds", wait.as_secs()),
        None => error,
    };
    Some(with_origin(error, response, request, token))
}

/// Names the fields of a work item that break a rule, all of them, by their reference names
fn with_rules(error: Error, rules: Vec<RuleError>, token: &Secret) -> Error {
    if rules.is_empty() {
        return error;
    }
    let fields: Vec<String> = rules.iter().map(|rule| quote(&rule.field, token)).collect();
    let message = error.message().to_owned();
    let each = rules.iter().zip(&fields).map(|(rule, field)| match &rule.message {
        // The message of a single rule is the message of the response.
        Some(text) if !message.contains(text.trim()) => format!("{field}: \"{}\"", quote(text, token)),
        _ => field.clone(),
    });
    let message = format!("{message}; the rules of its type refuse {}", each.collect::<Vec<_>>().join("; "));
    let help =
        "Give each named field a value that the type allows; `fields` takes a field by its reference name.";
    Error::new(error.code(), message).help(help).with("fields", fields.join(", "))
}

/// Adds what support needs: the request, the service's own message, the status, the exception and the activity id
pub(crate) fn with_origin(
    mut error: Error,
    response: &ServiceResponse,
    request: &Request<'_>,
    token: &Secret,
) -> Error {
    let class = response.class();
    let service_error = match class {
        ResponseClass::Success | ResponseClass::Foreign { .. } => ServiceError::default(),
        _ => response.service_error(),
    };
    error = error.operation(request.label()).on(response.from.service);
    if let Some(message) = service_error.message.map(|message| quote(&message, token)) {
        if matches!(class, ResponseClass::Unauthenticated | ResponseClass::Denied(_))
            && let Some(address) = seen_from(&message)
        {
            let help = format!("{} Azure DevOps saw the request come from {address}.", error.help_text());
            error = error.help(help).with("seenFrom", address);
        }
        if !error.message().contains(&message) {
            error = error.with("serviceMessage", message);
        }
    }
    error = error.with("status", response.status.as_u16());
    if let Some(type_key) = service_error.type_key {
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
