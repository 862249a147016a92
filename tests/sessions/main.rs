//! The rules of sessions, seen from outside: who finds what, what closes what, and in which words.
//!
//! Connections are numbers here; nothing is connected to anything.

mod bot_runs;
mod limits;
mod lookup;
mod messages;
mod model;
mod reference;
mod support;
mod waiting;
