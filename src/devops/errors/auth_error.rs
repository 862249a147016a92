//! The errors of a token that is not accepted: `auth.failed`. Decisions 0066 and 0130.

use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::Scheme;
use crate::contract::Secret;
use crate::contract::has_unknown_form;
use crate::contract::token_shape;
use crate::devops::errors::error_text::ErrorText;
use crate::devops::errors::token_refusal::StaleToken;
use crate::devops::errors::token_refusal::TokenRefusal;

/// The reasons why a Microsoft Entra token is not accepted, likeliest first; the responses do not distinguish them
const ENTRA_HELP: &str = "The application may not be a user of the organization (Organization settings > Users), or the \
    organization may belong to another tenant than the one that issued the token (Organization settings > Microsoft \
    Entra). An access token from elsewhere may have expired, or may be for another service: request a new one from \
    Microsoft Entra.";

/// The reason that lies in the network, after those that lie in the token
const NETWORK_HELP: &str = "If the same token works on another machine, a conditional access policy may exclude the \
    address of this one: ask the administrator of the tenant.";

/// What an unmarked response may be
pub(crate) const UNMARKED_HELP: &str =
    "The response has none of the headers of Azure DevOps: a proxy or a gateway may have sent it.";

impl ErrorText {
    /// Returns the error of a token that is not accepted, as precisely as the response allows
    ///
    /// If the response gives no reason, the help lists the possible ones, likeliest first: the service responds in the
    /// same way to a mistyped and a revoked token, to one of another organization, and often to an expired one.
    pub(crate) fn refused(&self, refusal: &TokenRefusal, token: &Secret) -> Error {
        if let Some(error) = self.no_collection(ErrorCode::AuthFailed) {
            return error;
        }
        let (name, page) = (self.organization(), self.token_page());
        let (message, help) = match refusal {
            TokenRefusal::Unexplained { is_unmarked } => (
                format!("{}{}", self.not_accepted(), unknown_shape(token)),
                match is_unmarked {
                    true => format!("{} {UNMARKED_HELP}", self.possible_reasons()),
                    false => self.possible_reasons(),
                },
            ),
            TokenRefusal::Stated { sentence, expired } => (
                format!("{}: \"{sentence}\"", self.not_accepted()),
                // A server accepts no such token, whatever it says.
                match self.scheme == Scheme::Bearer && self.is_on_a_server() {
                    true => self.possible_reasons(),
                    false => self.help_for_stated(*expired),
                },
            ),
            TokenRefusal::NoMember => (
                format!("The token's user is known and has no access to the {} \"{name}\" (TF400813)", self.kind()),
                match self.is_on_a_server() {
                    true => format!(
                        "Add the user to a group of the project, or at Collection settings > Permissions; one who was \
                         removed or disabled has to be added or enabled again. A token that was created for another \
                         collection is replaced at {page}."
                    ),
                    false => format!(
                        "Add the user at Organization settings > Users; one who was removed or disabled has to be added \
                         or enabled again, and a guest has to accept the invitation of the directory first. A token that \
                         was created for another organization is replaced at {page}."
                    ),
                },
            ),
            TokenRefusal::NeverSignedIn if self.scheme == Scheme::Bearer && self.is_on_a_server() => {
                (self.not_accepted(), self.possible_reasons())
            }
            TokenRefusal::NeverSignedIn if self.scheme == Scheme::Bearer => (
                format!("The application is not a user of \"{name}\" (TF401444)"),
                "Add it at Organization settings > Users. If the token belongs to a person, that person must sign \
                 in to the organization in a browser once."
                    .to_owned(),
            ),
            TokenRefusal::NeverSignedIn => (
                format!("The token's user has never signed in to \"{name}\" (TF401444)"),
                format!("Open {} in a browser, sign in as that user once, and try again.", self.url.base()),
            ),
            TokenRefusal::WebServer if self.scheme == Scheme::Bearer => {
                (self.not_accepted(), self.possible_reasons())
            }
            TokenRefusal::WebServer => (
                format!(
                    "The web server of {} rejects the token before it reaches Azure DevOps{}",
                    self.url.authority(),
                    unknown_shape(token)
                ),
                format!(
                    "IIS Basic authentication is probably enabled, which treats the token as a Windows password: ask \
                     the server's administrator to disable it in IIS Manager > Authentication. Otherwise the token may \
                     be mistyped, expired or revoked: check it at {page}."
                ),
            ),
        };
        Error::new(ErrorCode::AuthFailed, message).help(help)
    }

    /// Returns the error of a token that was rejected before; nothing was sent this time
    pub(crate) fn stale(&self, StaleToken { refusal, token }: &StaleToken) -> Error {
        let name = self.organization();
        let reason = match refusal.sentence() {
            Some(sentence) => format!(": \"{sentence}\""),
            None if refusal.is_explained() => String::new(),
            None => unknown_shape(token),
        };
        let message = format!(
            "{} no longer accepts this session's token for the {} \"{name}\"; no more requests are sent{reason}",
            self.service(),
            self.kind()
        );
        Error::new(ErrorCode::AuthFailed, message).help(match self.scheme {
            Scheme::Basic => {
                format!("Create a new token at {}, store it, and connect again.", self.token_page())
            }
            Scheme::Bearer if self.is_on_a_server() => self.possible_reasons(),
            Scheme::Bearer => format!("{ENTRA_HELP} Then connect again."),
        })
    }

    /// Returns the sentence that a token is not accepted
    fn not_accepted(&self) -> String {
        let token = match self.scheme {
            Scheme::Basic => "token",
            Scheme::Bearer => "Microsoft Entra token",
        };
        let (service, kind, name) = (self.service(), self.kind(), self.organization());
        format!("{service} does not accept the {token} for the {kind} \"{name}\"")
    }

    /// Returns the help for a reason that the service states
    fn help_for_stated(&self, expired: bool) -> String {
        let renew = match self.scheme {
            Scheme::Basic => {
                format!("Create a new token at {} and store it in the same place.", self.token_page())
            }
            Scheme::Bearer => "Request a new access token from Microsoft Entra.".to_owned(),
        };
        match expired {
            true => renew,
            false => format!(
                "The quoted sentence is the reason that {} gives. If it is about a policy, a user or a network, show it \
                 to an administrator of the {}. If it is about the token, it has to be replaced. {renew}",
                self.service(),
                self.kind()
            ),
        }
    }

    /// Returns the possible reasons, likeliest first, for a response that gives none
    fn possible_reasons(&self) -> String {
        let page = self.token_page();
        match (self.scheme, self.is_on_a_server()) {
            (Scheme::Bearer, true) => {
                "An Azure DevOps Server accepts no Microsoft Entra tokens: connect with the method PAT."
                    .to_owned()
            }
            (Scheme::Bearer, false) => format!("{ENTRA_HELP} {NETWORK_HELP}"),
            (Scheme::Basic, true) => format!(
                "The token may be mistyped, expired, revoked, or created for another collection or server. \
                 Check it at {page}, or store a new token."
            ),
            (Scheme::Basic, false) => format!(
                "The token may be mistyped, expired, revoked, or created for another organization; tokens for all \
                 organizations stop working on 2026-12-01. Check it at {page}, or store a new token. {NETWORK_HELP}"
            ),
        }
    }
}

/// Returns what a message adds about a token that has no known form; nothing about one of Microsoft Entra
fn unknown_shape(token: &Secret) -> String {
    match has_unknown_form(token) {
        true => format!("; the token has {}", token_shape(token)),
        false => String::new(),
    }
}
