//! The sources of tokens: credential stores behind one trait, and the operator's lockers in front of them.
//!
//! A bot names a credential, and the [`CredentialResolver`] returns the token: through a locker that the operator has
//! mapped, or by a reference, of which a bot may use only those that the operator allows. A stored token
//! is bound to one organization; this is checked before the store is read.
//!
//! To add a store, add a folder with its settings and its store, a row in `stores.rs`, its settings to `policy.rs`,
//! and its name to `contract::STORES`.

#![allow(clippy::duplicate_mod, reason = "each store whose cargo feature is off is `not_built.rs`")]

mod deadline;
mod entra;
mod env;
mod exec;
mod file;
#[cfg(all(any(test, fuzzing), feature = "store-vault"))]
#[doc(hidden)]
pub mod fuzzing;
mod hashicorp;
mod key_vault;
mod keyring;
mod locker;
mod policy;
mod resolver;
mod resources;
mod setting_error;
mod settings;
mod sign_in_secrets;
mod store;
mod stores;

pub use entra::EntraApplication;
pub use entra::EntraProof;
pub use env::EnvLookup;
pub use exec::Helper;
pub use exec::Protocol;
pub use hashicorp::HashiCorpVault;
pub use hashicorp::KeyValueVersion;
pub use hashicorp::SignIn;
pub use key_vault::KeyVault;
pub use locker::Locker;
pub use locker::Lockers;
pub use policy::StorePolicy;
pub use resolver::CredentialResolver;
pub use resolver::Foreseen;
pub use setting_error::SettingError;
pub use setting_error::absolute_path;
pub use settings::StoreSettings;
#[cfg(feature = "cli")]
pub use stores::built_in_stores;
