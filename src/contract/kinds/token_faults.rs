//! What was entered or stored instead of a token: each mistake with its own reason and remedy, which never quote the text.

use std::borrow::Cow;

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::alphabet::URL_SAFE;
use base64::engine::DecodePaddingMode;
use base64::engine::GeneralPurpose;
use base64::engine::GeneralPurposeConfig;
use secrecy::zeroize::Zeroizing;

use crate::contract::STORES;
use crate::contract::is_token_for_place;
use crate::contract::kinds::placeholder::placeholder;
use crate::contract::kinds::placeholder::stand_in;
use crate::contract::secrets::misplaced_token::TOKEN_IN_REFERENCE;
use crate::contract::secrets::misplaced_token::WRITE_THE_NAME;
use crate::contract::secrets::token_shapes::shape_of;

/// Limit of this package: the longest token that is sent, in bytes
const MAX_BYTES: usize = 8 * 1024;

/// The shortest encoded text that is recognized; a shorter one may be a token by chance
const SHORTEST_ENCODED: usize = 20;

/// The help for a mistake that has no help of its own
const COPY_IT: &str =
    "Enter the token exactly as the page \"Personal access tokens\" showed it when it was created.";

/// How tokens of other services begin, which would be disclosed if they were sent
const FOREIGN: &[(&str, &str)] = &[
    ("ghp_", "GitHub"),
    ("gho_", "GitHub"),
    ("ghs_", "GitHub"),
    ("ghu_", "GitHub"),
    ("github_pat_", "GitHub"),
    ("glpat-", "GitLab"),
    ("xoxb-", "Slack"),
    ("npm_", "npm"),
];

/// The words before an assignment in shells and container files
const ASSIGNING: &[&str] = &["export ", "set ", "setx ", "ENV ", "env ", "-e ", "$env:", "declare -x "];

/// Where a token comes from
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenOrigin {
    /// Entered in a flow: used unchanged
    Typed,
    /// Read from a file, a store or standard input: one line break at the end and a byte order mark are removed
    Stored,
}

/// Why a text is not a token
pub(super) struct TokenFault {
    /// What the text is, as a clause
    pub(super) reason: Cow<'static, str>,
    /// What to do
    pub(super) help: Cow<'static, str>,
}

fn because(reason: impl Into<Cow<'static, str>>) -> Option<TokenFault> {
    Some(TokenFault { reason: reason.into(), help: COPY_IT.into() })
}

/// Returns what the text is instead of a token, if that is known
pub(super) fn fault(token: &str, origin: TokenOrigin) -> Option<TokenFault> {
    if token.trim().is_empty() {
        return because("the token is empty");
    }
    if token.len() > MAX_BYTES {
        return because("the token is longer than 8 KiB");
    }
    if token == "<secret>" {
        return because(
            "the token is the text \"<secret>\": the caller passed a placeholder instead of the token",
        );
    }
    recognized(token, origin).or_else(|| has_other_characters(token)).or_else(|| is_something_else(token))
}

/// Returns what the text is, if it is a mistake that can be recognized for certain
pub(super) fn recognized(token: &str, origin: TokenOrigin) -> Option<TokenFault> {
    let recognized = reference(token, origin)
        .or_else(|| stands_for_it(token, origin))
        .or_else(|| has_more_around_it(token));
    recognized.or_else(|| {
        is_encoded(token).then(|| because("the token is encoded in base64: enter the token itself")).flatten()
    })
}

/// A reference where the token itself belongs
fn reference(token: &str, origin: TokenOrigin) -> Option<TokenFault> {
    let text = token.trim_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '@'));
    let (store, place) = text.split_once(':')?;
    let store = STORES.iter().find(|known| known.eq_ignore_ascii_case(store))?;
    if is_token_for_place(place) {
        return Some(TokenFault { reason: TOKEN_IN_REFERENCE.into(), help: WRITE_THE_NAME.into() });
    }
    Some(match origin {
        TokenOrigin::Typed => TokenFault {
            reason: format!(
                "the text is a reference to the store {store}, entered in place of the token itself"
            )
            .into(),
            help: "In the designer, put the reference into a string variable and choose Variable, or choose Credential \
                and let the operator map it in azdo-bot.toml. In JSON, write {\"reference\":\"STORE:PLACE\"}."
                .into(),
        },
        TokenOrigin::Stored => TokenFault {
            reason: format!(
                "the stored text is itself a reference to the store {store}, which is not followed"
            )
            .into(),
            help: "Store the token there, or use that reference directly.".into(),
        },
    })
}

/// A placeholder, a mask, or a word in place of the token
fn stands_for_it(token: &str, origin: TokenOrigin) -> Option<TokenFault> {
    let instead = match origin {
        TokenOrigin::Typed => "Pass the token itself, or a reference such as env:NAME.",
        TokenOrigin::Stored => "Store the token itself there.",
    };
    let trimmed = token.trim_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\''));
    let is_json = trimmed.starts_with(['{', '[']) && trimmed.contains('"');
    if !is_json && let Some(placeholder) = placeholder(token) {
        let reason =
            format!("the token is a variable or placeholder of the form {}, not replaced", placeholder.form);
        return Some(TokenFault {
            reason: reason.into(),
            help: format!("{} {instead}", placeholder.why).into(),
        });
    }
    let mut characters = trimmed.chars();
    let first = characters.next()?;
    if matches!(first, '*' | '\u{2022}' | '\u{25cf}') && characters.clone().all(|c| c == first) {
        return because("the token consists of asterisks or dots: a mask was copied instead of the token");
    }
    let repeats = characters.clone().count() >= 2 && characters.all(|c| c.eq_ignore_ascii_case(&first));
    if repeats {
        return because("the token is one character, repeated: an example was copied instead of the token");
    }
    let what = stand_in(token)?;
    Some(TokenFault { reason: format!("the token is {what}").into(), help: instead.into() })
}

/// A token with the line, the header, the quotes or the document around it
fn has_more_around_it(token: &str) -> Option<TokenFault> {
    let token = token.trim_start();
    let prefixed =
        |prefix: &str| token.get(..prefix.len()).is_some_and(|head| head.eq_ignore_ascii_case(prefix));
    if ["Basic ", "Bearer ", "Basic:", "Bearer:", "Authorization:", "Authorization="]
        .iter()
        .any(|one| prefixed(one))
    {
        return because(
            "the token begins with \"Basic\", \"Bearer\" or \"Authorization\": enter the token without the words of the header",
        );
    }
    if token.starts_with(['{', '[']) && token.contains('"') {
        return because("the text is JSON: give only the token that it contains");
    }
    if token.lines().next().is_some_and(is_assignment) {
        return because(
            "the text is a line NAME=VALUE of a settings file: give only the part behind the name",
        );
    }
    if token.starts_with("-----BEGIN") {
        return because("the text is a certificate or a key, not a token");
    }
    if token.contains("://") {
        return because("the text is a URL: give only the token, without an address");
    }
    let is_drive = matches!(token.as_bytes(), [letter, b':', b'\\', ..] if letter.is_ascii_alphabetic());
    if token.starts_with('/') || is_drive {
        return Some(TokenFault {
            reason: "the text is the path of a file, not a token".into(),
            help: "To read the token from a file, pass the reference file:PATH.".into(),
        });
    }
    None
}

/// Characters that no token has
fn has_other_characters(token: &str) -> Option<TokenFault> {
    if token.chars().any(|c| matches!(c, '"' | '\'' | '`' | '\u{2018}'..='\u{201f}')) {
        return because("the token contains quotes: enter it without them");
    }
    if token.contains(['\n', '\r']) {
        return because("the token contains a line break");
    }
    if token.chars().any(char::is_whitespace) {
        return because("the token contains a space");
    }
    if token.contains(':') {
        return because("the token contains a colon: enter only the part after it, without the user");
    }
    if !token.bytes().all(|b| b.is_ascii_graphic()) {
        return because("the token contains characters that no token has");
    }
    None
}

/// A token in another form, or of another kind
fn is_something_else(token: &str) -> Option<TokenFault> {
    if token.contains('=') {
        return because("the token looks encoded (base64 of user:token): enter the token itself");
    }
    if uuid::Uuid::try_parse(token).is_ok_and(|_| token.len() == 36) {
        return because("the token is an id (a GUID): enter the token, not the id of it or of its user");
    }
    let (_, service) = FOREIGN.iter().find(|(prefix, _)| token.starts_with(prefix))?;
    because(format!("the token is one of {service}, not of Azure DevOps"))
}

/// Whether the line gives a value to a name: `NAME=VALUE`, `export NAME=VALUE`, `name: value`
fn is_assignment(line: &str) -> bool {
    let line = ASSIGNING.iter().find_map(|word| line.strip_prefix(word)).unwrap_or(line);
    let Some((name, value)) = line.split_once('=').or_else(|| line.split_once(": ")) else { return false };
    // The padding of base64 is not a value.
    let value = value.trim_matches(|c: char| c.is_whitespace() || c == '=');
    let name = name.trim();
    !value.is_empty()
        && name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-'))
}

/// Whether the text is the base64 of a token, of `user:token` or of `:token`, in UTF-8 or UTF-16
fn is_encoded(token: &str) -> bool {
    let config = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    [STANDARD, URL_SAFE].iter().any(|alphabet| {
        let Ok(decoded) = GeneralPurpose::new(alphabet, config).decode(token).map(Zeroizing::new) else {
            return false;
        };
        let wide = decoded.len() >= 2 && decoded.iter().skip(1).step_by(2).all(|b| *b == 0);
        let text: Zeroizing<Vec<u8>> = match wide {
            true => Zeroizing::new(decoded.iter().copied().step_by(2).collect()),
            false => decoded,
        };
        let text = text.trim_ascii_end();
        let is_text = text.iter().all(|b| b.is_ascii_graphic() || *b == b' ');
        let last = text.rsplit(|b| *b == b':').next().unwrap_or_default();
        is_text && (text.contains(&b':') || shape_of(last).is_some() || text.len() >= SHORTEST_ENCODED)
    })
}
