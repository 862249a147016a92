//! The rules of sessions through their public API: lookup, closing, and messages.
//!
//! Connections are numbers here.

mod bot_runs;
mod idle;
mod limits;
mod lookup;
mod messages;
mod model;
mod reference;
mod support;
mod waiting;
