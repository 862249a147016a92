//! The build area: builds, their timelines and artifacts, build definitions.

pub(crate) mod archive;
pub(crate) mod artifacts;
pub(crate) mod builds;
pub(crate) mod changes;
mod definition_shapes;
pub(crate) mod definitions;
pub(crate) mod folders;
mod parameters;
pub(crate) mod report;
pub(crate) mod retention;
pub(crate) mod revisions;
mod run_stages;
pub(crate) mod start;
pub(crate) mod tags;
pub(crate) mod test_runs;
pub(crate) mod timelines;
