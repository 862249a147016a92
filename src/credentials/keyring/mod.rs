//! The store `keyring`.

#[cfg_attr(not(feature = "store-keyring"), path = "../not_built.rs")]
mod store;

pub(super) use store::open;
