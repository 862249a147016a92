//! What the commands that reach the service share: their arguments, and what is made of them.

mod audit_file;
pub(super) mod connect_arguments;
pub(super) mod flags;
pub(super) mod probe;
pub(super) mod probe_target;
pub(super) mod readiness;
#[cfg(feature = "simulator")]
pub(super) mod simulation;
pub(super) mod values;
pub(super) mod wiring;
