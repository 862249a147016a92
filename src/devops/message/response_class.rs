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
    Done,
    /// The token was not accepted, or lacks the scope: the service says both in the same way
    NotSignedIn,
    /// The user may not, or a policy forbids it
    Denied(Denial),
    /// The thing is not there, or cannot be seen
    NoSuchThing,
    /// The project is not there, or cannot be seen
    NoSuchProject,
    /// The thing exists already or was changed meanwhile
    Conflict,
    /// The content was understood and refused
    Rejected,
    /// Slow down
    RateLimited,
    /// The organization exists and has been deactivated
    Disabled,
    /// Not now; the same request may work in a moment if it is transient
    Unavailable {
        /// Whether another attempt is worth it
        transient: bool,
    },
    /// The proxy wants to know who asks
    ProxyRefused,
    /// It is not an answer of the service; the reason completes "the answer"
    Strange(&'static str),
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
    ("ProjectDoesNotExistWithNameException", ResponseClass::NoSuchProject),
    ("ProjectDoesNotExistException", ResponseClass::NoSuchProject),
    ("TF200016", ResponseClass::NoSuchProject),
    ("VS800075", ResponseClass::NoSuchProject),
    ("PipelineNotFoundException", ResponseClass::NoSuchThing),
    ("DefinitionNotFoundException", ResponseClass::NoSuchThing),
    ("BuildNotFoundException", ResponseClass::NoSuchThing),
    ("GitRepositoryNotFoundException", ResponseClass::NoSuchThing),
    ("GitItemNotFoundException", ResponseClass::NoSuchThing),
    ("GitUnresolvableToCommitException", ResponseClass::NoSuchThing),
    ("ProjectAlreadyExistsException", ResponseClass::Conflict),
    ("TF200019", ResponseClass::Conflict),
    ("DefinitionExistsException", ResponseClass::Conflict),
    ("ReleaseDefinitionAlreadyExistsException", ResponseClass::Conflict),
    ("BuildStatusInvalidChangeException", ResponseClass::Conflict),
    ("GitReferenceStaleException", ResponseClass::Conflict),
    ("TF401028", ResponseClass::Conflict),
    ("TF400948", ResponseClass::Conflict),
    ("GitPullRequestNotFoundException", ResponseClass::NoSuchThing),
    ("TF401180", ResponseClass::NoSuchThing),
    ("TF401398", ResponseClass::NoSuchThing),
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
    ("TF24668", ResponseClass::Disabled),
];

impl ServiceResponse {
    /// What the answer means
    pub(crate) fn meaning(&self) -> ResponseClass {
        let status = self.status.as_u16();
        match status {
            203 | 401 => return ResponseClass::NotSignedIn,
            200..=299 => return self.meaning_of_success(),
            300..=399 if self.leads_to_sign_in() => return ResponseClass::NotSignedIn,
            300..=399 => return ResponseClass::Strange("is a redirect, and redirects are never followed"),
            407 => return ResponseClass::ProxyRefused,
            _ => {}
        }
        let envelope = self.envelope();
        if let Some(meaning) = by_fields(&envelope) {
            return meaning;
        }
        match status {
            403 => ResponseClass::Denied(Denial::Permission),
            404 | 410 => ResponseClass::NoSuchThing,
            408 => ResponseClass::Unavailable { transient: true },
            409 | 412 => ResponseClass::Conflict,
            429 => ResponseClass::RateLimited,
            400..=499 if envelope.message.is_some() => ResponseClass::Rejected,
            400..=499 => ResponseClass::Strange("refuses the request without saying why"),
            502..=504 => {
                ResponseClass::Unavailable { transient: !self.headers.contains_key("x-vss-hostofflineerror") }
            }
            500..=599 => ResponseClass::Unavailable { transient: false },
            _ => ResponseClass::Strange("has a status that does not exist"),
        }
    }

    /// Whether a change may have been made although this is no refusal: it is not read yet, or is a gateway's own
    pub(crate) fn leaves_unknown(&self) -> bool {
        matches!(self.status.as_u16(), 502 | 504) || self.meaning() == ResponseClass::Done
    }

    /// Some errors come with status 200: they are told by an envelope in place of the value
    fn meaning_of_success(&self) -> ResponseClass {
        // Envelopes are small JSON; a larger body, or a file's text, is not worth a second reading.
        let candidate = self.body.len() <= 4096
            && media_type(&self.headers).is_none_or(|media| media == "application/json")
            && std::str::from_utf8(&self.body).is_ok_and(|text| text.contains("\"message\""));
        if !candidate {
            return ResponseClass::Done;
        }
        let envelope = self.envelope();
        if envelope.type_key.is_none() && envelope.code.is_none() {
            return ResponseClass::Done;
        }
        match by_fields(&envelope) {
            Some(meaning) => meaning,
            None if envelope.has_code("TF400813") => ResponseClass::NotSignedIn,
            None if envelope.is("UnauthorizedRequestException") => ResponseClass::NotSignedIn,
            None => ResponseClass::Rejected,
        }
    }

    /// Whether it redirects to the page where people sign in, which is how a refused token looks
    /// to a browser
    fn leads_to_sign_in(&self) -> bool {
        let Some(location) = self.headers.get(LOCATION).and_then(|value| value.to_str().ok()) else {
            return false;
        };
        let path = location.split(['?', '#']).next().unwrap_or_default();
        let host = path.strip_prefix("https://").and_then(|rest| rest.split('/').next()).unwrap_or_default();
        let page = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
        page.eq_ignore_ascii_case("_signin") || host.eq_ignore_ascii_case("login.microsoftonline.com")
    }
}

fn by_fields(envelope: &ServiceError) -> Option<ResponseClass> {
    let stated = |name: &str| envelope.is(name) || envelope.has_code(name);
    FIELDS.iter().find(|(name, _)| stated(name)).map(|(_, meaning)| *meaning)
}

#[cfg(test)]
#[path = "response_class_tests.rs"]
mod tests;
