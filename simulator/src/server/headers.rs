//! The headers of the service's responses, and the conversion of a response to HTTP.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::Context;
use std::task::Poll;

use axum::body::Body;
use axum::body::Bytes;
use axum::body::HttpBody;
use axum::http::HeaderMap;
use axum::http::HeaderName;
use axum::http::HeaderValue;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::Response;
use http_body::Frame;
use http_body::SizeHint;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::http::Content;
use crate::server::dispatch::ServedResponse;

const ACTIVITY_ID: HeaderName = HeaderName::from_static("activityid");
const E2E_ID: HeaderName = HeaderName::from_static("x-vss-e2eid");
const SESSION: HeaderName = HeaderName::from_static("x-tfs-session");
const USER_DATA: HeaderName = HeaderName::from_static("x-vss-userdata");

/// The headers of every response, created once.
pub(crate) struct FixedHeaders(HeaderMap);

impl FixedHeaders {
    pub(crate) fn new(deployment: Uuid) -> FixedHeaders {
        let mut headers = HeaderMap::new();
        for (name, value) in [
            ("cache-control", "no-cache"),
            ("expires", "-1"),
            (
                "p3p",
                "CP=\"CAO DSP COR ADMa DEV CONo TELo CUR PSA PSD TAI IVDo OUR SAMi BUS DEM NAV STA UNI COM INT\"",
            ),
            ("pragma", "no-cache"),
            ("strict-transport-security", "max-age=31536000; includeSubDomains"),
            ("x-cache", "CONFIG_NOCACHE"),
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "SAMEORIGIN"),
        ] {
            headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        for name in ["x-tfs-processid", "x-msedge-ref"] {
            headers.insert(HeaderName::from_static(name), identifier(Uuid::new_v4()));
        }
        headers.insert(HeaderName::from_static("x-vss-senderdeploymentid"), identifier(deployment));
        FixedHeaders(headers)
    }
}

/// A body of zeros that is never in memory as a whole.
struct Filler {
    left: u64,
}

impl HttpBody for Filler {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        static ZEROS: [u8; 64 * 1024] = [0; 64 * 1024];
        if self.left == 0 {
            return Poll::Ready(None);
        }
        let size = self.left.min(ZEROS.len() as u64);
        self.left -= size;
        let chunk = Bytes::from_static(&ZEROS).slice(..usize::try_from(size).unwrap_or(ZEROS.len()));
        Poll::Ready(Some(Ok(Frame::data(chunk))))
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}

/// Formats a time for the `Date` header, in whole seconds.
pub(crate) fn date(now: OffsetDateTime) -> HeaderValue {
    let (day, month) = (now.weekday().to_string(), now.month().to_string());
    let text = format!(
        "{}, {:02} {} {} {:02}:{:02}:{:02} GMT",
        &day[..3],
        now.day(),
        &month[..3],
        now.year(),
        now.hour(),
        now.minute(),
        now.second()
    );
    HeaderValue::from_str(&text).expect("it is ASCII")
}

fn identifier(id: Uuid) -> HeaderValue {
    HeaderValue::from_str(&id.to_string()).expect("a uuid is hexadecimal digits and hyphens")
}

/// Converts a response to HTTP, with the service's headers.
pub(crate) fn response(served: ServedResponse, fixed: &FixedHeaders, request: &HeaderMap) -> Response {
    let ServedResponse { response: source, user_data, version, .. } = served;
    let body = match source.filler {
        0 => Body::from(source.body),
        left => Body::new(Filler { left }),
    };
    let mut response = Response::new(body);
    *response.status_mut() = source.status;
    let headers = response.headers_mut();
    if !source.is_foreign {
        *headers = fixed.0.clone();
        let activity = Uuid::new_v4();
        headers.insert(ACTIVITY_ID, identifier(activity));
        headers.insert(E2E_ID, identifier(activity));
        headers.insert(SESSION, request.get(&SESSION).cloned().unwrap_or_else(|| identifier(activity)));
    }
    if let Some(value) = user_data.and_then(|value| HeaderValue::from_str(&value).ok()) {
        headers.insert(USER_DATA, value);
    }
    if let Some(value) = content_type(source.content, &version) {
        headers.insert(CONTENT_TYPE, value);
    }
    for (name, value) in source.headers {
        headers.append(name, value);
    }
    response
}

fn content_type(content: Content, version: &str) -> Option<HeaderValue> {
    Some(HeaderValue::from_static(match content {
        Content::None => return None,
        Content::Json if version == "7.1" => "application/json; charset=utf-8; api-version=7.1",
        Content::Json => {
            return HeaderValue::from_str(&format!("application/json; charset=utf-8; api-version={version}"))
                .ok();
        }
        Content::FailureJson => "application/json; charset=utf-8",
        Content::BareJson => "application/json",
        Content::Text => "text/plain; charset=utf-8",
        Content::Html => "text/html; charset=utf-8",
        Content::Bytes => "application/octet-stream",
        Content::Zip => "application/zip",
    }))
}

/// The response of a fault, without the service's headers.
pub(crate) fn planned(status: u16, headers: &[(String, String)], body: &[u8]) -> Response {
    let mut response = Response::new(Body::from(body.to_vec()));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    add(response.headers_mut(), headers);
    response
}

/// Adds headers. Headers that are not valid are left out.
pub(crate) fn add(headers: &mut HeaderMap, added: &[(String, String)]) {
    for (name, value) in added {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            headers.append(name, value);
        }
    }
}
