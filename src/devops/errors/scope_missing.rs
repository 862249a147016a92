//! The error of a token that is accepted and lacks a scope: `auth.scope_missing`.

use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::Scheme;
use crate::contract::Scope;
use crate::devops::errors::error_text::ErrorText;
use crate::devops::message::request::Request;

impl ErrorText {
    /// The token signs somebody in and is refused nevertheless: it lacks a scope
    pub(crate) fn scope_missing(&self, request: &Request<'_>) -> Error {
        let (lack, add) = match request.scope_needed() {
            Some(scope) => scope_words(scope),
            None => ("lacks a scope".to_owned(), "Add the scope".to_owned()),
        };
        let message = format!("The token is good and {lack}, which it takes to {}", request.description());
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
