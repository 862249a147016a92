//! The process: its runtime, its signals and its end.

pub(super) mod coredump;
pub(super) mod ending;
pub(super) mod panic_hook;
pub(super) mod runtime;
