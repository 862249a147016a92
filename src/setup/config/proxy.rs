//! The operator's proxy: its address, or a reference to it where it carries a password.

use std::path::Path;

use url::Url;

use crate::contract::is_token_for_place;
use crate::files;
use crate::setup::environment::Lookup;

/// The most that is read of a file, in bytes; no address is as long
const MAX_BYTES: usize = 64 << 10;

/// What is wrong with an address as it is written; the reason follows its name
///
/// What it refers to is not looked at: a password is nothing for a file that bots' users read, nor for a
/// command line that every user of the machine sees.
pub(crate) fn fault(written: &str) -> Option<&'static str> {
    if let Some((_, place)) = reference(written) {
        return is_token_for_place(place)
            .then_some("refers to a secret instead of a place: write env:NAME without $, or file:PATH");
    }
    match Url::parse(written) {
        Ok(url) if !url.username().is_empty() || url.password().is_some() => Some(
            "carries a user or a password: keep the address in a file or variable and write file:PATH or env:NAME",
        ),
        Ok(_) if is_address(written) => None,
        _ => Some("is not a proxy's address as http://HOST:PORT"),
    }
}

/// The address that is written, or that stands where it refers to
///
/// `Err` is the reason, which quotes nothing of the address.
pub(crate) fn resolve(written: &str, lookup: &Lookup) -> Result<String, String> {
    let address = match written.split_once(':') {
        Some(("env", name)) => lookup(name)
            .and_then(|value| value.into_string().ok())
            .ok_or_else(|| format!("the variable {name} is not set"))?,
        Some(("file", path)) => {
            let read = files::read_trusted(Path::new(path), MAX_BYTES)
                .map_err(|error| format!("{path} cannot be read: {}", files::reason(&error)))?;
            let text = read.and_then(|bytes| String::from_utf8(bytes).ok());
            text.ok_or_else(|| format!("{path} holds no address"))?
        }
        _ => written.to_owned(),
    };
    let address = address.trim_end_matches(['\r', '\n']);
    if !is_address(address) {
        return Err("it is not an address as http://USER:PASSWORD@HOST:PORT".to_owned());
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
    fn an_address_with_a_password_is_named_and_never_written() {
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
            assert_eq!((fault(written), resolve(written, &lookup)), (None, Ok(address.to_owned())));
        }
        fs::write(file.path(), "hidden").expect("it can be written");
        for written in ["env:OTHER", "file:/nowhere/at/all", &named] {
            let reason = resolve(written, &lookup).expect_err(written);
            assert!(!reason.contains("hidden"), "{reason}");
        }
        for written in
            ["http://me:hidden@proxy.example", "socks5://proxy.example:1", "env:", "proxy.example", ""]
        {
            assert!(fault(written).is_some(), "{written}");
        }
    }
}
