//! The errors of a token that is not accepted: `auth.failed`.

use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::Scheme;
use crate::devops::errors::error_text::ErrorText;
use crate::devops::message::body;
use crate::devops::message::response::ServiceResponse;

/// The reasons why a Microsoft Entra token is not accepted, likeliest first; the responses do not distinguish them
const ENTRA_HELP: &str = "The application may not be a user of the organization (Organization settings > Users), or the \
    organization may belong to another tenant than the one that issued the token (Organization settings > Microsoft \
    Entra). An access token from elsewhere may have expired, or may be for another service: request a new one from \
    Microsoft Entra.";

impl ErrorText {
    /// Returns the error of a token that is not accepted
    ///
    /// The service responds in the same way to a mistyped, an expired and a revoked token, and to one of another
    /// organization: the help lists them, likeliest first.
    pub(crate) fn not_accepted(&self) -> Error {
        let (name, page) = (self.organization(), self.token_page());
        if self.scheme == Scheme::Bearer {
            return self.entra_not_accepted();
        }
        if self.is_on_a_server() {
            let server = self.url.authority();
            let message = format!("{server} does not accept the token for the collection \"{name}\"");
            return Error::new(ErrorCode::AuthFailed, message).help(format!(
                "The token may be mistyped, expired, revoked, or created for another collection or server. \
                 Check it at {page}, or store a new token."
            ));
        }
        let message = format!("Azure DevOps does not accept the token for the organization \"{name}\"");
        Error::new(ErrorCode::AuthFailed, message).help(format!(
            "The token may be mistyped, expired, revoked, or created for another organization; tokens for all \
             organizations stop working on 2026-12-01. Check it at {page}, or store a new token."
        ))
    }

    /// Returns the error of a Microsoft Entra token that is not accepted
    fn entra_not_accepted(&self) -> Error {
        let name = self.organization();
        if self.is_on_a_server() {
            let server = self.url.authority();
            let message =
                format!("{server} does not accept the Microsoft Entra token for the collection \"{name}\"");
            return Error::new(ErrorCode::AuthFailed, message).help(
                "An Azure DevOps Server accepts no Microsoft Entra tokens: connect with the method PAT.",
            );
        }
        let message =
            format!("Azure DevOps does not accept the Microsoft Entra token for the organization \"{name}\"");
        Error::new(ErrorCode::AuthFailed, message).help(ENTRA_HELP)
    }

    /// Returns the error of a token that is not accepted, as precisely as the response allows
    pub(crate) fn not_accepted_by(&self, response: &ServiceResponse) -> Error {
        if let Some(error) = self.no_collection(ErrorCode::AuthFailed) {
            return error;
        }
        let (name, page) = (self.organization(), self.token_page());
        let entra = self.scheme == Scheme::Bearer;
        if response.service_error().has_code("TF401444") && entra {
            let message = format!("The application is not a user of \"{name}\" (TF401444)");
            return Error::new(ErrorCode::AuthFailed, message).help(
                "Add it at Organization settings > Users. If the token belongs to a person, that person must sign \
                 in to the organization in a browser once.",
            );
        }
        if response.service_error().has_code("TF401444") {
            let message = format!("The token's user has never signed in to \"{name}\" (TF401444)");
            return Error::new(ErrorCode::AuthFailed, message).help(format!(
                "Open {} in a browser, sign in as that user once, and try again.",
                self.url.base()
            ));
        }
        if response.is_from_service() {
            return self.not_accepted();
        }
        if self.is_on_a_server() && response.status.as_u16() == 401 && !entra {
            let server = self.url.authority();
            let message =
                format!("The web server of {server} rejects the token before it reaches Azure DevOps");
            return Error::new(ErrorCode::AuthFailed, message).help(format!(
                "IIS Basic authentication is probably enabled, which treats the token as a Windows password: ask the \
                 server's administrator to disable it in IIS Manager > Authentication. Otherwise the token may \
                 be mistyped, expired or revoked: check it at {page}."
            ));
        }
        if body::is_web_page(response) && response.status.as_u16() == 200 {
            let message =
                format!("A web page was returned instead of a response from Azure DevOps for \"{name}\"");
            let advice = match entra {
                true => ENTRA_HELP.to_owned(),
                false => format!("check it at {page}."),
            };
            return Error::new(ErrorCode::AuthFailed, message).help(format!(
                "A proxy or the network's own sign-in page may have responded: open {} in a browser on this \
                 machine. If it shows the sign-in page of Azure DevOps, the token is not accepted: {advice}",
                self.url.base()
            ));
        }
        self.not_accepted()
    }

    /// Returns the error of a token that was rejected before; nothing was sent this time
    pub(crate) fn stale(&self) -> Error {
        let message = format!(
            "Azure DevOps no longer accepts this session's token for the organization \"{}\"; no more requests are sent",
            self.organization()
        );
        Error::new(ErrorCode::AuthFailed, message).help(match self.scheme {
            Scheme::Basic => {
                format!("Create a new token at {}, store it, and connect again.", self.token_page())
            }
            Scheme::Bearer => format!("{ENTRA_HELP} Then connect again."),
        })
    }
}
