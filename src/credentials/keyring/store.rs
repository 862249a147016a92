//! The store `keyring`: the keyring of the system, which the user's sign-in unlocks.
//!
//! A reference is `keyring:SERVICE#USER`. Each system has its own file: the Secret
//! Service on Linux, the Credential Manager on Windows, the Keychain on macOS.

use crate::contract::CredentialReference;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::credentials::deadline::on_a_thread;
use crate::credentials::resources::StoreResources;
use crate::credentials::store::Opened;
use crate::credentials::store::Reading;
use crate::credentials::store::Store;
use crate::credentials::store::listed;

mod missing;
#[cfg_attr(target_os = "linux", path = "store/linux.rs")]
#[cfg_attr(any(windows, target_os = "macos"), path = "store/native.rs")]
#[cfg_attr(not(any(target_os = "linux", windows, target_os = "macos")), path = "store/none.rs")]
mod system;

/// Opens the store; `bots` are the entries that a bot may reference directly
pub(in crate::credentials) fn open(bots: Vec<String>, _resources: &StoreResources) -> Opened {
    Opened::Store(Box::new(KeyringStore { bots }))
}

struct KeyringStore {
    /// The entries that a bot may reference directly
    bots: Vec<String>,
}

impl Store for KeyringStore {
    fn admit(&self, place: &CredentialReference) -> Result<(), Error> {
        listed(&self.bots, place, "stores.keyring.bots")
    }

    fn same(&self, one: &CredentialReference, other: &CredentialReference) -> bool {
        // Windows ignores case in the names of entries.
        if cfg!(windows) {
            one.to_string().to_lowercase() == other.to_string().to_lowercase()
        } else {
            one == other
        }
    }

    fn read<'a>(&'a self, place: &'a CredentialReference) -> Reading<'a> {
        Box::pin(async move {
            let Some(user) = place.attribute.clone() else {
                let message = "A reference to the keyring has the user after the service";
                return Err(
                    Error::new(ErrorCode::InputInvalid, message).help("Write it as keyring:SERVICE#USER.")
                );
            };
            let service = place.path.clone();
            // The libraries of the system block, and some wait for a person.
            on_a_thread(move || {
                system::secret(&service, &user).map_err(|missing| missing.error(&service, &user))
            })
            .await
        })
    }
}
