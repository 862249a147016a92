//! Special tokens: each makes every organization refuse the request in one particular way.
//! They can be typed at a prompt for a token, so none contains `:` or `/`.

use super::scopes::Grant;
use crate::auth::ConditionalAccess;
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
/// The tokens that are refused with a reason, and the form of each refusal.
const EXPLAINED: [(&str, Rejection); 6] = [
    ("simulator-expired-header-token", Rejection::ExpiredHeader),
    ("simulator-expired-json-token", Rejection::ExpiredJson),
    ("simulator-expired-page-token", Rejection::ExpiredPage),
    ("simulator-expired-forbidden-token", Rejection::ExpiredForbidden),
    ("simulator-global-token-policy-token", Rejection::GlobalTokenPolicy),
    ("simulator-not-a-member-token", Rejection::NotAMember),
];
/// The tokens that a conditional access policy refuses, and the form of each refusal.
const FENCED: [(&str, ConditionalAccess); 3] = [
    (CONDITIONAL_ACCESS_TOKEN, ConditionalAccess::Forbidden),
    ("simulator-conditional-access-unauthorized-token", ConditionalAccess::Unauthorized),
    ("simulator-conditional-access-page-token", ConditionalAccess::Page),
];
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
    ConditionalAccess(ConditionalAccess),
    Scopes(Grant),
}

impl MagicToken {
    pub(crate) fn of(token: &str) -> Option<MagicToken> {
        if let Some(scopes) = token.strip_prefix(SCOPES_TOKEN_PREFIX) {
            let scopes: Vec<&str> = scopes.split('+').collect();
            return (!scopes.contains(&"")).then(|| MagicToken::Scopes(Grant::of(scopes)));
        }
        if let Some((_, how)) = EXPLAINED.iter().find(|(known, _)| *known == token) {
            return Some(MagicToken::Rejected(*how));
        }
        if let Some((_, form)) = FENCED.iter().find(|(known, _)| *known == token) {
            return Some(MagicToken::ConditionalAccess(*form));
        }
        Some(match token {
            EXPIRED_TOKEN | REVOKED_TOKEN => MagicToken::Rejected(Rejection::Empty),
            UNAUTHORIZED_JSON_TOKEN => MagicToken::Rejected(Rejection::Json),
            SIGNIN_PAGE_TOKEN => MagicToken::Rejected(Rejection::SignInPage),
            REDIRECT_TOKEN => MagicToken::Rejected(Rejection::Redirect),
            ANONYMOUS_TOKEN => MagicToken::Rejected(Rejection::Anonymous),
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
        ]
        .into_iter()
        .chain(EXPLAINED.map(|(token, _)| token))
        .chain(FENCED.map(|(token, _)| token))
        {
            assert!(is_special_token(token), "{token}");
            assert!(!token.contains([':', '/', '=', ' ']), "{token}");
        }
        for other in ["", "simulator", "simulator-token-with-scopes.a++b", "simulator-Expired-token"] {
            assert!(!is_special_token(other), "{other}");
        }
    }
}
