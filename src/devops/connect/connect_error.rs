//! What Connect says when something is wrong: of both answers, the first fault that fits.
//!
//! The rows stand in the order of their precedence: whoever is not signed in learns nothing about
//! the project, and a deactivated organization is named before a name that may be mistyped.

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
use crate::devops::message::request::Request;
use crate::devops::message::response::ServiceResponse;
use crate::devops::message::response_class::ResponseClass;

/// What both answers are read with
pub(crate) struct SignInResponses<'a> {
    pub(crate) error_text: &'a ErrorText,
    pub(crate) token: &'a Secret,
    pub(crate) name: &'a ProjectName,
    /// The request that asked who the token's user is
    pub(crate) user_request: &'a Request<'a>,
    /// The request that asked for the project
    pub(crate) project_request: &'a Request<'a>,
}

/// Why there is no connection
pub(crate) enum ConnectError {
    /// This error
    Error(Error),
    /// There is no such project; near names may help
    ProjectNotFound,
}

impl SignInResponses<'_> {
    /// The first row that fits; nothing if both answers are good or neither says what is wrong
    pub(crate) fn first_error(
        &self,
        user: Option<&SignInResponse<IdentityRecord>>,
        project: Option<&SignInResponse<ProjectRecord>>,
    ) -> Option<ConnectError> {
        let identity = user.map(|read| (&read.response, read.class));
        let found = project.map(|read| (&read.response, read.class));
        match identity {
            Some((response, ResponseClass::Unauthenticated)) => {
                return self.fault(self.error_text.not_accepted_by(response), response, self.user_request);
            }
            Some((response, ResponseClass::Denied(_))) => return self.refused(response, self.user_request),
            _ => {}
        }
        for (side, request) in [(identity, self.user_request), (found, self.project_request)] {
            if let Some((response, ResponseClass::OrganizationDisabled)) = side {
                return self.refused(response, request);
            }
        }
        if let Some((response, ResponseClass::NotFound | ResponseClass::ProjectNotFound)) = identity {
            return self.fault(self.error_text.organization_not_found(), response, self.user_request);
        }
        let project = project?;
        match project.class {
            ResponseClass::Unauthenticated => self.fault(
                self.error_text.scope_missing(self.project_request),
                &project.response,
                self.project_request,
            ),
            ResponseClass::Denied(_) => self.refused(&project.response, self.project_request),
            ResponseClass::NotFound | ResponseClass::ProjectNotFound => Some(ConnectError::ProjectNotFound),
            ResponseClass::Success => {
                // A state is no spelling mistake: near names would not help.
                let state = project.value.as_ref().ok()?.unusable_state()?;
                self.fault(unusable_project(self.name, &state), &project.response, self.project_request)
            }
            _ => None,
        }
    }

    /// The error of a project that is not there, with the names near to it
    pub(crate) fn project_not_found(&self, near: &[String]) -> Error {
        let (name, organization) = (printable(self.name.as_str(), 256), self.error_text.organization());
        let near = match near {
            [] => String::new(),
            near => format!("; near to it: \"{}\"", near.join("\", \"")),
        };
        let message = format!(
            "The organization \"{organization}\" has no project \"{name}\", or the token's user cannot see it{near}"
        );
        Error::new(ErrorCode::ProjectNotFound, message)
    }

    fn refused(&self, response: &ServiceResponse, request: &Request<'_>) -> Option<ConnectError> {
        response_error::error(response, request, self.error_text, self.token).map(ConnectError::Error)
    }

    fn fault(&self, error: Error, response: &ServiceResponse, request: &Request<'_>) -> Option<ConnectError> {
        Some(ConnectError::Error(response_error::with_origin(error, response, request, self.token)))
    }
}

fn unusable_project(name: &ProjectName, state: &str) -> Error {
    let name = printable(name.as_str(), 256);
    let message = format!("The project \"{name}\" cannot be used: its state is \"{state}\"");
    Error::new(ErrorCode::ProjectNotFound, message)
        .help("A project that is being made is ready in a moment; one that is being deleted can be restored.")
}
