//! The operator's proxy: its URL, or a reference to a URL with a password. Decision 0013.

use percent_encoding::AsciiSet;
use percent_encoding::NON_ALPHANUMERIC;
use percent_encoding::utf8_percent_encode;
use url::Url;

use crate::contract::is_token_for_place;
use crate::setup::config::url_reference;
use crate::setup::environment::Lookup;

/// The characters of a user or a password that are encoded in a URL
const USER: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Returns why the setting is invalid, as a text that follows its name
///
/// A reference is not resolved. A password is refused: users of bots can read the file, and every user of the machine
/// can see the command line.
pub(crate) fn why_invalid(written: &str) -> Option<&'static str> {
    if let Some((_, place)) = url_reference::reference(written) {
        return is_token_for_place(place)
            .then_some("contains a secret instead of a reference: write env:NAME without $, or file:PATH");
    }
    if written.split_once("://").is_some_and(|(_, rest)| rest.contains(['@', '\\'])) {
        return Some(
            "contains a user or a password: keep the URL in a file or variable and write file:PATH or env:NAME",
        );
    }
    match is_address(written) {
        true => None,
        false => Some("is not the URL of a proxy, such as http://HOST:PORT"),
    }
}

/// Returns the URL of the proxy, resolved if it is a reference
///
/// The error is the reason, which quotes nothing of the URL.
pub(crate) fn resolve(written: &str, lookup: &Lookup) -> Result<String, String> {
    let address = url_reference::text_of(written, lookup)?;
    let address = with_encoded_user(&address);
    if !is_address(&address) {
        return Err("it is not a URL such as http://USER:PASSWORD@HOST:PORT".to_owned());
    }
    Ok(address)
}

/// Encodes the characters of a user and a password that a URL cannot have, such as the `\` of `DOMAIN\user`
///
/// The user and the password end at the last `@`, since no host has one. What is encoded already stays.
fn with_encoded_user(address: &str) -> String {
    let parts = address.split_once("://").and_then(|(scheme, rest)| Some((scheme, rest.rsplit_once('@')?)));
    let Some((scheme, (user, host))) = parts else { return address.to_owned() };
    let (user, password) = match user.split_once(':') {
        Some((user, password)) => (user, Some(password)),
        None => (user, None),
    };
    let password = password.map(|password| format!(":{}", encoded(password))).unwrap_or_default();
    format!("{scheme}://{}{password}@{host}", encoded(user))
}

fn encoded(part: &str) -> String {
    let is_encoded = |rest: &str| matches!(rest.as_bytes(), [b'%', one, two, ..] if one.is_ascii_hexdigit() && two.is_ascii_hexdigit());
    let mut text = String::with_capacity(part.len());
    for (at, c) in part.char_indices() {
        match c {
            '%' if is_encoded(&part[at..]) => text.push(c),
            _ => text.extend(utf8_percent_encode(c.encode_utf8(&mut [0; 4]), USER)),
        }
    }
    text
}

fn is_address(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| url.has_host() && matches!(url.scheme(), "http" | "https"))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::sync::Arc;

    use super::*;

    #[test]
    fn a_url_with_a_password_is_referred_to_and_never_written() {
        let file = tempfile::NamedTempFile::new().expect("a temporary file");
        let named = format!("file:{}", file.path().display());
        fs::write(file.path(), "http://me:hidden@proxy.example:8080\r\n").expect("it can be written");
        let lookup: Lookup =
            Arc::new(|name| (name == "PROXY").then(|| "https://me:hidden@proxy.example".into()));
        for (written, address) in [
            ("http://proxy.example:8080", "http://proxy.example:8080"),
            ("env:PROXY", "https://me:hidden@proxy.example"),
            (&named, "http://me:hidden@proxy.example:8080"),
        ] {
            assert_eq!((why_invalid(written), resolve(written, &lookup)), (None, Ok(address.to_owned())));
        }
        for (kept, address) in [
            ("http://CORP\\me:hidden@proxy.example:8080", "http://CORP%5Cme:hidden@proxy.example:8080"),
            ("http://CORP%5Cme:hidden@proxy.example", "http://CORP%5Cme:hidden@proxy.example"),
            ("http://me:a/b?c#d@e%@proxy.example\n", "http://me:a%2Fb%3Fc%23d%40e%25@proxy.example"),
            ("\u{feff}http://proxy.example:8080", "http://proxy.example:8080"),
        ] {
            fs::write(file.path(), kept).expect("it can be written");
            assert_eq!(resolve(&named, &lookup), Ok(address.to_owned()));
        }
        let wide: Vec<u8> = "http://hidden".encode_utf16().flat_map(u16::to_le_bytes).collect();
        fs::write(file.path(), wide).expect("it can be written");
        assert!(resolve(&named, &lookup).is_err_and(|reason| reason.ends_with("it is in UTF-16")));
        fs::write(file.path(), "hidden").expect("it can be written");
        for written in ["env:OTHER", "file:/nowhere/at/all", &named] {
            let reason = resolve(written, &lookup).expect_err(written);
            assert!(!reason.contains("hidden"), "{reason}");
        }
        for written in [
            "http://me:hidden@proxy.example",
            "http://CORP\\me:hidden@proxy.example",
            "http://CORP\\hidden",
            "socks5://proxy.example:1",
            "env:",
            "proxy.example",
            "",
        ] {
            assert!(why_invalid(written).is_some(), "{written}");
        }
    }
}
