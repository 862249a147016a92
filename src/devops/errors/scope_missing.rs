//! The error of a token that is accepted and lacks a scope: `auth.scope_missing`.

use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::Scheme;
use crate::contract::Scope;
use crate::devops::errors::error_text::ErrorText;
use crate::devops::errors::token_refusal::TokenRefusal;
use crate::devops::message::request::Request;

impl ErrorText {
    /// Returns the error of a request that is refused although its token is accepted: a scope is missing, unless the
    /// service gives another reason
    pub(crate) fn scope_missing(&self, request: &Request<'_>, refusal: &TokenRefusal) -> Error {
        if let Some(sentence) = refusal.sentence() {
            let message = format!("{} refused to {}: \"{sentence}\"", self.service(), request.description());
            return Error::new(ErrorCode::PermissionDenied, message).help(format!(
                "The token is valid, and the quoted sentence is the reason that {} gives: show it to an administrator \
                 of the {}.",
                self.service(),
                self.kind()
            ));
        }
        let (lack, add) = match request.scope_needed() {
            Some(scope) => scope_parts(scope),
            None => ("lacks a scope".to_owned(), "Add the scope".to_owned()),
        };
        let message =
            format!("The token is valid but {lack}, which is required to {}", request.description());
        Error::new(ErrorCode::AuthScopeMissing, message).help(match self.scheme {
            Scheme::Basic => {
                format!("{add} to the token at {}, or store another token that has it.", self.token_page())
            }
            Scheme::Bearer => {
                "Request a Microsoft Entra token with all the permissions of its user in Azure DevOps: the scope \
                 499b84ac-1321-427f-aa17-267ca6975798/.default."
                    .to_owned()
            }
        })
    }
}

fn scope_parts(scope: Scope) -> (String, String) {
    (format!("lacks the scope \"{scope}\""), format!("Add the scope \"{scope}\""))
}
