//! The trait of a credential store, and the rules that several stores share.

use std::future::Future;
use std::pin::Pin;

use crate::contract::CredentialReference;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::Secret;
use crate::contract::StoreResponse;

/// The future of a token that is read from a store
pub(super) type Reading<'a> = Pin<Box<dyn Future<Output = Result<Secret, Error>> + Send + 'a>>;

/// A credential store
pub(super) trait Store: Send + Sync {
    /// Checks that a bot may reference this entry directly; may block
    ///
    /// Errors: `input.invalid`, with the key that the operator would have to set. The rejected reference
    /// is not quoted, since it may be a token in the wrong field.
    fn admit(&self, place: &CredentialReference) -> Result<(), Error>;

    /// Returns whether two references point to the same secret; may block
    fn same(&self, one: &CredentialReference, other: &CredentialReference) -> bool;

    /// Returns the text of an entry, unchecked
    ///
    /// The future does not block, and its work ends when it is dropped: the caller enforces the time limit.
    /// Errors: `credential.not_found`, `credential.invalid_format`, `input.invalid`, `network.*`.
    fn read<'a>(&'a self, place: &'a CredentialReference) -> Reading<'a>;

    /// Returns what to do when the store did not return an entry in time, if it knows more than the error code
    fn help_when_late(&self, _place: &CredentialReference) -> Option<String> {
        None
    }

    /// Forgets a token that the service did not accept, in a store that keeps tokens
    fn forget(&self, _token: &Secret) {}
}

/// The result of opening a store
#[allow(dead_code, reason = "the cargo features decide which of these there are")]
pub(super) enum Opened {
    /// The store is ready
    Store(Box<dyn Store>),
    /// The operator has not configured it
    NotConfigured,
    /// Its cargo feature is off
    NotBuilt,
}

/// Allows what an operator's list names: the exact entry, or a path below an entry that ends in `/`
#[allow(dead_code, reason = "the cargo features decide whether a store uses it")]
pub(super) fn listed(bots: &[String], place: &CredentialReference, key: &str) -> Result<(), Error> {
    let whole = place.to_string();
    let named = whole.split_once(':').map_or("", |(_, named)| named);
    // A path with `.`, `..` or empty parts must not leave the listed folder.
    let plain = !place.path.split('/').any(|part| matches!(part, "" | "." | ".."));
    let below = |one: &String| plain && one.ends_with('/') && named.starts_with(one.as_str());
    if bots.iter().any(|one| one == named || below(one)) {
        return Ok(());
    }
    let message = format!(
        "A bot may reference only entries of the store {} that the operator lists for bots",
        place.store
    );
    Err(Error::new(ErrorCode::InputInvalid, message).help(format!(
        "The operator can add the entry to `{key}` in azdo-bot.toml, or map the reference there as a locker."
    )))
}

/// Returns the help for a server that does not respond like the store at its address
#[allow(dead_code, reason = "the cargo features decide whether a store uses it")]
pub(super) fn correct(key: &str, response: &StoreResponse) -> String {
    match &response.proxy {
        Some(proxy) => {
            format!("Correct `{key}` in azdo-bot.toml; the proxy {proxy} may have responded instead.")
        }
        None => format!("Correct `{key}` in azdo-bot.toml."),
    }
}

/// Rejects an attribute for a store that has one token in each entry
pub(super) fn no_attribute(place: &CredentialReference) -> Result<(), Error> {
    if place.attribute.is_none() {
        return Ok(());
    }
    let message = format!("The store {} has one token in each entry", place.store);
    Err(Error::new(ErrorCode::InputInvalid, message)
        .help("Remove \"#\" and the text after it from the reference."))
}
