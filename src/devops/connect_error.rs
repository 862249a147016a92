//! What Connect says when something is wrong: of both answers, the first fault that fits.
//!
//! The rows stand in the order of their precedence: whoever is not signed in learns nothing about
//! the project, and a deactivated organization is named before a name that may be mistyped.

use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::ProjectName;
use crate::contract::Secret;
use crate::contract::printable;
use crate::devops::error_text::ErrorText;
use crate::devops::identity;
use crate::devops::project;
use crate::devops::request::Request;
use crate::devops::response::ResponseClass;
use crate::devops::response::ServiceResponse;
use crate::devops::response_error;
use crate::devops::sign_in_response::SignInResponse;

/// What both answers are read with
pub(super) struct SignInResponses<'a> {
    pub(super) place: &'a ErrorText,
    pub(super) token: &'a Secret,
    pub(super) name: &'a ProjectName,
    /// The request that asked who the token's user is
    pub(super) who: &'a Request<'a>,
    /// The request that asked for the project
    pub(super) what: &'a Request<'a>,
}

/// Why there is no connection
pub(super) enum ConnectError {
    /// This error
    Error(Error),
    /// There is no such project; near names may help
    NoSuchProject,
}

impl SignInResponses<'_> {
    /// The first row that fits; nothing if both answers are good or neither says what is wrong
    pub(super) fn first_fault(
        &self,
        who: Option<&SignInResponse<identity::IdentityRecord>>,
        what: Option<&SignInResponse<project::ProjectRecord>>,
    ) -> Option<ConnectError> {
        let identity = who.map(|heard| (&heard.answer, heard.meaning));
        let project = what.map(|heard| (&heard.answer, heard.meaning));
        match identity {
            Some((answer, ResponseClass::NotSignedIn)) => {
                return self.fault(self.place.not_accepted_by(answer), answer, self.who);
            }
            Some((answer, ResponseClass::Denied(_))) => return self.refused(answer, self.who),
            _ => {}
        }
        for (side, request) in [(identity, self.who), (project, self.what)] {
            if let Some((answer, ResponseClass::Disabled)) = side {
                return self.refused(answer, request);
            }
        }
        if let Some((answer, ResponseClass::NoSuchThing | ResponseClass::NoSuchProject)) = identity {
            return self.fault(self.place.no_such_organization(), answer, self.who);
        }
        let project = what?;
        match project.meaning {
            ResponseClass::NotSignedIn => {
                self.fault(self.place.scope_missing(self.what), &project.answer, self.what)
            }
            ResponseClass::Denied(_) => self.refused(&project.answer, self.what),
            ResponseClass::NoSuchThing | ResponseClass::NoSuchProject => Some(ConnectError::NoSuchProject),
            ResponseClass::Done => {
                // A state is no spelling mistake: near names would not help.
                let state = project.value.as_ref().ok()?.unusable_state()?;
                self.fault(unusable_project(self.name, &state), &project.answer, self.what)
            }
            _ => None,
        }
    }

    /// The error of a project that is not there, with the names near to it
    pub(super) fn no_such_project(&self, near: &[String]) -> Error {
        let (name, organization) = (printable(self.name.as_str(), 256), self.place.organization());
        let near = match near {
            [] => String::new(),
            near => format!("; near to it: \"{}\"", near.join("\", \"")),
        };
        let message = format!(
            "The organization \"{organization}\" has no project \"{name}\", or the token's user cannot see it{near}"
        );
        Error::new(ErrorCode::ProjectNotFound, message)
    }

    fn refused(&self, answer: &ServiceResponse, request: &Request<'_>) -> Option<ConnectError> {
        response_error::error(answer, request, self.place, self.token).map(ConnectError::Error)
    }

    fn fault(&self, error: Error, answer: &ServiceResponse, request: &Request<'_>) -> Option<ConnectError> {
        Some(ConnectError::Error(response_error::with_origin(error, answer, request, self.token)))
    }
}

fn unusable_project(name: &ProjectName, state: &str) -> Error {
    let name = printable(name.as_str(), 256);
    let message = format!("The project \"{name}\" cannot be used: its state is \"{state}\"");
    Error::new(ErrorCode::ProjectNotFound, message)
        .help("A project that is being made is ready in a moment; one that is being deleted can be restored.")
}
