//! The rules of sessions through their public API: lookup, closing, and messages.
//!
//! Connections are numbers here.

mod bot_runs;
#[cfg(unix)]
mod broker;
#[cfg(unix)]
mod broker_failures;
mod idle;
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
