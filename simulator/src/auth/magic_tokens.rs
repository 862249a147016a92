//! Special tokens: each makes every organization refuse the request in one particular way.
//! They can be typed at a prompt for a token, so none contains `:` or `/`.

use super::scopes::Grant;
use crate::auth::Rejection;

/// An expired token: 401 with an empty body.
pub const EXPIRED_TOKEN: &str = "simulator-expired-token";
/// A revoked token: 401 with an empty body.
pub const REVOKED_TOKEN: &str = "simulator-revoked-token";
/// 401 with a byte order mark and JSON `TF400813`.
pub const UNAUTHORIZED_JSON_TOKEN: &str = "simulator-unauthorized-json-token";
/// 203 and the sign-in page.
pub const SIGNIN_PAGE_TOKEN: &str = "simulator-signin-page-token";
/// 302 to the sign-in page.
pub const REDIRECT_TOKEN: &str = "simulator-redirect-token";
/// 200 as the anonymous identity.
pub const ANONYMOUS_TOKEN: &str = "simulator-anonymous-token";
/// 403 `VS403463`.
pub const CONDITIONAL_ACCESS_TOKEN: &str = "simulator-conditional-access-token";
/// Prefix of a valid token that has only the scopes after the dot, joined by `+`.
pub const SCOPES_TOKEN_PREFIX: &str = "simulator-token-with-scopes.";

/// Returns whether a text is one of the simulator's special tokens.
///
/// ```
/// assert!(azdo_simulator::is_special_token("simulator-expired-token"));
/// assert!(azdo_simulator::is_special_token("simulator-token-with-scopes.vso.code_write+vso.build_execute"));
/// assert!(!azdo_simulator::is_special_token("simulator-token-with-scopes."));
/// ```
pub fn is_special_token(token: &str) -> bool {
    MagicToken::of(token).is_some()
}

/// The effect of a special token.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum MagicToken {
    Rejected(Rejection),
    ConditionalAccess,
    Scopes(Grant),
}

impl MagicToken {
    pub(crate) fn of(token: &str) -> Option<MagicToken> {
        if let Some(scopes) = token.strip_prefix(SCOPES_TOKEN_PREFIX) {
            let scopes: Vec<&str> = scopes.split('+').collect();
            return (!scopes.contains(&"")).then(|| MagicToken::Scopes(Grant::of(scopes)));
        }
        Some(match token {
            EXPIRED_TOKEN | REVOKED_TOKEN => MagicToken::Rejected(Rejection::Empty),
            UNAUTHORIZED_JSON_TOKEN => MagicToken::Rejected(Rejection::Json),
            SIGNIN_PAGE_TOKEN => MagicToken::Rejected(Rejection::SignInPage),
            REDIRECT_TOKEN => MagicToken::Rejected(Rejection::Redirect),
            ANONYMOUS_TOKEN => MagicToken::Rejected(Rejection::Anonymous),
            CONDITIONAL_ACCESS_TOKEN => MagicToken::ConditionalAccess,
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn special_tokens_can_be_typed() {
        for token in [
            EXPIRED_TOKEN,
            REVOKED_TOKEN,
            UNAUTHORIZED_JSON_TOKEN,
            SIGNIN_PAGE_TOKEN,
            REDIRECT_TOKEN,
            ANONYMOUS_TOKEN,
            CONDITIONAL_ACCESS_TOKEN,
            "simulator-token-with-scopes.vso.code",
        ] {
            assert!(is_special_token(token), "{token}");
            assert!(!token.contains([':', '/', '=', ' ']), "{token}");
        }
        for other in ["", "simulator", "simulator-token-with-scopes.a++b", "simulator-Expired-token"] {
            assert!(!is_special_token(other), "{other}");
        }
    }
}
