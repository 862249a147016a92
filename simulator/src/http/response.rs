//! An answer before it becomes HTTP: status, body and what is said about the body.

use axum::body::Bytes;
use axum::http::HeaderName;
use axum::http::HeaderValue;
use axum::http::StatusCode;
use percent_encoding::AsciiSet;
use percent_encoding::NON_ALPHANUMERIC;
use serde_json::Value;
use serde_json::json;

/// Everything but letters, digits and the marks that never need encoding.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// What a route answers: the good case, or the refusal that ends it early.
pub(crate) type Outcome = Result<Response, Response>;

/// What the body is, and so what `Content-Type` says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Content {
    /// Nothing: no `Content-Type`.
    None,
    /// JSON that echoes the API version.
    Json,
    /// JSON of a failure, which does not.
    FailureJson,
    /// JSON as the front door writes it: no charset.
    BareJson,
    /// Plain text.
    Text,
    /// A page.
    Html,
    /// A file.
    Bytes,
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Response {
    pub(crate) status: StatusCode,
    pub(crate) content: Content,
    pub(crate) body: Bytes,
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
    /// So many zeros in place of the body, made while they are sent.
    pub(crate) filler: u64,
    /// Whether something in front of the service wrote it: it has none of the service's headers.
    pub(crate) is_foreign: bool,
}

impl Response {
    pub(crate) fn new(status: StatusCode, content: Content, body: impl Into<Bytes>) -> Response {
        Response { status, content, body: body.into(), headers: Vec::new(), filler: 0, is_foreign: false }
    }

    /// JSON with a status.
    pub(crate) fn json(status: StatusCode, value: &Value) -> Response {
        Response::new(status, Content::Json, value.to_string())
    }

    /// 200 with JSON.
    pub(crate) fn ok(value: &Value) -> Response {
        Response::json(StatusCode::OK, value)
    }

    /// 200 with a list in the service's wrapper.
    pub(crate) fn list(value: Vec<Value>) -> Response {
        Response::ok(&json!({ "count": value.len(), "value": value }))
    }

    /// Puts so many zeros in the place of the body.
    pub(crate) fn filled(mut self, bytes: u64) -> Response {
        self.filler = bytes;
        self
    }

    /// Makes it the answer of something in front of the service.
    pub(crate) fn foreign(mut self) -> Response {
        self.is_foreign = true;
        self
    }

    /// Adds a header whose value is text without control characters; leaves it out otherwise.
    pub(crate) fn with(mut self, name: HeaderName, value: &str) -> Response {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.push((name, value));
        }
        self
    }

    /// Says where the next page begins.
    pub(crate) fn continued(self, token: Option<String>) -> Response {
        match token {
            Some(token) => self.with(HeaderName::from_static("x-ms-continuationtoken"), &token),
            None => self,
        }
    }

    /// A refusal in the service's envelope. `kind` is the type with its namespace.
    pub(crate) fn refusal(status: StatusCode, kind: &str, message: &str) -> Response {
        Response::new(status, Content::FailureJson, envelope(kind, message).to_string())
    }

    /// The same behind a byte order mark, as the front door writes it.
    pub(crate) fn front_door_refusal(
        status: StatusCode,
        content: Content,
        kind: &str,
        message: &str,
    ) -> Response {
        Response::new(status, content, format!("\u{feff}{}", envelope(kind, message)))
            .with(HeaderName::from_static("x-tfs-serviceerror"), &percent_encoded(message))
    }
}

fn envelope(kind: &str, message: &str) -> Value {
    let (namespace, key) = kind.rsplit_once('.').unwrap_or(("", kind));
    json!({
        "$id": "1",
        "innerException": null,
        "message": message,
        "typeName": format!("{kind}, {namespace}"),
        "typeKey": key,
        "errorCode": 0,
        "eventId": 3000,
    })
}

/// Text as it may stand in a header or in a path.
pub(crate) fn percent_encoded(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, RESERVED).to_string()
}
