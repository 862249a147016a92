//! Why the service does not accept a token, as far as its response says. Decision 0130.

use std::sync::Arc;

use uuid::Uuid;

use crate::contract::Secret;
use crate::devops::errors::error_text::quote;
use crate::devops::message::anonymous::ANONYMOUS;
use crate::devops::message::response::ServiceResponse;
use crate::devops::message::sender::Sender;

/// The codes of sentences that give no reason: the service says them for a token that it does not know
const WITHOUT_REASON: [&str; 3] = ["TF400813", "TF30063", "VS30063"];

/// Why the service does not accept a token
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum TokenRefusal {
    /// The response gives no reason; it may also come from something else, if `is_unmarked`
    Unexplained {
        /// Whether nothing in the response shows that the service sent it
        is_unmarked: bool,
    },
    /// The service gives its reason in a sentence, which is safe to show
    Stated {
        /// The sentence, with its code if it has one
        sentence: String,
        /// Whether the token has expired
        expired: bool,
    },
    /// The service knows the user of the token, who has no access to the organization (`TF400813`)
    NoMember,
    /// The user of the token has never signed in (`TF401444`)
    NeverSignedIn,
    /// The web server of an Azure DevOps Server refuses the token before Azure DevOps
    WebServer,
}

/// The last token that was tried for a session, and why the service does not accept it
#[derive(Clone)]
pub(crate) struct StaleToken {
    pub(crate) refusal: TokenRefusal,
    pub(crate) token: Arc<Secret>,
}

impl TokenRefusal {
    /// Reads a response to a token that is not accepted
    pub(crate) fn of(response: &ServiceResponse, token: &Secret) -> Self {
        let error = response.service_error();
        if error.has_code("TF401444") {
            return TokenRefusal::NeverSignedIn;
        }
        let message = error.message.as_deref().unwrap_or_default();
        let is_reason = !WITHOUT_REASON.iter().any(|code| error.has_code(code));
        if error.has_code("TF400813") && names_a_user(message) {
            return TokenRefusal::NoMember;
        }
        let sender = response.sender();
        if is_reason && !message.is_empty() && sender == Sender::Service {
            return TokenRefusal::Stated {
                sentence: quote(message, token),
                expired: error.is_expired_token(),
            };
        }
        match sender {
            Sender::WebServer => TokenRefusal::WebServer,
            Sender::Unknown if response.from.is_server() && response.status.as_u16() == 401 => {
                TokenRefusal::WebServer
            }
            sender => TokenRefusal::Unexplained { is_unmarked: sender == Sender::Unknown },
        }
    }

    /// Whether the response gives a reason
    pub(crate) fn is_explained(&self) -> bool {
        !matches!(self, TokenRefusal::Unexplained { .. } | TokenRefusal::WebServer)
    }

    /// Returns the sentence of the service, if it gives its reason in one
    pub(crate) fn sentence(&self) -> Option<&str> {
        match self {
            TokenRefusal::Stated { sentence, .. } => Some(sentence),
            _ => None,
        }
    }
}

/// Whether `TF400813` names a user: for an unknown token, the service names no user or the anonymous one
fn names_a_user(message: &str) -> bool {
    let mut parts = message.split('\'');
    let user = parts.nth(1).filter(|_| parts.next().is_some()).unwrap_or_default();
    !user.is_empty() && !Uuid::parse_str(user).is_ok_and(|id| ANONYMOUS.contains(&id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use reqwest::header::CONTENT_TYPE;
    use reqwest::header::HeaderMap;
    use reqwest::header::HeaderName;
    use reqwest::header::HeaderValue;

    fn refusal(status: u16, headers: &[(&'static str, &'static str)], body: &str) -> TokenRefusal {
        let pair = |(name, value): &(&'static str, &'static str)| {
            (HeaderName::from_static(name), HeaderValue::from_static(value))
        };
        let mut map: HeaderMap = headers.iter().map(pair).collect();
        if body.starts_with('{') {
            map.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        let response = ServiceResponse::of_test(status, map, body.as_bytes());
        TokenRefusal::of(&response, &Secret::new("hidden-token".to_owned()))
    }

    #[test]
    fn a_refusal_is_read_from_the_fields_that_have_it() {
        let stated =
            |sentence: &str, expired| TokenRefusal::Stated { sentence: sentence.to_owned(), expired };
        let sentence = "Access Denied: The Personal Access Token used has expired.";
        let encoded = "Access%20Denied%3A%20The%20Personal%20Access%20Token%20used%20has%20expired.";
        let rows = [
            (refusal(401, &[("x-tfs-serviceerror", encoded)], ""), stated(sentence, true)),
            (
                refusal(403, &[], &format!(r#"{{"message":"{sentence}","typeKey":"AccessCheckException"}}"#)),
                stated(sentence, true),
            ),
            (
                refusal(401, &[("activityid", "x")], "<html><title>The policy excludes it</title>"),
                stated("The policy excludes it", false),
            ),
            (
                refusal(401, &[("activityid", "x")], r#"{"message":"It quotes hidden-token"}"#),
                stated("It quotes ********", false),
            ),
            (
                refusal(401, &[], r#"{"message":"TF401444: Please sign-in","typeKey":"X"}"#),
                TokenRefusal::NeverSignedIn,
            ),
            (refusal(401, &[("x-tfs-processid", "x")], ""), TokenRefusal::Unexplained { is_unmarked: false }),
            (refusal(401, &[], ""), TokenRefusal::Unexplained { is_unmarked: true }),
        ];
        for (found, expected) in rows {
            assert_eq!(found, expected);
        }
    }

    #[test]
    fn a_user_is_named_or_the_anonymous_identity() {
        for (user, expected) in [
            ("'fb80544b-3a07-6095-8fcc-5e895f9d39c4'", TokenRefusal::NoMember),
            (r"'tenant\\mona@fabrikam.example'", TokenRefusal::NoMember),
            ("''", TokenRefusal::Unexplained { is_unmarked: false }),
            ("'AAAAAAAA-aaaa-aaaa-aaaa-aaaaaaaaaaaa'", TokenRefusal::Unexplained { is_unmarked: false }),
            ("'00000000-0000-0000-0000-000000000000'", TokenRefusal::Unexplained { is_unmarked: false }),
            ("", TokenRefusal::Unexplained { is_unmarked: false }),
        ] {
            let body =
                format!(r#"{{"message":"TF400813: The user {user} is not authorized","typeKey":"X"}}"#);
            assert_eq!(refusal(401, &[], &body), expected, "{user}");
        }
    }
}
