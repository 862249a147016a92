//! The body of a response: read within a size limit, and decoded without quoting it in errors.

use hyper::body::Bytes;
use reqwest::Response;
use reqwest::header::CONTENT_ENCODING;
use reqwest::header::HeaderMap;
use serde::de::DeserializeOwned;

use crate::contract::JsonError;
use crate::devops::message::response::ServiceResponse;
use crate::devops::message::service_error::media_type;
use crate::devops::message::service_error::without_mark;

/// Why a body cannot be read
pub(crate) enum BodyFault {
    /// It is larger than the limit
    TooLarge,
    /// It has an encoding that was not requested
    Encoded,
    /// The connection broke, or the compression is invalid
    Broken(reqwest::Error),
}

/// Reads a whole body of at most `limit` bytes after decompression; a larger one closes the connection
pub(crate) async fn read(
    mut response: Response,
    headers: &HeaderMap,
    limit: usize,
) -> Result<Bytes, BodyFault> {
    let announced = checked_length(&response, headers, limit)?;
    let first = next_chunk(&mut response, 0, limit).await?.unwrap_or_default();
    // Most bodies arrive as one chunk, which is not copied.
    let Some(second) = next_chunk(&mut response, first.len(), limit).await? else { return Ok(first) };
    // The content length is only a claim: never allocate more than this for it.
    let mut body = Vec::with_capacity(announced.min(64 * 1024).max(first.len() + second.len()));
    body.extend_from_slice(&first);
    body.extend_from_slice(&second);
    drop((first, second));
    while let Some(chunk) = next_chunk(&mut response, body.len(), limit).await? {
        body.extend_from_slice(&chunk);
    }
    Ok(body.into())
}

/// Reads a whole body into a buffer, which may belong to a secret
pub(crate) async fn read_into(
    body: &mut Vec<u8>,
    mut response: Response,
    headers: &HeaderMap,
    limit: usize,
) -> Result<(), BodyFault> {
    checked_length(&response, headers, limit)?;
    while let Some(chunk) = next_chunk(&mut response, body.len(), limit).await? {
        body.extend_from_slice(&chunk);
    }
    Ok(())
}

/// Returns the announced length of a body that is not compressed, or 0 if it is unknown
fn checked_length(response: &Response, headers: &HeaderMap, limit: usize) -> Result<usize, BodyFault> {
    check_encoding(headers)?;
    let announced = usize::try_from(response.content_length().unwrap_or(0)).unwrap_or(usize::MAX);
    if announced > limit { Err(BodyFault::TooLarge) } else { Ok(announced) }
}

/// Reads the next part of a body of which so many bytes are read already
async fn next_chunk(response: &mut Response, read: usize, limit: usize) -> Result<Option<Bytes>, BodyFault> {
    match response.chunk().await.map_err(BodyFault::Broken)? {
        Some(chunk) if read + chunk.len() > limit => Err(BodyFault::TooLarge),
        chunk => Ok(chunk),
    }
}

/// Reads the beginning of a body, at most `most` bytes; what follows is not read, which closes the connection
pub(crate) async fn read_start(
    mut response: Response,
    headers: &HeaderMap,
    most: usize,
) -> Result<Bytes, BodyFault> {
    check_encoding(headers)?;
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(BodyFault::Broken)? {
        let room = most - body.len();
        if chunk.len() > room {
            body.extend_from_slice(&chunk[..room]);
            // A character of UTF-8 that the limit cuts is left out, so that a text stays one.
            if let Err(error) = std::str::from_utf8(&body)
                && error.error_len().is_none()
            {
                drop(body.split_off(error.valid_up_to()));
            }
            break;
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.into())
}

/// Fails for a body that is still compressed
fn check_encoding(headers: &HeaderMap) -> Result<(), BodyFault> {
    // The client decodes gzip and removes the header; any encoding that is left was not decoded.
    let encodings = headers.get_all(CONTENT_ENCODING);
    match encodings.iter().any(|encoding| !encoding.as_bytes().eq_ignore_ascii_case(b"identity")) {
        true => Err(BodyFault::Encoded),
        false => Ok(()),
    }
}

/// Reads the value of a successful response
///
/// An empty body is read as `null`, so that `()` and options accept it. The reason of a failure
/// completes "the response" and names the position and the kind of the problem only.
pub(crate) fn decode<T: DeserializeOwned>(response: &ServiceResponse) -> Result<T, String> {
    let body = without_mark(&response.body);
    if body.is_empty() {
        return serde_json::from_slice(b"null").map_err(|_| "is empty".to_owned());
    }
    if let Some(media) = media_type(&response.headers)
        && media != "application/json"
        && !media.ends_with("+json")
    {
        return Err("is not JSON".to_owned());
    }
    serde_json::from_slice(body).map_err(|error| format!("cannot be read: {}", JsonError::from(error)))
}

/// Takes the bytes of a file from a response
pub(crate) fn file(response: &mut ServiceResponse) -> Result<Vec<u8>, String> {
    match response.is_web_page() {
        true => Err("is a web page".to_owned()),
        false => Ok(std::mem::take(&mut response.body).into()),
    }
}

/// Reads the text of a file from a response
pub(crate) fn text(response: &ServiceResponse) -> Result<String, String> {
    if response.is_web_page() {
        return Err("is a web page".to_owned());
    }
    let text = std::str::from_utf8(&response.body).map_err(|_| "is not UTF-8 text".to_owned())?;
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use reqwest::header::CONTENT_TYPE;
    use reqwest::header::HeaderValue;
    use serde::Deserialize;

    #[derive(Debug, Deserialize)]
    struct Object {
        id: i64,
        #[serde(default)]
        name: Option<String>,
    }

    fn response(media: Option<&'static str>, body: &[u8]) -> ServiceResponse {
        let mut headers = HeaderMap::new();
        if let Some(media) = media {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(media));
        }
        ServiceResponse::of_test(200, headers, body)
    }

    const JSON: Option<&str> = Some("application/json; charset=utf-8; api-version=7.1");

    #[test]
    fn good_bodies_are_read() {
        for (media, body) in [
            (JSON, br#"{"id":7,"name":null,"new":[1]}"#.as_slice()),
            (None, br#"{"id":7}"#),
            (Some("application/problem+json"), br#"{"id":7,"name":"x"}"#),
            (JSON, b"\xef\xbb\xbf{\"id\":7}"),
        ] {
            let object: Object = decode(&response(media, body)).expect("it is an object");
            assert_eq!((object.id, object.name.is_some()), (7, body.ends_with(b"\"x\"}")));
        }
        assert_eq!(decode::<()>(&response(None, b"")), Ok(()));
        assert_eq!(decode::<Option<i64>>(&response(JSON, b"")), Ok(None));
    }

    #[test]
    fn bad_bodies_are_rejected_and_never_quoted() {
        let deep = format!("{}{}", "[".repeat(200), "]".repeat(200));
        let rows: &[(Option<&'static str>, &[u8])] = &[
            (JSON, b""),
            (Some("text/html"), b"<html>hidden</html>"),
            (Some("text/plain"), br#"{"id":7}"#),
            (JSON, b"<html>hidden</html>"),
            (JSON, br#"{"id":"hidden"}"#),
            (JSON, br#"{"id":7}hidden"#),
            (JSON, br#"{"id":7"#),
            (JSON, br#"{"id":1e400}"#),
            (JSON, br#"{"id":92233720368547758079}"#),
            (JSON, br#"{"id":7,"id":8}"#),
            (JSON, b"{\"id\":7,\"name\":\"\xff\xfe\"}"),
            (JSON, b"\xff\xfe{\0\"\0i\0d\0\"\0:\x007\0}\0"),
            (JSON, b"null"),
            (JSON, deep.as_bytes()),
        ];
        for (media, body) in rows {
            let reason = decode::<Object>(&response(*media, body)).expect_err("it is not an object");
            assert!(!reason.contains("hidden"), "{reason}");
        }
        let reason =
            decode::<Object>(&response(JSON, b"{\n \"id\": \"hidden\"}")).expect_err("it is not an object");
        assert!(reason.ends_with("at line 2, column 15"), "{reason}");
    }

    #[test]
    fn the_text_of_a_file_is_unchanged() {
        assert_eq!(text(&response(Some("text/plain"), b"\xef\xbb\xbfa\r\n")).as_deref(), Ok("\u{feff}a\r\n"));
        assert_eq!(
            text(&response(Some("text/html; charset=utf-8"), b"<html>")),
            Err("is a web page".to_owned())
        );
        assert_eq!(text(&response(Some("text/plain"), b"\xff")), Err("is not UTF-8 text".to_owned()));
    }
}
