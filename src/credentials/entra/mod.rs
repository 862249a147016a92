//! The store `entra`.

mod config;
#[cfg_attr(not(feature = "store-entra"), path = "../not_built.rs")]
pub(super) mod store;

pub(crate) use config::ApplicationSettings;
pub use config::EntraApplication;
pub use config::EntraProof;
pub(super) use store::open;
