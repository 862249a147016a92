//! The keyring of Linux: the Secret Service on the session bus (gnome-keyring, KWallet, KeePassXC).
//!
//! It uses the client below `keyring-core`'s store, since that store prompts a person to unlock a
//! keyring and waits for up to a year. This file never prompts: a locked keyring is an error.

use std::collections::HashMap;

use dbus_secret_service::EncryptionType;
use dbus_secret_service::Error;
use dbus_secret_service::SecretService;
use secrecy::zeroize::Zeroizing;

use crate::contract::Secret;
use crate::credentials::keyring::store::missing::Missing;

/// Returns the secret of an entry; blocks
pub(super) fn secret(service: &str, user: &str) -> Result<Secret, Missing> {
    // Encrypt on the bus, where other processes of the user can listen, and never prompt.
    let keyring = SecretService::connect_with_max_prompt_timeout(EncryptionType::Dh, 0).map_err(missing)?;
    // The attribute names that other clients of the keyring use.
    let wanted = HashMap::from([("service", service), ("username", user)]);
    let found = keyring.search_items(wanted).map_err(missing)?;
    match (&found.unlocked[..], &found.locked[..]) {
        ([], []) => Err(Missing::Entry),
        ([item], []) => text(item.get_secret().map_err(missing)?),
        ([], [item]) => {
            // Some keyrings unlock without a prompt; one that would prompt returns an error.
            item.unlock().map_err(missing)?;
            text(item.get_secret().map_err(missing)?)
        }
        _ => Err(Missing::Ambiguous),
    }
}

fn missing(error: Error) -> Missing {
    match error {
        Error::Locked | Error::Prompt => Missing::Locked,
        other => Missing::Store(other.to_string()),
    }
}

/// Returns the bytes of a secret as text
fn text(bytes: Vec<u8>) -> Result<Secret, Missing> {
    String::from_utf8(bytes).map(Secret::new).map_err(|error| {
        drop(Zeroizing::new(error.into_bytes()));
        Missing::NotText
    })
}
