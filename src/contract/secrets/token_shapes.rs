//! The shapes of tokens: a token is recognized by its form, whether or not it is known.

use std::ops::Range;

use crate::contract::secrets::stores::STORES;

/// The shortest text that is considered a token, where a path in a store is expected; every token has so many consecutive
/// letters, digits, `-` and `_`
pub(super) const LONG: usize = 40;

/// A form of personal access tokens
pub(in crate::contract) struct TokenShape {
    /// The name in a message
    pub(in crate::contract) name: &'static str,
    /// The number of letters and digits
    pub(in crate::contract) length: usize,
    /// Returns whether a text of that length has the form
    matches: fn(&[u8]) -> bool,
}

/// The forms of personal access tokens; add a row for a new form
pub(in crate::contract) const SHAPES: &[TokenShape] = &[
    TokenShape {
        name: "the older form",
        length: 52,
        // base32
        matches: |text| text.iter().all(|b| matches!(b, b'a'..=b'z' | b'2'..=b'7')),
    },
    TokenShape {
        name: "the newer form",
        length: 84,
        // Letters and digits with the signature of Azure DevOps
        matches: |text| text.iter().all(u8::is_ascii_alphanumeric) && &text[76..80] == b"AZDO",
    },
];

// The search looks only at runs that are at least LONG.
const _: () = {
    let mut at = 0;
    while at < SHAPES.len() {
        assert!(SHAPES[at].length >= LONG);
        at += 1;
    }
};

/// Returns the form that the whole text has, if it has one
pub(in crate::contract) fn shape_of(text: &[u8]) -> Option<&'static TokenShape> {
    SHAPES.iter().find(|shape| text.len() == shape.length && (shape.matches)(text))
}

/// Returns whether the whole text has a form of personal access tokens
pub fn is_token_shaped(text: &str) -> bool {
    shape_of(text.as_bytes()).is_some()
}

/// Returns whether the text contains a personal access token
pub fn holds_token(text: &str) -> bool {
    next(text, 0).is_some()
}

/// Returns whether the path of a reference is a token rather than a name
///
/// A run of 40 or more characters is enough, unless it may be a commit (40 or 64
/// hexadecimal digits) or the name of a variable (capital letters).
pub fn is_token_for_place(place: &str) -> bool {
    let start = place.trim_start_matches(['/', '$']);
    holds_token(place) || is_long(&start[..secret_length(start)])
}

/// Returns the range of the next token at or after `from`, if there is one
///
/// Only a whole run of letters and digits can be a token; a longer run is not one.
pub(super) fn next(text: &str, from: usize) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let mut at = from;
    // A run of at least LONG characters covers one of every LONG consecutive positions.
    while at + LONG <= bytes.len() {
        let probe = at + LONG - 1;
        let Some(back) = bytes[at..=probe].iter().rposition(|b| !is_in_secret(*b)) else {
            let end =
                bytes[probe..].iter().position(|b| !is_in_secret(*b)).map_or(bytes.len(), |n| probe + n);
            if let Some(found) = in_run(text, at..end) {
                return Some(found);
            }
            at = end;
            continue;
        };
        at += back + 1;
    }
    None
}

/// Returns whether a text has so many consecutive letters, digits, `-` and `_`
pub(super) fn has_run(text: &[u8], length: usize) -> bool {
    let mut at = 0;
    while let Some(window) = text.get(at..at + length) {
        // A run must be behind the last other character of the window.
        match window.iter().rposition(|b| !is_in_secret(*b)) {
            Some(other) => at += other + 1,
            None => return true,
        }
    }
    false
}

/// Returns the largest number of consecutive letters, digits, `-` and `_`
pub(super) fn longest_run(text: &[u8]) -> usize {
    text.split(|b| !is_in_secret(*b)).map(<[u8]>::len).max().unwrap_or(0)
}

/// Returns the first token in a run of letters, digits, `-` and `_`
fn in_run(text: &str, run: Range<usize>) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let mut at = run.start;
    for word in bytes[run.clone()].split(|b| !b.is_ascii_alphanumeric()) {
        let end = at + word.len();
        let start = at + escape_length(&bytes[..at], word);
        for start in [at, start] {
            if shape_of(&bytes[start..end]).is_some() {
                return Some(start..end);
            }
        }
        at = end + 1;
    }
    let is_place = STORES.iter().any(|store| {
        let before = text[..run.start].trim_end_matches(['/', '$']);
        before.strip_suffix(':').is_some_and(|before| before.ends_with(store))
    });
    let place = &text[run.start..];
    (is_place && is_long(&text[run.clone()])).then(|| run.start..run.start + whole_length(place))
}

/// Returns how many characters of a run belong to an escape before it: `%3A`, `\n`, `\u0022`
fn escape_length(before: &[u8], word: &[u8]) -> usize {
    match before.last() {
        Some(b'%') => 2.min(word.len()),
        Some(b'\\') if word.first() == Some(&b'u') => 5.min(word.len()),
        Some(b'\\') => 1.min(word.len()),
        _ => 0,
    }
}

/// Returns whether a text of letters, digits, `-` and `_` is long and mixed enough to be a secret
fn is_long(text: &str) -> bool {
    let has = |is: fn(&u8) -> bool| text.as_bytes().iter().any(is);
    let (lower, upper) = (has(u8::is_ascii_lowercase), has(u8::is_ascii_uppercase));
    let digits = has(u8::is_ascii_digit);
    let is_plain = text.bytes().all(|b| b.is_ascii_alphanumeric());
    let is_commit = matches!(text.len(), 40 | 64) && text.bytes().all(|b| b.is_ascii_hexdigit());
    text.len() >= LONG && !is_commit && if is_plain { lower || digits } else { lower && upper && digits }
}

fn is_in_secret(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')
}

/// Returns the length of the prefix that has only characters of a secret
fn secret_length(text: &str) -> usize {
    text.bytes().take_while(|b| is_in_secret(*b)).count()
}

/// Returns the same with the separators of an access token of Microsoft Entra and the padding of base64
fn whole_length(text: &str) -> usize {
    text.bytes().take_while(|b| is_in_secret(*b) || matches!(b, b'.' | b'~' | b'+' | b'=')).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn older() -> String {
        "ab2".repeat(18)[..52].to_owned()
    }

    fn newer() -> String {
        format!("{}{}xyz1", "aB3".repeat(26)[..76].to_owned(), ["AZ", "DO"].concat())
    }

    fn found(text: &str) -> Vec<&str> {
        let mut found = Vec::new();
        let mut at = 0;
        while let Some(place) = next(text, at) {
            at = place.end;
            found.push(&text[place]);
        }
        found
    }

    #[test]
    fn both_forms_are_recognised_and_other_texts_are_not() {
        assert!(is_token_shaped(&older()) && is_token_shaped(&newer()));
        let (old, new) = (older(), newer());
        for other in ["", "release-notes", &old[1..], &old.to_uppercase(), &new.replace("AZ", "BZ")] {
            assert!(!is_token_shaped(other) && !holds_token(other), "{} characters", other.len());
        }
    }

    #[test]
    fn they_are_found_in_any_surrounding_text() {
        for token in [older(), newer()] {
            let around = [
                "",
                " ",
                "\"",
                "/",
                "=",
                ":",
                "$",
                "ä",
                "-",
                "_",
                "%3A",
                "\\n",
                "\\u0022",
                "(long words before it) ",
            ];
            for before in around {
                for after in ["", " ", "\"", "/", "&x", "ä", "\\n", "-x", ". More of it."] {
                    assert_eq!(found(&format!("{before}{token}{after}")), [&token], "{before}…{after}");
                }
            }
            assert_eq!(found(&format!("{token} and {token},{token}")), [&token, &token, &token]);
            assert!(found(&format!("x{token}")).is_empty() && found(&format!("{token}y")).is_empty());
        }
    }

    #[test]
    fn a_long_text_is_a_token_only_after_a_store_and_a_commit_never_is() {
        let long = "c4n4ryToken".repeat(5);
        let signed = format!("eyJ{long}.{long}.{long}");
        for store in STORES {
            for text in [&long, &signed] {
                assert_eq!(found(&format!("at {store}:{text} here")), [text.as_str()]);
                assert_eq!(found(&format!("at {store}:/{text}")), [text.as_str()]);
            }
            for hexadecimal in ["0123456789abcdef".repeat(4), "0123456789abcdef0123".repeat(2)] {
                assert!(found(&format!("{store}:{hexadecimal}")).is_empty());
            }
        }
        assert!(found(&long).is_empty() && found(&format!("name:{long}")).is_empty());
        assert!(is_token_for_place(&long) && is_token_for_place(&format!("${long}")));
        for name in [
            "AZDO_PERSONAL_ACCESS_TOKEN_OF_THE_BUILD_SERVER_2",
            "AZUREDEVOPSPERSONALACCESSTOKENOFTHEBUILDSERVER",
            "/home/builder/secrets/azure-devops-personal-access-token",
            "secret/data/team/azure-devops/personal-access-token-of-the-bot",
        ] {
            assert!(!is_token_for_place(name), "{name}");
        }
    }
}
