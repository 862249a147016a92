//! Why a connection cannot be opened: the first error of both responses, by precedence.
//!
//! A token that is not accepted, or a response of something else than the service, comes first, since it says nothing
//! about the project; a deactivated organization comes before a name that may be mistyped.

use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::ProjectName;
use crate::contract::Secret;
use crate::contract::printable;
use crate::devops::auth::identity::IdentityRecord;
use crate::devops::auth::sign_in_response::SignInResponse;
use crate::devops::connect::project_lookup::ProjectRecord;
use crate::devops::errors::error_text::ErrorText;
use crate::devops::errors::response_error;
use crate::devops::errors::token_refusal::TokenRefusal;
use crate::devops::message::request::Request;
use crate::devops::message::response::ServiceResponse;
use crate::devops::message::response_class::Denial;
use crate::devops::message::response_class::ResponseClass;

/// The two requests that open a connection, and what their errors need
pub(crate) struct SignInResponses<'a> {
    pub(crate) error_text: &'a ErrorText,
    pub(crate) token: &'a Secret,
    pub(crate) name: &'a ProjectName,
    /// The request for the user of the token
    pub(crate) user_request: &'a Request<'a>,
    /// The request for the project
    pub(crate) project_request: &'a Request<'a>,
}

/// Why there is no connection
pub(crate) enum ConnectError {
    /// An error
    Error(Error),
    /// The project does not exist; similar names may help
    ProjectNotFound,
}

impl SignInResponses<'_> {
    /// Returns the first error; nothing if both responses are successful or neither explains the failure
    pub(crate) fn first_error(
        &self,
        user: Option<&SignInResponse<IdentityRecord>>,
        project: Option<&SignInResponse<ProjectRecord>>,
    ) -> Option<ConnectError> {
        let identity = user.map(|read| (&read.response, read.class));
        let found = project.map(|read| (&read.response, read.class));
        match identity {
            Some((response, ResponseClass::Unauthenticated)) => return self.refused(response, found),
            Some((response, ResponseClass::Denied(_) | ResponseClass::Foreign { .. })) => {
                return self.response_error(response, self.user_request);
            }
            _ => {}
        }
        for (side, request) in [(identity, self.user_request), (found, self.project_request)] {
            if let Some((response, ResponseClass::OrganizationDisabled)) = side {
                return self.response_error(response, request);
            }
        }
        if let Some((response, ResponseClass::NotFound | ResponseClass::ProjectNotFound)) = identity {
            return self.with_origin(self.error_text.organization_not_found(), response, self.user_request);
        }
        let project = project?;
        match project.class {
            ResponseClass::Unauthenticated => self.with_origin(
                self.error_text
                    .scope_missing(self.project_request, &TokenRefusal::of(&project.response, self.token)),
                &project.response,
                self.project_request,
            ),
            ResponseClass::Denied(_) => self.response_error(&project.response, self.project_request),
            ResponseClass::NotFound | ResponseClass::ProjectNotFound => Some(ConnectError::ProjectNotFound),
            ResponseClass::Success => {
                // The name is correct: similar names would not help.
                let state = project.value.as_ref().ok()?.unusable_state()?;
                self.with_origin(unusable_project(self.name, &state), &project.response, self.project_request)
            }
            _ => None,
        }
    }

    /// Returns the error of a project that does not exist, with similar names
    pub(crate) fn project_not_found(&self, similar: &[String]) -> Error {
        let name = printable(self.name.as_str(), 256);
        let (kind, organization) = (self.error_text.kind(), self.error_text.organization());
        let similar = match similar {
            [] => String::new(),
            similar => format!("; similar names: \"{}\"", similar.join("\", \"")),
        };
        let message = format!(
            "The {kind} \"{organization}\" has no project \"{name}\", or the token's user cannot see it{similar}"
        );
        Error::new(ErrorCode::ProjectNotFound, message)
    }

    /// Returns the error of a token that is not accepted; the response about the project may give the reason that the
    /// other one does not
    fn refused(
        &self,
        user: &ServiceResponse,
        project: Option<(&ServiceResponse, ResponseClass)>,
    ) -> Option<ConnectError> {
        let refusal = TokenRefusal::of(user, self.token);
        if refusal.is_explained() {
            let error = self.error_text.refused(&refusal, self.token);
            return self.with_origin(error, user, self.user_request);
        }
        let of_project = match project {
            Some((response, ResponseClass::Denied(Denial::ConditionalAccess))) => {
                return self.response_error(response, self.project_request);
            }
            Some((response, ResponseClass::Unauthenticated)) => {
                Some((TokenRefusal::of(response, self.token), response))
                    .filter(|(reason, _)| reason.is_explained())
            }
            _ => None,
        };
        match of_project {
            Some((reason, response)) => {
                self.with_origin(self.error_text.refused(&reason, self.token), response, self.project_request)
            }
            None => self.with_origin(self.error_text.refused(&refusal, self.token), user, self.user_request),
        }
    }

    fn response_error(&self, response: &ServiceResponse, request: &Request<'_>) -> Option<ConnectError> {
        response_error::error(response, request, self.error_text, self.token).map(ConnectError::Error)
    }

    fn with_origin(
        &self,
        error: Error,
        response: &ServiceResponse,
        request: &Request<'_>,
    ) -> Option<ConnectError> {
        Some(ConnectError::Error(response_error::with_origin(error, response, request, self.token)))
    }
}

fn unusable_project(name: &ProjectName, state: &str) -> Error {
    let name = printable(name.as_str(), 256);
    let message = format!("The project \"{name}\" cannot be used: its state is \"{state}\"");
    Error::new(ErrorCode::ProjectNotFound, message)
        .help("A project that is being created is ready in a moment; a project that is being deleted can be restored.")
}
