//! The encodings in which an output may contain a secret.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use base64::engine::general_purpose::URL_SAFE;
use percent_encoding::AsciiSet;
use percent_encoding::NON_ALPHANUMERIC;
use percent_encoding::utf8_percent_encode;
use secrecy::zeroize::Zeroizing;

/// Shorter secrets are not masked, since that would mask ordinary text
pub(super) const SHORTEST: usize = 6;

/// The characters that this package percent-encodes in a path or a query
const PERCENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Returns the encodings of a secret that an output may contain
pub(super) fn spellings(text: &str) -> Vec<Zeroizing<String>> {
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
        // Only the characters that depend on the secret alone: the first and the last group
        // of a shifted text also contain bits of the neighboring text.
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
