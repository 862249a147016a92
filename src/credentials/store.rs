//! What a credential store is, and the rules that several stores share.

use std::future::Future;
use std::pin::Pin;

use crate::contract::CredentialReference;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::Secret;

/// A token on its way out of a store
pub(super) type Reading<'a> = Pin<Box<dyn Future<Output = Result<Secret, Error>> + Send + 'a>>;

/// A place where secrets are kept
pub(super) trait Store: Send + Sync {
    /// Whether a bot may name this place by itself; may block
    ///
    /// Errors: `input.invalid`, with the key that the operator would have to set. What is refused
    /// here is not quoted, as it may be a token that was pasted into the wrong place.
    fn admit(&self, place: &CredentialReference) -> Result<(), Error>;

    /// Whether two places are the same one; may block
    fn same(&self, one: &CredentialReference, other: &CredentialReference) -> bool;

    /// The text at a place, unchecked
    ///
    /// Nothing of it blocks, and nothing of it goes on when it is dropped: the caller holds the time.
    /// Errors: `credential.not_found`, `credential.invalid_format`, `input.invalid`, `network.*`.
    fn read<'a>(&'a self, place: &'a CredentialReference) -> Reading<'a>;

    /// Forgets a token that the service did not accept, in a store that keeps tokens
    fn forget(&self, _token: &Secret) {}
}

/// A store as its folder opens it
#[allow(dead_code, reason = "the cargo features decide which of these there are")]
pub(super) enum Opened {
    /// It is ready
    Store(Box<dyn Store>),
    /// The operator has not set it up
    NotConfigured,
    /// Its cargo feature is off
    NotBuilt,
}

/// Admits what an operator's list names: the place to the letter, or a path below an entry that ends in `/`
#[allow(dead_code, reason = "the cargo features decide whether a store uses it")]
pub(super) fn listed(bots: &[String], place: &CredentialReference, key: &str) -> Result<(), Error> {
    let whole = place.to_string();
    let named = whole.split_once(':').map_or("", |(_, named)| named);
    // Another spelling of a path must not leave the folder that is listed.
    let plain = !place.path.split('/').any(|part| matches!(part, "" | "." | ".."));
    let below = |one: &String| plain && one.ends_with('/') && named.starts_with(one.as_str());
    if bots.iter().any(|one| one == named || below(one)) {
        return Ok(());
    }
    let message =
        format!("A bot may name only places of the store {} that the operator lists for bots", place.store);
    Err(Error::new(ErrorCode::InputInvalid, message).help(format!(
        "Let the operator add the place to `{key}` in azdo-bot.toml, or map the reference there as a locker."
    )))
}

/// Refuses the attribute of a place in a store that keeps one token at each
pub(super) fn no_attribute(place: &CredentialReference) -> Result<(), Error> {
    if place.attribute.is_none() {
        return Ok(());
    }
    let message = format!("The store {} keeps one token at a place", place.store);
    Err(Error::new(ErrorCode::InputInvalid, message)
        .help("Leave out \"#\" and what follows it in the reference."))
}
