//! Percent-encoding of names and values in a URL.

use percent_encoding::AsciiSet;
use percent_encoding::NON_ALPHANUMERIC;
use percent_encoding::utf8_percent_encode;

/// All characters but the unreserved ones of RFC 3986
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The same but `$`, which begins the names of some query parameters
const ENCODED_NAME: &AsciiSet = &ENCODED.remove(b'$');

/// Adds a parameter to a query
pub(crate) fn add(query: &mut String, name: &str, value: &str) {
    if !query.is_empty() {
        query.push('&');
    }
    query.extend(utf8_percent_encode(name, ENCODED_NAME));
    query.push('=');
    encode(value, query);
}

/// Joins segments to a path and encodes each; `Err` is the reason why a segment is invalid
pub(crate) fn encode_path(segments: &[&str]) -> Result<String, &'static str> {
    let mut path = String::new();
    for segment in segments {
        if segment.is_empty() {
            return Err("a part of the path is empty");
        }
        if matches!(*segment, "." | "..") {
            return Err("\".\" and \"..\" cannot be names");
        }
        if segment.chars().any(char::is_control) {
            return Err("a name contains control characters");
        }
        if !path.is_empty() {
            path.push('/');
        }
        encode_segment(segment, &mut path);
    }
    Ok(path)
}

/// Appends a segment; a leading `$` is not encoded, as the service expects it before a work item type
fn encode_segment(segment: &str, out: &mut String) {
    if let Some(rest) = segment.strip_prefix('$') {
        out.push('$');
        encode(rest, out);
    } else {
        encode(segment, out);
    }
}

/// Appends a text, encoded if necessary; ids and most names need no encoding
pub(crate) fn encode(text: &str, out: &mut String) {
    if text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b'~')) {
        out.push_str(text);
    } else {
        out.extend(utf8_percent_encode(text, ENCODED));
    }
}
