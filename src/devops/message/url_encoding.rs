//! How names and values stand in an address: each encoded by itself, and none that could lead elsewhere.

use percent_encoding::AsciiSet;
use percent_encoding::NON_ALPHANUMERIC;
use percent_encoding::utf8_percent_encode;

/// What stands unencoded in a segment or a query: RFC 3986's unreserved characters
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Query names are the service's own, and some begin with `$`
const ENCODED_NAME: &AsciiSet = &ENCODED.remove(b'$');

/// Adds one parameter to a query
pub(crate) fn add(query: &mut String, name: &str, value: &str) {
    if !query.is_empty() {
        query.push('&');
    }
    query.extend(utf8_percent_encode(name, ENCODED_NAME));
    query.push('=');
    encode(value, query);
}

/// A path out of its segments, each encoded; `Err` is why one cannot stand in an address
pub(crate) fn encode_path(segments: &[&str]) -> Result<String, &'static str> {
    let mut path = String::new();
    for segment in segments {
        if segment.is_empty() {
            return Err("a part of the address is empty");
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

/// Appends a segment; `$` stands as it is, as the service writes it before a work item type
fn encode_segment(segment: &str, out: &mut String) {
    if let Some(rest) = segment.strip_prefix('$') {
        out.push('$');
        encode(rest, out);
    } else {
        encode(segment, out);
    }
}

/// Appends a text, encoded where it has to be; ids and most names are plain
pub(crate) fn encode(text: &str, out: &mut String) {
    if text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b'~')) {
        out.push_str(text);
    } else {
        out.extend(utf8_percent_encode(text, ENCODED));
    }
}
