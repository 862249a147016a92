//! What is wrong with a setting of the operator's file, and the checks that settings share.

use std::path::Path;

use url::Url;

use crate::contract::CredentialReference;
use crate::contract::TextKind as _;

/// A key as in a message, `network.proxy`, and what is wrong with its value
pub type SettingError = (String, String);

/// Whether the text can be a name in a reference
pub(crate) fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c))
}

/// Parses the reference to a secret that opens a store: never the secret itself, and only from env or file
pub(crate) fn sign_in_secret(key: String, text: &str) -> Result<CredentialReference, SettingError> {
    match CredentialReference::parse(text) {
        Ok(reference) if matches!(reference.store.as_str(), "env" | "file") => Ok(reference),
        Ok(_) => Err((key, "is not a reference such as env:NAME or file:PATH".to_owned())),
        Err(refusal) => {
            Err((key, format!("is not a reference such as env:NAME or file:PATH: {}", refusal.reason)))
        }
    }
}

/// Parses the URL of a server, without a path
///
/// Plain http is for loopback addresses; the request checks whether it is allowed.
pub(crate) fn address(key: String, text: &str) -> Result<Url, SettingError> {
    match Url::parse(text) {
        Ok(url) if url.password().is_some() || !url.username().is_empty() => {
            Err((key, "must not contain a user or a password".to_owned()))
        }
        Ok(url)
            if matches!(url.scheme(), "https" | "http")
                && url.has_host()
                && url.path() == "/"
                && url.query().is_none()
                && url.fragment().is_none() =>
        {
            Ok(url)
        }
        _ => Err((key, "is not a URL such as https://HOST:PORT".to_owned())),
    }
}

/// Checks that a path is absolute; a relative path would depend on where the process was started
///
/// Errors: the key, and that the path must be absolute.
pub fn absolute_path(key: &str, path: &Path) -> Result<(), SettingError> {
    if path.is_absolute() {
        return Ok(());
    }
    Err((key.to_owned(), "must be an absolute path".to_owned()))
}
