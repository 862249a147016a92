//! The one table: what an answer means, from its status, its headers and the service's own fields.
//!
//! Text is never searched for words: an exception's short name and the code that a message begins
//! with are fields, and only they decide.

use reqwest::header::LOCATION;

use crate::devops::message::response::ServiceResponse;
use crate::devops::message::service_error::ServiceError;
use crate::devops::message::service_error::media_type;

/// What an answer means
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ResponseClass {
    /// It did what was asked
    Success,
    /// The token was not accepted, or lacks the scope: the service says both in the same way
    Unauthenticated,
    /// The user may not, or a policy forbids it
    Denied(Denial),
    /// The thing is not there, or cannot be seen
    NotFound,
    /// The project is not there, or cannot be seen
    ProjectNotFound,
    /// The thing exists already or was changed meanwhile
    Conflict,
    /// The content was understood and refused
    Rejected,
    /// Slow down
    RateLimited,
    /// The organization exists and has been deactivated
    OrganizationDisabled,
    /// Not now; the same request may work in a moment if it is transient
    Unavailable {
        /// Whether another attempt is worth it
        transient: bool,
    },
    /// The proxy wants to know who asks
    ProxyAuthRequired,
    /// It is not an answer of the service; the reason completes "the answer"
    Unexpected(&'static str),
}

/// Who or what forbids it
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Denial {
    /// A permission is missing
    Permission,
    /// A conditional access policy of the tenant
    ConditionalAccess,
    /// The branch takes changes by pull request only
    BranchPolicy,
}

/// Exceptions and codes that mean the same whatever the status is
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
];

impl ServiceResponse {
    /// What the answer means
    pub(crate) fn class(&self) -> ResponseClass {
        let status = self.status.as_u16();
        match status {
            203 | 401 => return ResponseClass::Unauthenticated,
            200..=299 => return self.class_of_success(),
            300..=399 if self.redirects_to_sign_in() => return ResponseClass::Unauthenticated,
            300..=399 => return ResponseClass::Unexpected("is a redirect, and redirects are never followed"),
            407 => return ResponseClass::ProxyAuthRequired,
            _ => {}
        }
        let service_error = self.service_error();
        if let Some(class) = by_fields(&service_error) {
            return class;
        }
        match status {
            403 => ResponseClass::Denied(Denial::Permission),
            404 | 410 => ResponseClass::NotFound,
            408 => ResponseClass::Unavailable { transient: true },
            409 | 412 => ResponseClass::Conflict,
            429 => ResponseClass::RateLimited,
            400..=499 if service_error.message.is_some() => ResponseClass::Rejected,
            400..=499 => ResponseClass::Unexpected("refuses the request without saying why"),
            502..=504 => {
                ResponseClass::Unavailable { transient: !self.headers.contains_key("x-vss-hostofflineerror") }
            }
            500..=599 => ResponseClass::Unavailable { transient: false },
            _ => ResponseClass::Unexpected("has a status that does not exist"),
        }
    }

    /// Whether a change may have been made although this is no refusal: it is not read yet, or is a gateway's own
    pub(crate) fn leaves_outcome_unknown(&self) -> bool {
        matches!(self.status.as_u16(), 502 | 504) || self.class() == ResponseClass::Success
    }

    /// Some errors come with status 200: they are told by an envelope in place of the value
    fn class_of_success(&self) -> ResponseClass {
        // Envelopes are small JSON; a larger body, or a file's text, is not worth a second reading.
        let candidate = self.body.len() <= 4096
            && media_type(&self.headers).is_none_or(|media| media == "application/json")
            && std::str::from_utf8(&self.body).is_ok_and(|text| text.contains("\"message\""));
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

    /// Whether it redirects to the page where people sign in, which is how a refused token looks
    /// to a browser
    fn redirects_to_sign_in(&self) -> bool {
        let Some(location) = self.headers.get(LOCATION).and_then(|value| value.to_str().ok()) else {
            return false;
        };
        let path = location.split(['?', '#']).next().unwrap_or_default();
        let host = path.strip_prefix("https://").and_then(|rest| rest.split('/').next()).unwrap_or_default();
        let page = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
        page.eq_ignore_ascii_case("_signin") || host.eq_ignore_ascii_case("login.microsoftonline.com")
    }
}

fn by_fields(service_error: &ServiceError) -> Option<ResponseClass> {
    let stated = |name: &str| service_error.is(name) || service_error.has_code(name);
    FIELDS.iter().find(|(name, _)| stated(name)).map(|(_, class)| *class)
}

#[cfg(test)]
#[path = "response_class_tests.rs"]
mod tests;
