//! Where secrets come from: stores behind one trait, and the operator's lockers in front of them.
//!
//! A bot names a credential, the [`Vault`] gives the token: through a locker that the operator has
//! mapped, or by a reference, of which a bot may use only what the operator lets it. A stored token
//! is bound to one organization; that is checked before anything is read.

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
#[cfg(feature = "store-vault")]
mod hashicorp_store;
mod hashicorp_vault;
mod helper;
mod key_vault;
#[cfg(feature = "store-keyvault")]
mod key_vault_store;
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
mod resolver;
mod store;
mod stores;

pub use entra::EntraApplication;
pub use entra::EntraProof;
pub use hashicorp_vault::HashiCorpVault;
pub use hashicorp_vault::SignIn;
pub use helper::Helper;
pub use helper::Protocol;
pub use key_vault::KeyVault;
pub use locker::Locker;
pub use locker::Lockers;
pub use resolver::CredentialResolver;
pub use resolver::Foreseen;
pub use store::EnvLookup;
pub use store::StorePolicy;
