//! A token in the fourteen encodings that may occur, and the search for them in all output.
//!
//! It shares only the alphabet of base64 with the masker, so that both cannot have the same bug.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use base64::engine::general_purpose::URL_SAFE;

/// An encoding of a token
pub(crate) struct Encoding {
    pub(crate) name: &'static str,
    /// As a program would write it
    pub(crate) whole: String,
    /// The part that depends only on the token, whatever precedes and follows it
    pub(crate) sought: String,
}

/// The token in every encoding; hexadecimal digits in either case
///
/// Many are equal for a token of letters and digits; a test with another token searches for all. A token is
/// ASCII, so that the zero bytes of UTF-16 are found in bytes read as UTF-8.
pub(crate) fn encodings(token: &str) -> Vec<Encoding> {
    let hex: String = token.bytes().map(|byte| format!("{byte:02x}")).collect();
    let texts = [
        ("as it is", token.to_owned()),
        ("percent", percent(token)),
        ("percent, twice", percent(&percent(token))),
        ("JSON", json(token)),
        ("JSON in JSON", json(&json(token))),
        ("XML", xml(token)),
        ("hexadecimal", hex.to_uppercase()),
        ("hexadecimal", hex),
        ("UTF-16, low byte first", token.chars().flat_map(|char| [char, '\0']).collect()),
        ("UTF-16, high byte first", token.chars().flat_map(|char| ['\0', char]).collect()),
        ("reversed", token.chars().rev().collect()),
    ];
    let base64 = [
        ("base64", STANDARD.encode(token)),
        ("base64 without a user", STANDARD.encode(format!(":{token}"))),
        ("base64 behind a user", STANDARD.encode(format!("user:{token}"))),
        ("base64 for URLs", URL_SAFE.encode(format!(":{token}"))),
    ];
    let texts = texts.map(|(name, text)| Encoding { name, whole: text.clone(), sought: text });
    let base64 = base64.map(|(name, whole)| {
        let sought = whole[8..token.len() / 3 * 4].to_owned();
        Encoding { name, whole, sought }
    });
    texts.into_iter().chain(base64).collect()
}

/// Asserts that the output contains no encoding of the token; the message shows only the text before it
pub(crate) fn assert_hidden(written: &str, token: &str, place: &str) {
    for Encoding { name, sought, .. } in encodings(token) {
        if let Some(at) = written.find(&sought) {
            let before: String = written[..at].chars().rev().take(300).collect();
            let before: String = before.chars().rev().collect();
            panic!("{place}: the token ({name}) behind …{before}");
        }
    }
}

fn percent(text: &str) -> String {
    let one = |byte: u8| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(one).collect()
}

fn json(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"")
}

fn xml(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
