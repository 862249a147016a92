//! A string once used as a token is masked in all later output, in the encodings it may turn up in.

use std::borrow::Cow;
use std::fmt;
use std::sync::RwLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use base64::engine::general_purpose::URL_SAFE;
use percent_encoding::AsciiSet;
use percent_encoding::NON_ALPHANUMERIC;
use percent_encoding::utf8_percent_encode;
use secrecy::zeroize::Zeroizing;

use crate::contract::Secret;

/// What stands in the place of a secret
const MASK: &str = "********";

/// Shorter secrets are not masked: they would blot out ordinary text
const SHORTEST: usize = 6;

/// What a path or a query of ours has as `%XX`
const PERCENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The secrets of a run tree, and how they would look in an output
///
/// Masked are the text itself, its URL, form, JSON and XML spellings, those of URL and JSON twice (an
/// address in an address, a message in a message), and base64 of it alone or behind any user name
/// (which shifts it by 0, 1 or 2 bytes). For a token of letters and digits these are four texts.
/// Nothing here writes a secret in hexadecimal digits, in UTF-16 or reversed, so these are not looked for on
/// every output.
#[derive(Default)]
pub struct Masker {
    forms: RwLock<Vec<Zeroizing<String>>>,
}

impl Masker {
    /// Remembers a secret; the same one twice is kept once
    pub fn remember(&self, secret: &Secret) {
        let text = secret.expose();
        if text.len() < SHORTEST {
            return;
        }
        let mut forms = self.forms.write().unwrap_or_else(|poisoned| poisoned.into_inner());
        if forms.iter().any(|form| form.as_str() == text) {
            return;
        }
        for form in spellings(text) {
            if !forms.contains(&form) {
                forms.push(form);
            }
        }
        // A longer form may contain a shorter one: the longer is looked for first.
        forms.sort_by_key(|form| std::cmp::Reverse(form.len()));
    }

    /// The text with every secret in it replaced
    pub fn mask<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let forms = self.forms.read().unwrap_or_else(|poisoned| poisoned.into_inner());
        forms.iter().fold(Cow::Borrowed(text), |text, form| {
            if text.contains(form.as_str()) { Cow::Owned(text.replace(form.as_str(), MASK)) } else { text }
        })
    }
}

impl fmt::Debug for Masker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Masker(..)")
    }
}

/// The secret as it may stand in an output
fn spellings(text: &str) -> Vec<Zeroizing<String>> {
    let percent = |text: &str| Zeroizing::new(utf8_percent_encode(text, PERCENT).to_string());
    let json = |text: &str| {
        let json = Zeroizing::new(serde_json::to_string(text).expect("a string always serializes"));
        Zeroizing::new(json[1..json.len() - 1].to_owned())
    };
    let escaped = |text: &str, char, entity| Zeroizing::new(text.replace(char, entity));
    let xml = [('<', "&lt;"), ('>', "&gt;")];
    let xml =
        xml.iter().fold(escaped(text, '&', "&amp;"), |text, (char, entity)| escaped(&text, *char, entity));
    let quoted = escaped(&xml, '"', "&quot;");
    let form = Zeroizing::new(url::form_urlencoded::byte_serialize(text.as_bytes()).collect());
    let (once, said) = (percent(text), json(text));
    let itself = Zeroizing::new(text.to_owned());
    let mut forms = vec![itself, form, percent(&once), once, json(&said), said, xml, quoted];
    for shift in 0..3 {
        // Only the characters that depend on nothing but the secret: the first and the last group
        // of a shifted text also hold bits of its neighbours.
        let shifted = Zeroizing::new([&vec![b':'; shift][..], text.as_bytes()].concat());
        let first = if shift == 0 { 0 } else { 4 };
        let whole = (shift + text.len()) / 3 * 4;
        for alphabet in [STANDARD, URL_SAFE] {
            let encoded = Zeroizing::new(alphabet.encode(&*shifted));
            forms.push(Zeroizing::new(encoded[first..whole].to_owned()));
        }
    }
    forms.retain(|form| form.len() >= SHORTEST);
    forms
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_masked_in_every_spelling() {
        let masker = Masker::default();
        let token = ["c4n4ry", "+/\"quoted\"/", "Token0123"].concat();
        masker.remember(&Secret::new(token.clone()));
        let url: String = url::form_urlencoded::byte_serialize(token.as_bytes()).collect();
        let mut outputs = vec![token.clone(), url, serde_json::to_string(&token).expect("serializes")];
        outputs
            .extend(["", ":", "u:", "me:", "someone:"].map(|user| STANDARD.encode(format!("{user}{token}"))));
        for output in outputs {
            let text = format!("before {output} after");
            let masked = masker.mask(&text);
            assert!(masked.contains(MASK), "{text} -> {masked}");
            assert!(!masked.contains(&token) && masked.starts_with("before ") && masked.ends_with(" after"));
        }
    }

    #[test]
    fn other_text_and_short_secrets_are_left_alone() {
        let masker = Masker::default();
        masker.remember(&Secret::new("abc".to_owned()));
        masker.remember(&Secret::new("abcdefgh".to_owned()));
        assert_eq!(masker.mask("abc def"), "abc def");
        assert_eq!(masker.mask("xabcdefghx"), "x********x");
        assert_eq!(format!("{masker:?}"), "Masker(..)");
    }
}
