//! Checks that a text can be a personal access token, and recognizes common mistakes.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;

use crate::contract::ErrorCode;
use crate::contract::ParseError;
use crate::contract::STORES;
use crate::contract::Scheme;
use crate::contract::Secret;
use crate::contract::is_token_for_place;
use crate::contract::secrets::misplaced_token::TOKEN_IN_REFERENCE;
use crate::contract::secrets::token_shapes::SHAPES;
use crate::contract::secrets::token_shapes::shape_of;

/// The longest token that is sent, in bytes
const MAX_BYTES: usize = 8 * 1024;

/// Where a token comes from
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenOrigin {
    /// Entered in a flow: used unchanged
    Typed,
    /// Read from a file, a store or standard input, which usually end with a line break: one is removed
    Stored,
}

/// Checks a text and returns it as a secret; the error says what was entered instead of a token
///
/// The length is not checked: tokens of 52 and of 84 characters exist. Errors: `credential.invalid_format`,
/// with a reason that never quotes the token.
pub fn check_token(text: &str, origin: TokenOrigin) -> Result<Secret, ParseError> {
    let token = match origin {
        TokenOrigin::Typed => text,
        TokenOrigin::Stored => {
            text.strip_suffix('\n').map_or(text, |line| line.strip_suffix('\r').unwrap_or(line))
        }
    };
    match fault(token) {
        Some(reason) => Err(ParseError::new(ErrorCode::CredentialInvalidFormat, reason).help(
            "Enter the token exactly as the page \"Personal access tokens\" showed it when it was created.",
        )),
        None => Ok(Secret::new(token.to_owned())),
    }
}

/// Returns a description of a token's form, which reveals only its length
///
/// This is only a hint: the service alone knows its tokens, and tokens of Entra have no fixed form.
pub fn token_shape(token: &Secret) -> String {
    let text = token.expose();
    let length = text.len();
    if token.scheme() == Scheme::Bearer {
        return format!("{length} characters, an access token of Microsoft Entra");
    }
    match shape_of(text.as_bytes()) {
        Some(shape) => format!("{length} characters, {}", shape.name),
        None => {
            let lengths: Vec<String> = SHAPES.iter().map(|shape| shape.length.to_string()).collect();
            let lengths = lengths.join(" or ");
            format!("{length} characters, not of a known form ({lengths} letters and digits)")
        }
    }
}

fn fault(token: &str) -> Option<&'static str> {
    let prefixed =
        |prefix: &str| token.get(..prefix.len()).is_some_and(|head| head.eq_ignore_ascii_case(prefix));
    if token.trim().is_empty() {
        return Some("the token is empty");
    }
    if token.len() > MAX_BYTES {
        return Some("the token is longer than 8 KiB");
    }
    if token == "<secret>" {
        return Some(
            "the token is the text \"<secret>\": the caller passed a placeholder instead of the token",
        );
    }
    if token.chars().all(|c| c == '*') {
        return Some("the token consists of asterisks: a mask was copied instead of the token");
    }
    if token.ends_with('}') && ["${", "%{", "@{", "$("].iter().any(|start| token.starts_with(start)) {
        return Some("the token is a variable that was not substituted");
    }
    if prefixed("Basic ") || prefixed("Bearer ") {
        return Some(
            "the token begins with \"Basic\" or \"Bearer\": enter the token without the words of the header",
        );
    }
    if token.chars().any(|c| matches!(c, '"' | '\'' | '`' | '\u{2018}'..='\u{201f}')) {
        return Some("the token contains quotes");
    }
    if token.contains(['\n', '\r']) {
        return Some("the token contains a line break");
    }
    if token.chars().any(|c| c.is_whitespace()) {
        return Some("the token contains a space");
    }
    let is_in_reference = |(store, place): (&str, &str)| STORES.contains(&store) && is_token_for_place(place);
    if token.split_once(':').is_some_and(is_in_reference) {
        return Some(TOKEN_IN_REFERENCE);
    }
    if token.contains(':') {
        return Some("the token contains a colon: enter only the part after it, without the user");
    }
    if !token.bytes().all(|b| b.is_ascii_graphic()) {
        return Some("the token contains characters that no token has");
    }
    if token.contains('=') || is_encoded_pair(token) {
        return Some("the token looks encoded (base64 of user:token): enter the token itself");
    }
    None
}

/// Returns whether the text is the base64 encoding of a printable `user:token`
fn is_encoded_pair(token: &str) -> bool {
    STANDARD_NO_PAD.decode(token).is_ok_and(|decoded| {
        decoded.contains(&b':') && decoded.iter().all(|b| b.is_ascii_graphic() || *b == b' ')
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::engine::general_purpose::STANDARD;

    fn random_looking(length: usize) -> String {
        (0..length)
            .map(|i| char::from(b'a' + u8::try_from((i * 7 + i / 5) % 26).expect("below 26")))
            .collect()
    }

    #[test]
    fn the_description_has_the_form_and_the_length_only() {
        let shape = |text: String| token_shape(&Secret::new(text));
        assert_eq!(shape("a2".repeat(26)), "52 characters, the older form");
        assert_eq!(
            shape(format!("{}AZDO{}", "x".repeat(76), "y".repeat(4))),
            "84 characters, the newer form"
        );
        assert!(shape("hidden".to_owned()).starts_with("6 characters, not of a known form"));
        assert!(shape("A".repeat(52)).contains("not of a known form"));
        let entra = token_shape(&Secret::new("hidden".to_owned()).as_bearer());
        assert_eq!(entra, "6 characters, an access token of Microsoft Entra");
    }

    #[test]
    fn tokens_of_every_length_are_accepted() {
        for length in [1, 20, 52, 84, 8192] {
            assert!(check_token(&random_looking(length), TokenOrigin::Typed).is_ok(), "{length}");
        }
        for odd in ["with-dash_and.dot", "a/b+c"] {
            assert!(check_token(odd, TokenOrigin::Stored).is_ok(), "{odd}");
        }
    }

    #[test]
    fn a_text_that_is_no_token_is_rejected_with_a_reason_and_never_quoted() {
        let token = random_looking(52);
        let rows = [
            (String::new(), "empty"),
            ("   ".to_owned(), "empty"),
            (format!("{token}\nX: y"), "line break"),
            (format!("me:{token}"), "colon"),
            (format!(":{token}"), "colon"),
            (format!("{token}\r\n"), "line break"),
            (format!("{token}\0"), "characters that no token has"),
            ("<secret>".to_owned(), "<secret>"),
            ("********".to_owned(), "asterisks"),
            ("${PAT}".to_owned(), "variable"),
            ("%{PAT}".to_owned(), "variable"),
            (format!("Basic {token}"), "Basic"),
            (format!("bearer {token}"), "Basic"),
            (STANDARD.encode(format!("me:{token}")), "encoded"),
            (STANDARD.encode(format!(":{token}")), "encoded"),
            (format!("{token}="), "encoded"),
            (format!("\"{token}\""), "quotes"),
            (format!("'{token}'"), "quotes"),
            (format!(" {token}"), "space"),
            (format!("{token}ä"), "characters that no token has"),
            (random_looking(8193), "8 KiB"),
            ("x".repeat(1 << 20), "8 KiB"),
        ];
        for (text, reason) in rows {
            let refusal = check_token(&text, TokenOrigin::Typed).expect_err(reason);
            assert_eq!(refusal.code, ErrorCode::CredentialInvalidFormat);
            assert!(refusal.reason.contains(reason), "{reason}: {}", refusal.reason);
            assert!(!refusal.reason.contains(&token), "{reason}");
        }
    }

    #[test]
    fn one_line_break_is_removed_only_from_a_stored_token() {
        for end in ["\n", "\r\n"] {
            let text = format!("abcdef{end}");
            assert_eq!(check_token(&text, TokenOrigin::Stored).expect("one is dropped").expose(), "abcdef");
            assert!(check_token(&text, TokenOrigin::Typed).is_err());
        }
        assert!(check_token("abcdef\n\n", TokenOrigin::Stored).is_err());
    }
}
