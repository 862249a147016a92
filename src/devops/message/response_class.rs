//! The one table that classifies a response by its status, its headers and the fields of its error.
//!
//! Messages are never searched for words. Only the short name of an exception and the code at the
//! beginning of a message count.

use memchr::memmem;

use crate::devops::message::response::ServiceResponse;
use crate::devops::message::sender::Sender;
use crate::devops::message::service_error::ServiceError;
use crate::devops::message::service_error::media_type;

/// What a response means
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ResponseClass {
    /// The request succeeded
    Success,
    /// The token is not accepted, or lacks a scope: the service responds to both in the same way
    Unauthenticated,
    /// The user lacks a permission, or a policy forbids the request
    Denied(Denial),
    /// The resource does not exist, or the user cannot see it
    NotFound,
    /// The project does not exist, or the user cannot see it
    ProjectNotFound,
    /// The resource already exists, or was changed in the meantime
    Conflict,
    /// The service understood the content and rejected it
    Rejected,
    /// The rate limit rejected the request
    RateLimited,
    /// The organization exists and is deactivated
    OrganizationDisabled,
    /// The service is unavailable
    Unavailable {
        /// Whether the same request may succeed in a moment
        transient: bool,
    },
    /// The proxy requires authentication
    ProxyAuthRequired,
    /// Something else than the service sent it
    Foreign {
        /// Whether the same request may succeed in a moment
        transient: bool,
    },
    /// It has no meaning in the service; the reason completes "the response"
    Unexpected(&'static str),
}

/// What forbids a request
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Denial {
    /// A permission is missing
    Permission,
    /// A conditional access policy of the tenant
    ConditionalAccess,
    /// The branch accepts changes through pull requests only
    BranchPolicy,
}

/// Exceptions and codes that have the same meaning with any status
const FIELDS: &[(&str, ResponseClass)] = &[
    ("ProjectDoesNotExistWithNameException", ResponseClass::ProjectNotFound),
    ("ProjectDoesNotExistException", ResponseClass::ProjectNotFound),
    ("TF200016", ResponseClass::ProjectNotFound),
    ("VS800075", ResponseClass::ProjectNotFound),
    ("PipelineNotFoundException", ResponseClass::NotFound),
    ("DefinitionNotFoundException", ResponseClass::NotFound),
    ("BuildNotFoundException", ResponseClass::NotFound),
    ("GitRepositoryNotFoundException", ResponseClass::NotFound),
    ("GitItemNotFoundException", ResponseClass::NotFound),
    ("GitUnresolvableToCommitException", ResponseClass::NotFound),
    ("ProjectAlreadyExistsException", ResponseClass::Conflict),
    ("TF200019", ResponseClass::Conflict),
    ("DefinitionExistsException", ResponseClass::Conflict),
    ("ReleaseDefinitionAlreadyExistsException", ResponseClass::Conflict),
    ("BuildStatusInvalidChangeException", ResponseClass::Conflict),
    ("GitReferenceStaleException", ResponseClass::Conflict),
    ("TF401028", ResponseClass::Conflict),
    ("TF400948", ResponseClass::Conflict),
    ("GitPullRequestNotFoundException", ResponseClass::NotFound),
    ("TF401180", ResponseClass::NotFound),
    ("TF401398", ResponseClass::NotFound),
    ("GitPullRequestExistsException", ResponseClass::Conflict),
    ("TF401179", ResponseClass::Conflict),
    ("GitPullRequestNotEditableException", ResponseClass::Conflict),
    ("TF401181", ResponseClass::Conflict),
    ("GitPullRequestStaleException", ResponseClass::Conflict),
    ("GitPullRequestUpdateRejectedByPolicyException", ResponseClass::Denied(Denial::BranchPolicy)),
    ("GitRefUpdateRejectedByPolicyException", ResponseClass::Denied(Denial::BranchPolicy)),
    ("TF402455", ResponseClass::Denied(Denial::BranchPolicy)),
    ("TF237111", ResponseClass::Denied(Denial::Permission)),
    ("VS403463", ResponseClass::Denied(Denial::ConditionalAccess)),
    ("RequestBlockedException", ResponseClass::RateLimited),
    ("TF400733", ResponseClass::RateLimited),
    ("TF24668", ResponseClass::OrganizationDisabled),
    ("TF401444", ResponseClass::Unauthenticated),
];

impl ServiceResponse {
    /// Returns what the response means
    pub(crate) fn class(&self) -> ResponseClass {
        let status = self.status.as_u16();
        if status == 407 {
            return ResponseClass::ProxyAuthRequired;
        }
        match self.sender() {
            Sender::Other => return foreign(status),
            // The web server refuses tokens, has no such collection, or is overloaded; all else is a page of its own.
            Sender::WebServer if !matches!(status, 401 | 404 | 500..=599) => return foreign(status),
            _ => {}
        }
        match status {
            203 | 401 => return self.class_of_refused_token(),
            200..=299 => return self.class_of_success(),
            300..=399 if self.redirects_to_sign_in() => return self.class_of_refused_token(),
            300..=399 => return ResponseClass::Unexpected("is a redirect, and redirects are never followed"),
            _ => {}
        }
        let service_error = self.service_error();
        if let Some(class) = by_fields(&service_error) {
            return class;
        }
        if service_error.refuses_token() {
            return ResponseClass::Unauthenticated;
        }
        match status {
            403 => ResponseClass::Denied(Denial::Permission),
            404 | 410 => ResponseClass::NotFound,
            408 => ResponseClass::Unavailable { transient: true },
            409 | 412 => ResponseClass::Conflict,
            429 => ResponseClass::RateLimited,
            400..=499 if service_error.message.is_some() => ResponseClass::Rejected,
            400..=499 => ResponseClass::Unexpected("rejects the request without a reason"),
            502..=504 => {
                ResponseClass::Unavailable { transient: !self.headers.contains_key("x-vss-hostofflineerror") }
            }
            500..=599 => ResponseClass::Unavailable { transient: false },
            _ => ResponseClass::Unexpected("has an invalid status"),
        }
    }

    /// Whether a change may have been made: the response is a success that is not read yet, or comes from a gateway
    pub(crate) fn leaves_outcome_unknown(&self) -> bool {
        let class = self.class();
        matches!(self.status.as_u16(), 502 | 504)
            || class == ResponseClass::Success
            || (self.status.is_success() && matches!(class, ResponseClass::Foreign { .. }))
    }

    /// Returns the class of a response with the status of a token that is not accepted, which may have another reason
    fn class_of_refused_token(&self) -> ResponseClass {
        match by_fields(&self.service_error()) {
            Some(
                class @ (ResponseClass::Denied(Denial::ConditionalAccess)
                | ResponseClass::OrganizationDisabled
                | ResponseClass::RateLimited),
            ) => class,
            _ => ResponseClass::Unauthenticated,
        }
    }

    /// Returns the class of a response with a success status, which may be an error in place of the value
    fn class_of_success(&self) -> ResponseClass {
        // Errors are small JSON objects: larger bodies and texts of files are not parsed twice.
        let candidate = self.body.len() <= 4096
            && media_type(&self.headers).is_none_or(|media| media == "application/json")
            && memmem::find(&self.body, b"\"message\"").is_some()
            && std::str::from_utf8(&self.body).is_ok();
        if !candidate {
            return ResponseClass::Success;
        }
        let service_error = self.service_error();
        if service_error.type_key.is_none() && service_error.code.is_none() {
            return ResponseClass::Success;
        }
        match by_fields(&service_error) {
            Some(class) => class,
            None if service_error.has_code("TF400813") => ResponseClass::Unauthenticated,
            None if service_error.is("UnauthorizedRequestException") => ResponseClass::Unauthenticated,
            None => ResponseClass::Rejected,
        }
    }
}

fn foreign(status: u16) -> ResponseClass {
    ResponseClass::Foreign { transient: matches!(status, 408 | 502..=504) }
}

fn by_fields(service_error: &ServiceError) -> Option<ResponseClass> {
    let stated = |name: &str| service_error.is(name) || service_error.has_code(name);
    FIELDS.iter().find(|(name, _)| stated(name)).map(|(_, class)| *class)
}

#[cfg(test)]
#[path = "response_class_tests.rs"]
mod tests;
