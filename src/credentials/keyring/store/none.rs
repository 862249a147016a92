//! Systems without a keyring that the package knows.

use crate::contract::Secret;
use crate::credentials::keyring::store::missing::Missing;

/// There is none to ask
pub(super) fn secret(_service: &str, _user: &str) -> Result<Secret, Missing> {
    Err(Missing::Store("none is known on this system".to_owned()))
}
