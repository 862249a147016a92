//! The keyrings of Windows (Credential Manager) and macOS (Keychain), through `keyring-core`; not tested here.

#[cfg(target_os = "macos")]
use apple_native_keyring_store::keychain::Store;
use keyring_core::Error;
use keyring_core::api::CredentialStoreApi as _;
use secrecy::zeroize::Zeroizing;
#[cfg(windows)]
use windows_native_keyring_store::Store;

use crate::contract::Secret;
use crate::credentials::keyring::store::missing::Missing;

/// Returns the secret of an entry; blocks
pub(super) fn secret(service: &str, user: &str) -> Result<Secret, Missing> {
    let entry = Store::new().and_then(|store| store.build(service, user, None)).map_err(missing)?;
    entry.get_password().map(Secret::new).map_err(missing)
}

/// Converts an error, which may contain the secret, to its kind
fn missing(error: Error) -> Missing {
    match error {
        Error::NoEntry => Missing::Entry,
        Error::Ambiguous(_) => Missing::Ambiguous,
        Error::NoStorageAccess(_) => Missing::Locked,
        Error::BadEncoding(bytes) | Error::BadDataFormat(bytes, _) => {
            drop(Zeroizing::new(bytes));
            Missing::NotText
        }
        Error::PlatformFailure(reason) => Missing::Store(reason.to_string()),
        _ => Missing::Store("it does not accept such an entry".to_owned()),
    }
}
