//! The store `exec`.

mod config;
#[cfg_attr(not(feature = "store-exec"), path = "../not_built.rs")]
mod store;

pub use config::Helper;
pub(crate) use config::HelperSettings;
pub use config::Protocol;
pub(super) use store::open;
