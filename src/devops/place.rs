//! What every error names: the organization, and what the service wrote, made safe to repeat.

use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::Masker;
use crate::contract::OrganizationUrl;
use crate::contract::Scope;
use crate::contract::Secret;
use crate::contract::printable;
use crate::devops::request::Request;

/// How much of the service's words is quoted, in characters
const QUOTED: usize = 500;

/// The organization as messages name it
pub(super) struct Place {
    pub(super) url: OrganizationUrl,
}

impl Place {
    pub(super) fn new(organization: &OrganizationUrl) -> Self {
        Place { url: organization.clone() }
    }

    /// Its name as typed
    pub(super) fn organization(&self) -> &str {
        self.url.organization()
    }

    /// Where its tokens are made
    fn token_page(&self) -> String {
        format!("{}/_usersSettings/tokens", self.url.base())
    }

    /// The token signs nobody in
    pub(super) fn not_accepted(&self) -> Error {
        let message = format!(
            "Azure DevOps does not accept the token for the organization \"{}\"",
            self.organization()
        );
        Error::new(ErrorCode::AuthFailed, message).help(format!(
            "The token may be mistyped, expired, revoked or made for another organization; one for all \
             organizations stops working on 2026-12-01. Look at {} and store a new token.",
            self.token_page()
        ))
    }

    /// The token was not accepted before, and nothing was sent this time
    pub(super) fn stale(&self) -> Error {
        let message = format!(
            "Azure DevOps stopped accepting this session's token for the organization \"{}\"; nothing more is sent",
            self.organization()
        );
        Error::new(ErrorCode::AuthFailed, message)
            .help(format!("Make a new token at {}, store it, and Connect again.", self.token_page()))
    }

    /// The token signs somebody in and is refused nevertheless: it lacks a scope
    pub(super) fn scope_missing(&self, request: &Request<'_>) -> Error {
        let (lack, add) = match request.scope_needed() {
            Some(scope) => scope_words(scope),
            None => ("lacks a scope".to_owned(), "Add the scope".to_owned()),
        };
        let message = format!("The token is good and {lack}, which it takes to {}", request.words());
        Error::new(ErrorCode::AuthScopeMissing, message)
            .help(format!("{add} to the token at {}, or store another token that has it.", self.token_page()))
    }
}

fn scope_words(scope: Scope) -> (String, String) {
    (format!("lacks the scope \"{scope}\""), format!("Add the scope \"{scope}\""))
}

/// What the service wrote, safe to show: our token masked, control characters escaped, cut short
pub(super) fn quote(text: &str, token: &Secret) -> String {
    let masker = Masker::default();
    masker.remember(token);
    printable(&masker.mask(text.trim()), QUOTED)
}
