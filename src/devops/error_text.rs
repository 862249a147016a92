//! What every error names: the organization, and what the service wrote, made safe to repeat.

use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::Masker;
use crate::contract::OrganizationForm;
use crate::contract::OrganizationUrl;
use crate::contract::Scheme;
use crate::contract::Scope;
use crate::contract::Secret;
use crate::contract::printable;
use crate::devops::body;
use crate::devops::request::Request;
use crate::devops::response::ServiceResponse;

/// The longest words of the service that are quoted, in characters; no longer answer is read for an error
const QUOTED: usize = 64 << 10;

/// Why a token of Microsoft Entra is not accepted, likeliest first; these look the same from outside
const ENTRA_HELP: &str = "The application may be no user of the organization (Organization settings > Users), or the \
    organization belongs to another tenant than the one that signed it in (Organization settings > Microsoft Entra). \
    An access token that was handed over may be over or made for another service: ask Microsoft Entra for a new one.";

/// The organization as messages name it, and what signs in there
pub(super) struct ErrorText {
    pub(super) url: OrganizationUrl,
    scheme: Scheme,
}

impl ErrorText {
    pub(super) fn new(organization: &OrganizationUrl, scheme: Scheme) -> Self {
        ErrorText { url: organization.clone(), scheme }
    }

    /// Its name as typed
    pub(super) fn organization(&self) -> &str {
        self.url.organization()
    }

    /// Whether it is a collection of an Azure DevOps Server; plain http is for simulators alone
    fn is_on_a_server(&self) -> bool {
        self.url.form() == OrganizationForm::Other && !self.url.is_plain_http()
    }

    /// Where its tokens are made
    fn token_page(&self) -> String {
        format!("{}/_usersSettings/tokens", self.url.base())
    }

    /// The token signs nobody in
    ///
    /// A mistyped, an expired and a revoked token look the same from outside, and so does one of another
    /// organization: the help lists them, likeliest first.
    pub(super) fn not_accepted(&self) -> Error {
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
    pub(super) fn not_accepted_by(&self, answer: &ServiceResponse) -> Error {
        let (name, page) = (self.organization(), self.token_page());
        let entra = self.scheme == Scheme::Bearer;
        if answer.envelope().has_code("TF401444") && entra {
            let message = format!("The application is no user of \"{name}\" (TF401444)");
            return Error::new(ErrorCode::AuthFailed, message).help(
                "Add it at Organization settings > Users. If the token is a person's, that person signs in at \
                 the organization's address in a browser once.",
            );
        }
        if answer.envelope().has_code("TF401444") {
            let message = format!("The token's user never signed in to \"{name}\" (TF401444)");
            return Error::new(ErrorCode::AuthFailed, message).help(format!(
                "Open {} in a browser, sign in as that user once, and try again.",
                self.url.base()
            ));
        }
        if answer.is_of_the_service() {
            return self.not_accepted();
        }
        if self.is_on_a_server() && answer.status.as_u16() == 401 && !entra {
            let server = self.url.authority();
            let message = format!("The web server of {server} refuses the token before Azure DevOps sees it");
            return Error::new(ErrorCode::AuthFailed, message).help(format!(
                "Most likely IIS Basic authentication is on, which takes a token for a Windows password: the \
                 server's administrator turns it off in IIS Manager > Authentication. Otherwise the token may \
                 be mistyped, expired or revoked: look at {page}."
            ));
        }
        if body::is_web_page(answer) && answer.status.as_u16() == 200 {
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

    /// There is nothing at the organization's address
    pub(super) fn no_such_organization(&self) -> Error {
        let name = self.organization();
        if self.is_on_a_server() {
            let message = format!("There is no collection \"{name}\" at {}", self.url.base());
            return Error::new(ErrorCode::OrganizationNotFound, message).help(
                "Compare the address with the one in a browser: collections often stand below /tfs, and a \
                 project does not belong into the address.",
            );
        }
        Error::new(
            ErrorCode::OrganizationNotFound,
            format!("There is no organization \"{name}\" on Azure DevOps"),
        )
    }

    /// The token was not accepted before, and nothing was sent this time
    pub(super) fn stale(&self) -> Error {
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

    /// The token signs somebody in and is refused nevertheless: it lacks a scope
    pub(super) fn scope_missing(&self, request: &Request<'_>) -> Error {
        let (lack, add) = match request.scope_needed() {
            Some(scope) => scope_words(scope),
            None => ("lacks a scope".to_owned(), "Add the scope".to_owned()),
        };
        let message = format!("The token is good and {lack}, which it takes to {}", request.words());
        Error::new(ErrorCode::AuthScopeMissing, message).help(match self.scheme {
            Scheme::Basic => {
                format!("{add} to the token at {}, or store another token that has it.", self.token_page())
            }
            Scheme::Bearer => {
                "Ask Microsoft Entra for a token of everything its user may do in Azure DevOps: \
                               499b84ac-1321-427f-aa17-267ca6975798/.default."
                    .to_owned()
            }
        })
    }
}

fn scope_words(scope: Scope) -> (String, String) {
    (format!("lacks the scope \"{scope}\""), format!("Add the scope \"{scope}\""))
}

/// What the service wrote, safe to show: our token masked, control characters escaped
///
/// It is whole: it may hold another token of the run tree, which the dispatcher masks before it cuts.
pub(super) fn quote(text: &str, token: &Secret) -> String {
    let masker = Masker::default();
    masker.remember(token);
    printable(&masker.mask(text.trim()), QUOTED)
}
