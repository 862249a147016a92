//! The errors of a token that is not accepted: `auth.failed`.

use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::Scheme;
use crate::devops::errors::error_text::ErrorText;
use crate::devops::message::body;
use crate::devops::message::response::ServiceResponse;

/// Why a token of Microsoft Entra is not accepted, likeliest first; these look the same from outside
const ENTRA_HELP: &str = "The application may be no user of the organization (Organization settings > Users), or the \
    organization belongs to another tenant than the one that signed it in (Organization settings > Microsoft Entra). \
    An access token that was handed over may be over or made for another service: ask Microsoft Entra for a new one.";

impl ErrorText {
    /// The token signs nobody in
    ///
    /// A mistyped, an expired and a revoked token look the same from outside, and so does one of another
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
                "The token may be mistyped, expired, revoked or made for another collection or server. \
                 Look at {page} and store a new token."
            ));
        }
        let message = format!("Azure DevOps does not accept the token for the organization \"{name}\"");
        Error::new(ErrorCode::AuthFailed, message).help(format!(
            "The token may be mistyped, expired, revoked or made for another organization; one for all \
             organizations stops working on 2026-12-01. Look at {page} and store a new token."
        ))
    }

    /// The same of an access token of Microsoft Entra
    fn entra_not_accepted(&self) -> Error {
        let name = self.organization();
        if self.is_on_a_server() {
            let server = self.url.authority();
            let message = format!(
                "{server} does not accept the token of Microsoft Entra for the collection \"{name}\""
            );
            return Error::new(ErrorCode::AuthFailed, message).help(
                "An Azure DevOps Server takes no token of Microsoft Entra: connect with the method PAT.",
            );
        }
        let message = format!(
            "Azure DevOps does not accept the token of Microsoft Entra for the organization \"{name}\""
        );
        Error::new(ErrorCode::AuthFailed, message).help(ENTRA_HELP)
    }

    /// The same, where the answer says more about who refuses it
    pub(crate) fn not_accepted_by(&self, response: &ServiceResponse) -> Error {
        let (name, page) = (self.organization(), self.token_page());
        let entra = self.scheme == Scheme::Bearer;
        if response.service_error().has_code("TF401444") && entra {
            let message = format!("The application is no user of \"{name}\" (TF401444)");
            return Error::new(ErrorCode::AuthFailed, message).help(
                "Add it at Organization settings > Users. If the token is a person's, that person signs in at \
                 the organization's address in a browser once.",
            );
        }
        if response.service_error().has_code("TF401444") {
            let message = format!("The token's user never signed in to \"{name}\" (TF401444)");
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
            let message = format!("The web server of {server} refuses the token before Azure DevOps sees it");
            return Error::new(ErrorCode::AuthFailed, message).help(format!(
                "Most likely IIS Basic authentication is on, which takes a token for a Windows password: the \
                 server's administrator turns it off in IIS Manager > Authentication. Otherwise the token may \
                 be mistyped, expired or revoked: look at {page}."
            ));
        }
        if body::is_web_page(response) && response.status.as_u16() == 200 {
            let message = format!("A web page came in the place of Azure DevOps's answer for \"{name}\"");
            let look = match entra {
                true => ENTRA_HELP.to_owned(),
                false => format!("look at {page}."),
            };
            return Error::new(ErrorCode::AuthFailed, message).help(format!(
                "A proxy or a sign-in page of the network may answer instead: open {} in a browser on this \
                 machine. If it is Azure DevOps's own sign-in page, the token is not accepted: {look}",
                self.url.base()
            ));
        }
        self.not_accepted()
    }

    /// The token was not accepted before, and nothing was sent this time
    pub(crate) fn stale(&self) -> Error {
        let message = format!(
            "Azure DevOps stopped accepting this session's token for the organization \"{}\"; nothing more is sent",
            self.organization()
        );
        Error::new(ErrorCode::AuthFailed, message).help(match self.scheme {
            Scheme::Basic => {
                format!("Make a new token at {}, store it, and Connect again.", self.token_page())
            }
            Scheme::Bearer => format!("{ENTRA_HELP} Then Connect again."),
        })
    }
}
