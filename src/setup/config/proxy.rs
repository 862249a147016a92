//! The operator's proxy: its URL, or a reference to a URL with a password. Decision 0013.

use std::path::Path;

use url::Url;

use crate::contract::is_token_for_place;
use crate::files;
use crate::setup::environment::Lookup;

/// The largest file that is read, in bytes
const MAX_BYTES: usize = 64 << 10;

/// Returns why the setting is invalid, as a text that follows its name
///
/// A reference is not resolved. A password is refused: users of bots can read the file, and every user of the machine
/// can see the command line.
pub(crate) fn why_invalid(written: &str) -> Option<&'static str> {
    if let Some((_, place)) = reference(written) {
        return is_token_for_place(place)
            .then_some("contains a secret instead of a reference: write env:NAME without $, or file:PATH");
    }
    match Url::parse(written) {
        Ok(url) if !url.username().is_empty() || url.password().is_some() => Some(
            "contains a user or a password: keep the URL in a file or variable and write file:PATH or env:NAME",
        ),
        Ok(_) if is_address(written) => None,
        _ => Some("is not the URL of a proxy, such as http://HOST:PORT"),
    }
}

/// Returns the URL of the proxy, resolved if it is a reference
///
/// The error is the reason, which quotes nothing of the URL.
pub(crate) fn resolve(written: &str, lookup: &Lookup) -> Result<String, String> {
    let address = match written.split_once(':') {
        Some(("env", name)) => lookup(name)
            .and_then(|value| value.into_string().ok())
            .ok_or_else(|| format!("the variable {name} is not set"))?,
        Some(("file", path)) => {
            let read = files::read_trusted(Path::new(path), MAX_BYTES)
                .map_err(|error| format!("{path} cannot be read: {}", files::reason(&error)))?;
            let text = read.and_then(|bytes| String::from_utf8(bytes).ok());
            text.ok_or_else(|| format!("{path} contains no URL"))?
        }
        _ => written.to_owned(),
    };
    let address = address.trim_end_matches(['\r', '\n']);
    if !is_address(address) {
        return Err("it is not a URL such as http://USER:PASSWORD@HOST:PORT".to_owned());
    }
    Ok(address.to_owned())
}

fn reference(written: &str) -> Option<(&str, &str)> {
    written.split_once(':').filter(|(store, place)| matches!(*store, "env" | "file") && !place.is_empty())
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
        fs::write(file.path(), "hidden").expect("it can be written");
        for written in ["env:OTHER", "file:/nowhere/at/all", &named] {
            let reason = resolve(written, &lookup).expect_err(written);
            assert!(!reason.contains("hidden"), "{reason}");
        }
        for written in
            ["http://me:hidden@proxy.example", "socks5://proxy.example:1", "env:", "proxy.example", ""]
        {
            assert!(why_invalid(written).is_some(), "{written}");
        }
    }
}
