//! Requests that are made once: calls with one idempotency key in a process, or in all processes with one store.
//!
//! The first call reserves the key and makes the request; the others get what it made. A reservation whose owner is gone
//! stays: what became of the request is not known then. Decision 0241.

mod in_process;
mod key_owner;
mod key_secrets;
mod keyed_request;
mod keys;
mod store;

pub use in_process::InProcessKeys;
pub use key_owner::KeyOwner;
pub use keyed_request::KeyedRequest;
pub use keys::IdempotencyKeys;
pub use keys::KeyUse;
pub use keys::LostRequest;
pub use store::IdempotencyStore;
#[cfg(feature = "store-redis")]
pub(super) use store::KEPT;
pub use store::KeyPlace;
pub use store::KeyState;
pub use store::Settled;
