//! The rules of sessions through their public API: lookup, closing, and messages.
//!
//! Connections are numbers here. The rate limits and idempotency keys that processes share are tested beside them.

mod bot_runs;
mod broker;
mod broker_channel;
mod broker_failures;
#[cfg(windows)]
mod broker_pipe;
mod broker_shares;
mod broker_thread;
#[cfg(unix)]
mod broker_users;
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
