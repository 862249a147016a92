//! The error that the service describes in a response, in each of its formats.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;
use reqwest::header::CONTENT_TYPE;
use reqwest::header::HeaderMap;
use reqwest::header::WWW_AUTHENTICATE;
use serde::Deserialize;
use uuid::Uuid;

/// The longest body that is read for an error; errors of the service are below 4 KiB
const MAX_BYTES: usize = 64 * 1024;

/// An error by the fields that the service fills
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct ServiceError {
    /// The message
    pub(crate) message: Option<String>,
    /// The exception's short name: `GitRepositoryNotFoundException`
    pub(crate) type_key: Option<String>,
    /// The code at the beginning of the message: `TF401019`
    pub(crate) code: Option<String>,
    /// Whether access was checked for no resource at all, which is how the service refuses a token
    pub(crate) is_of_no_resource: bool,
}

#[derive(Default, Deserialize)]
struct Wire {
    #[serde(default, alias = "Message")]
    message: Option<String>,
    #[serde(default, rename = "typeKey")]
    type_key: Option<String>,
    #[serde(default, rename = "customProperties")]
    properties: Option<AccessProperties>,
}

/// What access was checked for
#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct AccessProperties {
    #[serde(default)]
    namespace_id: Option<Uuid>,
    #[serde(default)]
    token: Option<String>,
}

/// Some routes wrap an error like a list with one entry
#[derive(Deserialize)]
struct Wrapped {
    value: Wire,
}

impl ServiceError {
    /// Reads the error of a response; HTML and an empty body contain none
    pub(crate) fn read(headers: &HeaderMap, body: &[u8]) -> Self {
        let body = without_mark(body);
        let media = media_type(headers).unwrap_or_default();
        let wire = if media == "text/html" || body.len() > MAX_BYTES {
            Wire::default()
        } else if body.starts_with(b"{") {
            json(body)
        } else if media == "text/plain" {
            let text = String::from_utf8_lossy(body).trim().to_owned();
            Wire { message: Some(text), ..Wire::default() }
        } else {
            Wire::default()
        };
        let message = wire.message.filter(|message| !message.trim().is_empty());
        let message = message.or_else(|| stated(headers)).or_else(|| challenged(headers));
        let code = message.as_deref().and_then(leading_code).map(str::to_owned);
        let properties = wire.properties.unwrap_or_default();
        let is_of_no_resource =
            properties.namespace_id.is_some_and(|id| id.is_nil()) && properties.token.is_none();
        ServiceError { message, type_key: wire.type_key, code, is_of_no_resource }
    }

    /// Returns the error that a message alone describes
    pub(crate) fn of_message(message: String) -> Self {
        let code = leading_code(&message).map(str::to_owned);
        ServiceError { message: Some(message), code, ..ServiceError::default() }
    }

    /// Whether it says that the token has expired
    ///
    /// The service has no field for this, only its sentence.
    pub(crate) fn is_expired_token(&self) -> bool {
        let message = self.message.as_deref().unwrap_or_default().to_ascii_lowercase();
        message.contains("token") && message.contains("expired")
    }

    /// Whether it refuses the token itself, whatever the status
    pub(crate) fn refuses_token(&self) -> bool {
        self.is("AccessCheckException") && self.is_of_no_resource || self.is_expired_token()
    }

    /// Whether the exception has this short name
    pub(crate) fn is(&self, type_key: &str) -> bool {
        self.type_key.as_deref() == Some(type_key)
    }

    /// Whether the message begins with this code
    pub(crate) fn has_code(&self, code: &str) -> bool {
        self.code.as_deref() == Some(code)
    }
}

fn json(body: &[u8]) -> Wire {
    let wire: Wire = serde_json::from_slice(body).unwrap_or_default();
    if wire.message.is_some() || wire.type_key.is_some() {
        return wire;
    }
    serde_json::from_slice(body).map(|wrapped: Wrapped| wrapped.value).unwrap_or_default()
}

/// Returns the message in the header that the service adds to some errors
fn stated(headers: &HeaderMap) -> Option<String> {
    // A blank is written as `%20` or as `+`, and a plus always as `%2B`.
    let value = headers.get("x-tfs-serviceerror")?.to_str().ok()?.replace('+', " ");
    Some(percent_decode_str(&value).decode_utf8_lossy().into_owned()).filter(|text| !text.trim().is_empty())
}

/// Returns the reason in a challenge: `Bearer error="invalid_token", error_description="…"`
fn challenged(headers: &HeaderMap) -> Option<String> {
    let challenges = headers.get_all(WWW_AUTHENTICATE).iter().filter_map(|value| value.to_str().ok());
    let reason = |challenge: &str| {
        let (_, rest) = challenge.split_once("error_description=\"")?;
        Some(rest.split('"').next()?.trim().to_owned()).filter(|reason| !reason.is_empty())
    };
    challenges.into_iter().find_map(reason)
}

/// Returns the code at the beginning of a message: `TF` or `VS`, then digits, then a colon or a blank
fn leading_code(message: &str) -> Option<&str> {
    let code = message.trim_start().split([':', ' ']).next()?;
    let digits = code.strip_prefix("TF").or_else(|| code.strip_prefix("VS"))?;
    (!digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())).then_some(code)
}

/// Returns a body without its byte order mark
pub(crate) fn without_mark(body: &[u8]) -> &[u8] {
    body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body)
}

/// Returns the media type of a response in lower case, without parameters
pub(crate) fn media_type(headers: &HeaderMap) -> Option<Cow<'_, str>> {
    let value = headers.get(CONTENT_TYPE)?.to_str().ok()?;
    let media = value.split(';').next().unwrap_or_default().trim();
    let is_lower = !media.bytes().any(|b| b.is_ascii_uppercase());
    Some(if is_lower { Cow::Borrowed(media) } else { Cow::Owned(media.to_ascii_lowercase()) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use reqwest::header::HeaderValue;

    fn read(media: &'static str, body: &[u8]) -> (Option<String>, Option<String>, Option<String>) {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(media));
        let service_error = ServiceError::read(&headers, body);
        (service_error.message, service_error.type_key, service_error.code)
    }

    fn some(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    #[test]
    fn every_format_is_read() {
        let json = "application/json; charset=utf-8";
        let full = br#"{"$id":"1","innerException":null,"message":"TF401019: The Git repository X","typeName":"N.T, A",
            "typeKey":"GitRepositoryNotFoundException","errorCode":0,"eventId":3000,"customProperties":{"a":{}}}"#;
        let expected = (
            some("TF401019: The Git repository X"),
            some("GitRepositoryNotFoundException"),
            some("TF401019"),
        );
        assert_eq!(read(json, full), expected);
        assert_eq!(read(json, &[b"\xef\xbb\xbf".as_slice(), full].concat()), expected);
        assert_eq!(
            read(json, br#"{"count":1,"value":{"Message":"VS800075: The project"}}"#),
            (some("VS800075: The project"), None, some("VS800075"))
        );
        assert_eq!(
            read("text/plain; charset=utf-8", b"The resource cannot be found.\r\n"),
            (some("The resource cannot be found."), None, None)
        );
        for (media, body) in [
            ("text/html", b"<html>TF400813: hidden</html>".as_slice()),
            (json, b""),
            (json, b"null"),
            (json, b"[1]"),
            (json, br#"{"message":7}"#),
            (json, br#"{"value":[]}"#),
            (json, br#"{"message":"  "}"#),
            ("application/octet-stream", b"abc"),
        ] {
            assert_eq!(read(media, body), (None, None, None), "{media} {body:?}");
        }
    }

    #[test]
    fn the_header_is_read_if_the_body_has_no_message() {
        let mut headers = HeaderMap::new();
        headers.insert(
            "X-TFS-ServiceError",
            HeaderValue::from_static("TF24668%3a+The%20following%20is%20stopped+%2B"),
        );
        let service_error = ServiceError::read(&headers, b"");
        assert!(service_error.has_code("TF24668"), "{service_error:?}");
        assert_eq!(service_error.message.as_deref(), Some("TF24668: The following is stopped +"));
    }

    #[test]
    fn the_reason_of_a_challenge_is_read_last() {
        let challenge = |text: &'static str| {
            let mut headers = HeaderMap::new();
            headers.append(WWW_AUTHENTICATE, HeaderValue::from_static("Basic realm=\"x\""));
            headers.append(WWW_AUTHENTICATE, HeaderValue::from_static(text));
            ServiceError::read(&headers, b"").message
        };
        let text = "Bearer error=\"invalid_token\", error_description=\"The audience is invalid\"";
        assert_eq!(challenge(text).as_deref(), Some("The audience is invalid"));
        assert_eq!(challenge("Bearer error_description=\"\""), None);
        assert_eq!(challenge("Bearer"), None);
    }

    #[test]
    fn a_refused_token_and_a_refused_permission_differ_in_their_fields() {
        let json = HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static("application/json"))]);
        let read = |key: &str, message: &str, namespace: &str, token: &str| {
            let body = format!(
                r#"{{"message":"{message}","typeKey":"{key}",
                    "customProperties":{{"Descriptor":null,"Token":{token},"NamespaceId":"{namespace}"}}}}"#
            );
            ServiceError::read(&json, body.as_bytes()).refuses_token()
        };
        let (none, git) = ("00000000-0000-0000-0000-000000000000", "2e9eb7ed-3c0a-47d4-87c1-0ffdd275fd87");
        assert!(read("AccessCheckException", "Access Denied: any reason", none, "null"));
        assert!(!read("AccessCheckException", "Access Denied: Mona needs a permission", git, "\"repoV2\""));
        assert!(!read("GitNeedsPermissionException", "TF401027: You need", none, "null"));
        assert!(
            ServiceError::of_message("Access Denied: The Personal Access Token used has expired.".to_owned())
                .refuses_token()
        );
        assert!(!ServiceError::of_message("TF400813: The user".to_owned()).refuses_token());
    }

    #[test]
    fn a_code_is_a_separate_word_at_the_beginning() {
        for (message, code) in [
            ("TF400813: The user", Some("TF400813")),
            ("TF400813 The user", Some("TF400813")),
            ("The user, TF400813:", None),
            ("TF400813x: no", None),
            ("TF: no", None),
            ("VS403463: policy", Some("VS403463")),
            ("", None),
        ] {
            assert_eq!(leading_code(message), code, "{message}");
        }
    }
}
