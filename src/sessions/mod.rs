//! Run trees and their sessions: which bot run can use which session, by which name, and for how long.
//!
//! A root bot run with all its descendants is one run tree. The tree owns its sessions; no function of
//! this room lists, finds or closes a session of another tree. Each tree is one plain state machine
//! (`state`) under one plain lock (`tree`); the registry only maps the id of a bot run to its tree.
//! A tree can have a part in other processes too (`sharing`): then a store has a record of its global sessions.
//! This room does not depend on what a session is connected to, so the connection is a type
//! parameter; the tests use a number.

mod audit_id;
mod broker;
mod closure;
mod idempotency;
mod idle;
mod if_exists;
mod in_use;
mod messages;
mod names;
mod quota;
#[cfg(test)]
mod races;
mod recent;
#[cfg(feature = "store-redis")]
mod redis_store;
mod registry;
mod reservation;
mod run_id_text;
mod session;
mod shared_session;
mod shared_stores;
mod shared_trees;
mod sharing;
mod state;
mod store_calls;
mod sync;
mod tree;

pub use broker::Broker;
pub use broker::BrokerOptions;
pub use broker::BrokerStore;
pub use broker::StartBroker;
pub use idempotency::IdempotencyKeys;
pub use idempotency::IdempotencyStore;
pub use idempotency::InProcessKeys;
pub use idempotency::KeyOwner;
pub use idempotency::KeyPlace;
pub use idempotency::KeyState;
pub use idempotency::KeyUse;
pub use idempotency::KeyedRequest;
pub use idempotency::LostRequest;
pub use idempotency::Settled;
pub use if_exists::IfSessionExists;
pub use in_use::SessionInUse;
pub use quota::SessionLimits;
#[cfg(feature = "store-redis")]
pub use redis_store::RedisOptions;
#[cfg(feature = "store-redis")]
pub use redis_store::RedisStore;
pub use registry::Entered;
pub use registry::Sessions;
pub use reservation::Reservation;
pub use reservation::Reserved;
pub use session::ClosedSession;
pub use session::Session;
pub use shared_session::SharedSession;
pub use shared_stores::SharedStores;
pub use sharing::Claimed;
pub use sharing::ConnectionReference;
pub use sharing::EntryId;
pub use sharing::FindBy;
pub use sharing::Found;
pub use sharing::InProcessStore;
pub use sharing::OpenResult;
pub use sharing::SessionStore;
pub use sharing::SharedCredential;
pub use sharing::StoreError;
pub use sharing::StoreFuture;
pub use sharing::StoredEntry;
pub use sharing::TokenSeal;
pub use sharing::TreePlace;
pub use sharing::Watcher;
pub use state::Counts;
pub use store_calls::SharedTrees;
