//! Systems without a keyring that the package supports.

use crate::contract::Secret;
use crate::credentials::keyring::store::missing::Missing;

/// Returns an error: this system has no supported keyring
pub(super) fn secret(_service: &str, _user: &str) -> Result<Secret, Missing> {
    Err(Missing::Store("no keyring is supported on this system".to_owned()))
}
