//! The store `keyvault`.

mod config;
#[cfg_attr(not(feature = "store-keyvault"), path = "../not_built.rs")]
mod store;

pub use config::KeyVault;
pub(crate) use config::KeyVaultSettings;
pub(super) use store::open;
