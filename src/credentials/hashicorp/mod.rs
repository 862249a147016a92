//! The store `vault`.

mod config;
#[cfg_attr(not(feature = "store-vault"), path = "../not_built.rs")]
mod store;

pub use config::HashiCorpVault;
pub use config::KeyValueVersion;
pub use config::SignIn;
pub(crate) use config::VaultSettings;
pub(super) use store::open;
