//! Where secrets come from: stores behind one trait, and the operator's lockers in front of them.
//!
//! A bot names a credential, the [`Vault`] gives the token: through a locker that the operator has
//! mapped, or by a reference, of which a bot may use only what the operator lets it. A stored token
//! is bound to one organization; that is checked before anything is read.

mod azure_vault;
#[cfg(feature = "store-keyvault")]
mod azure_vault_store;
mod deadline;
mod entra;
#[cfg(feature = "store-entra")]
mod entra_store;
mod env_store;
#[cfg(feature = "store-exec")]
mod exec_store;
mod file_store;
#[cfg(feature = "store-exec")]
mod git_protocol;
mod helper;
mod key_value;
#[cfg(feature = "store-keyring")]
#[cfg_attr(target_os = "linux", path = "keyring_linux.rs")]
#[cfg_attr(any(windows, target_os = "macos"), path = "keyring_native.rs")]
#[cfg_attr(not(any(target_os = "linux", windows, target_os = "macos")), path = "keyring_none.rs")]
mod keyring;
#[cfg(feature = "store-keyring")]
mod keyring_store;
mod locker;
#[cfg(feature = "store-exec")]
mod program;
mod store;
mod stores;
mod vault;
#[cfg(feature = "store-vault")]
mod vault_store;

pub use azure_vault::AzureVault;
pub use entra::EntraApplication;
pub use entra::EntraProof;
pub use helper::Helper;
pub use helper::Protocol;
pub use key_value::KeyValueVault;
pub use key_value::SignIn;
pub use locker::Locker;
pub use locker::Lockers;
pub use store::EnvLookup;
pub use store::StorePolicy;
pub use vault::Foreseen;
pub use vault::Vault;
