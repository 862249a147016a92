//! The keyring of Linux: the secret service on the session bus (gnome-keyring, KWallet, KeePassXC).
//!
//! Its client is the one beneath `keyring-core`'s store, since that store asks a person to unlock a
//! keyring and waits for up to a year. Here nobody is asked: what is locked is an error.

use std::collections::HashMap;

use dbus_secret_service::EncryptionType;
use dbus_secret_service::Error;
use dbus_secret_service::SecretService;
use secrecy::zeroize::Zeroizing;

use crate::contract::Secret;
use crate::credentials::keyring::store::missing::Missing;

/// The secret of an entry; blocks
pub(super) fn secret(service: &str, user: &str) -> Result<Secret, Missing> {
    // Encrypted on the bus, where others of the same user can listen; and no prompt, ever.
    let keyring = SecretService::connect_with_max_prompt_timeout(EncryptionType::Dh, 0).map_err(missing)?;
    // The names that `keyring`'s other clients give an entry.
    let wanted = HashMap::from([("service", service), ("username", user)]);
    let found = keyring.search_items(wanted).map_err(missing)?;
    match (&found.unlocked[..], &found.locked[..]) {
        ([], []) => Err(Missing::Entry),
        ([item], []) => text(item.get_secret().map_err(missing)?),
        ([], [item]) => {
            // Some unlock by themselves; one that would ask a person is refused.
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

/// Takes the bytes of a secret over
fn text(bytes: Vec<u8>) -> Result<Secret, Missing> {
    String::from_utf8(bytes).map(Secret::new).map_err(|error| {
        drop(Zeroizing::new(error.into_bytes()));
        Missing::NotText
    })
}
