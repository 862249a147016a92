//! Nodes of the package TaskBot.

mod repetition;
mod run_task;
mod stop_task;

pub(crate) use run_task::RunTask;
pub(crate) use stop_task::StopTask;
