//! What the commands that reach the service share: their arguments, and what is made of them.

pub(super) mod connect_arguments;
pub(super) mod flags;
pub(super) mod probe;
pub(super) mod probe_target;
pub(super) mod readiness;
pub(super) mod values;
