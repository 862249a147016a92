//! A response before it is sent: status, body, and the headers that depend on them.

use axum::body::Bytes;
use axum::http::HeaderName;
use axum::http::HeaderValue;
use axum::http::StatusCode;
use percent_encoding::AsciiSet;
use percent_encoding::NON_ALPHANUMERIC;
use serde_json::Value;
use serde_json::json;

/// All characters except letters, digits and the marks that never need encoding.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The result of a handler: a response, or a refusal that ends the request early.
pub(crate) type Outcome = Result<Response, Response>;

/// The kind of body, which determines the `Content-Type`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Content {
    /// No body, no `Content-Type`.
    None,
    /// JSON with the API version in the `Content-Type`.
    Json,
    /// JSON of an error, without the API version.
    FailureJson,
    /// JSON without a charset, as the service's front end writes it.
    BareJson,
    /// Plain text.
    Text,
    /// HTML.
    Html,
    /// Binary content.
    Bytes,
    /// A zip archive.
    Zip,
}

/// A response.
#[derive(Debug)]
pub(crate) struct Response {
    pub(crate) status: StatusCode,
    pub(crate) content: Content,
    pub(crate) body: Bytes,
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
    /// The number of zeros that are sent instead of the body.
    pub(crate) filler: u64,
    /// Whether something in front of the service wrote it, without the service's headers.
    pub(crate) is_foreign: bool,
}

impl Response {
    pub(crate) fn new(status: StatusCode, content: Content, body: impl Into<Bytes>) -> Response {
        Response { status, content, body: body.into(), headers: Vec::new(), filler: 0, is_foreign: false }
    }

    /// A JSON response with this status.
    pub(crate) fn json(status: StatusCode, value: &Value) -> Response {
        Response::new(status, Content::Json, value.to_string())
    }

    /// A JSON response with status 200.
    pub(crate) fn ok(value: &Value) -> Response {
        Response::json(StatusCode::OK, value)
    }

    /// A list in the service's wrapper, with status 200.
    pub(crate) fn list(value: Vec<Value>) -> Response {
        Response::ok(&json!({ "count": value.len(), "value": value }))
    }

    /// Replaces the body by this many zeros.
    pub(crate) fn filled(mut self, bytes: u64) -> Response {
        self.filler = bytes;
        self
    }

    /// Makes it a response of something in front of the service.
    pub(crate) fn foreign(mut self) -> Response {
        self.is_foreign = true;
        self
    }

    /// Makes it a file with this name that a browser saves.
    pub(crate) fn saved_as(self, name: &str) -> Response {
        let name = name.replace(['"', '\\'], "_");
        self.with(axum::http::header::CONTENT_DISPOSITION, &format!("attachment; filename=\"{name}\""))
    }

    /// Adds a header, unless the value has characters that a header cannot have.
    pub(crate) fn with(mut self, name: HeaderName, value: &str) -> Response {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.push((name, value));
        }
        self
    }

    /// Adds the continuation token for the next page.
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

    /// Adds a member to the JSON body.
    pub(crate) fn with_member(mut self, name: &str, value: Value) -> Response {
        if let Ok(mut body) = serde_json::from_slice::<Value>(&self.body) {
            body[name] = value;
            self.body = body.to_string().into();
        }
        self
    }

    /// A refusal with a byte order mark, as the service's front end writes it.
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

/// Percent-encodes text for a header or a path.
pub(crate) fn percent_encoded(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, RESERVED).to_string()
}
