//! The session store in Redis or Valkey: one hash for each run tree, changed by scripts. Decision 0231.
//!
//! A tree's key holds its records, names and reservations, so that all of them expire together with the lease of its
//! root, and are deleted together. What is in there is sealed by the room `sessions`.

mod access;
mod connection;
mod idempotency_keys;
mod rate_limits;
mod scripts;
mod store;
mod worker;

pub use connection::RedisOptions;
pub use store::RedisStore;
