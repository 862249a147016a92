//! Checks that a text can be a personal access token, and recognizes common mistakes.

use crate::contract::ErrorCode;
use crate::contract::ParseError;
use crate::contract::Scheme;
use crate::contract::Secret;
use crate::contract::kinds::placeholder::placeholder;
use crate::contract::kinds::token_faults::TokenOrigin;
use crate::contract::kinds::token_faults::fault;
use crate::contract::secrets::access_token::Issuer;
use crate::contract::secrets::access_token::issuer;
use crate::contract::secrets::token_shapes::SHAPES;
use crate::contract::secrets::token_shapes::shape_of;

/// Checks a text and returns it as a secret; the error says what was entered instead of a token
///
/// The length is not checked: tokens of 52 and of 84 characters exist. Errors: `credential.invalid_format`,
/// with a reason that never quotes the token.
pub fn check_token(text: &str, origin: TokenOrigin) -> Result<Secret, ParseError> {
    let token = match origin {
        TokenOrigin::Typed => text,
        TokenOrigin::Stored => {
            let text = text.strip_prefix('\u{feff}').unwrap_or(text);
            text.strip_suffix('\n').map_or(text, |line| line.strip_suffix('\r').unwrap_or(line))
        }
    };
    match fault(token, origin) {
        Some(fault) => {
            Err(ParseError::new(ErrorCode::CredentialInvalidFormat, fault.reason).help(fault.help))
        }
        None => Ok(Secret::new(token.to_owned())),
    }
}

/// Checks that a text can be a secret that opens a credential store, whose form is not known
///
/// Errors: `credential.invalid_format` for an empty text and for a placeholder.
pub fn check_secret(text: &str) -> Result<(), ParseError> {
    let refuse = |reason: String| Err(ParseError::new(ErrorCode::CredentialInvalidFormat, reason));
    if text.trim().is_empty() {
        return refuse("the secret is empty".to_owned());
    }
    match placeholder(text) {
        Some(placeholder) => {
            let reason =
                format!("the secret is a placeholder of the form {}, not replaced", placeholder.form);
            refuse(reason).map_err(|refusal| {
                refusal.help(format!("{} Store the secret itself there.", placeholder.why))
            })
        }
        None => Ok(()),
    }
}

/// Checks that a token fits the method that is to send it
///
/// A token that its store has already made a bearer token fits both. The reason completes "the token of …".
/// Errors: `credential.invalid_format`.
pub fn check_method(token: &Secret, method: Scheme) -> Result<(), ParseError> {
    let text = token.expose();
    let (reason, help) = match (token.scheme(), method) {
        (Scheme::Basic, Scheme::Basic) if issuer(text) == Some(Issuer::Other) => (
            "is an access token (a JSON Web Token), which the method PAT does not accept",
            "Connect with the method ENTRA and this credential, or pass a personal access token.",
        ),
        (Scheme::Basic, Scheme::Bearer) if shape_of(text.as_bytes()).is_some() => (
            "is a personal access token, which the method ENTRA does not accept",
            "Connect with the method PAT and this credential, or pass an application as entra:NAME.",
        ),
        _ => return Ok(()),
    };
    Err(ParseError::new(ErrorCode::CredentialInvalidFormat, reason).help(help))
}

/// Returns whether a token has the form of an access token of Microsoft Entra, which is sent as a bearer token
pub fn is_access_token(token: &Secret) -> bool {
    issuer(token.expose()) == Some(Issuer::Other)
}

/// Returns whether a token has neither the form of a personal access token nor that of a JSON Web Token
///
/// It may be valid nevertheless; if the service rejects it, the form is worth a mention.
pub fn has_unknown_form(token: &Secret) -> bool {
    let text = token.expose();
    token.scheme() != Scheme::Bearer && shape_of(text.as_bytes()).is_none() && issuer(text).is_none()
}

fn known_lengths() -> String {
    let lengths: Vec<String> = SHAPES.iter().map(|shape| shape.length.to_string()).collect();
    lengths.join(" or ")
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
            format!("{length} characters, not of a known form ({} letters and digits)", known_lengths())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::Engine as _;
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

#[cfg(test)]
#[path = "token_faults_tests.rs"]
mod fault_tests;
