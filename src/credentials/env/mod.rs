//! The store `env`.

mod lookup;
mod store;

pub use lookup::EnvLookup;
pub(super) use store::EnvStore;
