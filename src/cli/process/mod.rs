//! The process: runtime, signals, exit.

pub(super) mod coredump;
pub(super) mod ending;
pub(super) mod panic_hook;
pub(super) mod runtime;
