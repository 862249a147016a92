//! The store `keyring`: the system's own store of secrets, which the user's sign-in opens.
//!
//! A reference is `keyring:SERVICE#USER`. What differs by system is one small file each: the secret
//! service on Linux, the Credential Manager on Windows, the Keychain on macOS.

use crate::contract::CredentialReference;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::Secret;
use crate::contract::printable;
use crate::credentials::deadline::on_a_thread;
use crate::credentials::keyring;
use crate::credentials::store::Reading;
use crate::credentials::store::Store;
use crate::credentials::store::listed;

pub(super) struct KeyringStore {
    /// The places that a bot may name by itself
    pub(super) bots: Vec<String>,
}

/// Why there is no secret
pub(super) enum Missing {
    /// No entry of that service and user
    Entry,
    /// More than one
    Ambiguous,
    /// It is there, but a person has to unlock it first
    Locked,
    /// It is there, and is no text
    NotText,
    /// There is no store of secrets to ask: in the system's own words
    Store(String),
}

impl Store for KeyringStore {
    fn admit(&self, place: &CredentialReference) -> Result<(), Error> {
        listed(&self.bots, place, "stores.keyring.bots")
    }

    fn same(&self, one: &CredentialReference, other: &CredentialReference) -> bool {
        // Windows finds an entry whatever the case of its letters.
        if cfg!(windows) {
            one.to_string().to_lowercase() == other.to_string().to_lowercase()
        } else {
            one == other
        }
    }

    fn read<'a>(&'a self, place: &'a CredentialReference) -> Reading<'a> {
        Box::pin(async move {
            let Some(user) = place.attribute.clone() else {
                let message = "A place in the keyring has the user behind the service";
                return Err(
                    Error::new(ErrorCode::InputInvalid, message).help("Write it as keyring:SERVICE#USER.")
                );
            };
            let service = place.path.clone();
            // The system's libraries block, and some wait for a person.
            on_a_thread(move || {
                keyring::secret(&service, &user).map_err(|missing| missing.error(&service, &user))
            })
            .await
        })
    }
}

impl Missing {
    fn error(self, service: &str, user: &str) -> Error {
        let entry = format!("service \"{}\" and user \"{}\"", printable(service, 256), printable(user, 256));
        let not_found = |message: String| Error::new(ErrorCode::CredentialNotFound, message);
        match self {
            Missing::Entry => not_found(format!("The keyring has no entry of {entry}"))
                .help("Add it as docs/credentials.md shows, under the account that this process runs as."),
            Missing::Ambiguous => not_found(format!("The keyring has more than one entry of {entry}"))
                .help("Delete all but one of them."),
            Missing::Locked => not_found(format!("The keyring that has the entry of {entry} is locked"))
                .help(
                    "Unlock it before the bot starts: sign in, or give its password to the keyring's daemon.",
                ),
            Missing::NotText => Error::new(
                ErrorCode::CredentialInvalidFormat,
                format!("The keyring's entry of {entry} is not a text"),
            ),
            Missing::Store(reason) => {
                not_found(format!("This process has no keyring to ask: {}", printable(&reason, 256))).help(
                    "A keyring belongs to a user who is signed in, and is reached over that user's session. \
                     For a service use `file:`, `vault:` or another store of docs/credentials.md.",
                )
            }
        }
    }
}

/// Takes the bytes of a secret over
#[cfg(target_os = "linux")]
pub(super) fn text(bytes: Vec<u8>) -> Result<Secret, Missing> {
    use secrecy::zeroize::Zeroizing;
    String::from_utf8(bytes).map(Secret::new).map_err(|error| {
        drop(Zeroizing::new(error.into_bytes()));
        Missing::NotText
    })
}
