//! The shared parts of the commands that connect: arguments, dispatcher, probe, simulation.

pub(super) mod command_target;
pub(super) mod connect_arguments;
pub(super) mod duration;
pub(super) mod flags;
mod flow_policy;
pub(super) mod plain_value;
pub(super) mod probe;
pub(super) mod readiness;
pub(super) mod run_tree_flag;
pub(super) mod simulator_arguments;
pub(super) mod spelling;
pub(super) mod values;
