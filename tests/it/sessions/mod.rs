//! The rules of sessions through their public API: lookup, closing, and messages.
//!
//! Connections are numbers here. The rate limits and idempotency keys that processes share are tested beside them.

mod bot_runs;
#[cfg(unix)]
mod broker;
#[cfg(unix)]
mod broker_failures;
#[cfg(unix)]
mod broker_shares;
#[cfg(unix)]
mod broker_thread;
mod idle;
mod key_rules;
mod limit_rules;
mod limits;
mod lookup;
mod machine;
mod machines;
mod messages;
mod model;
mod models;
mod operations;
mod reference;
mod shared;
mod support;
mod waiting;
