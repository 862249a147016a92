//! Pipelines, their runs and stages, and protected resources.

mod pipeline;
pub(crate) mod resources;
mod runs;
pub(crate) mod stages;
pub(crate) mod yaml;

pub(crate) use pipeline::Pipeline;
pub(crate) use resources::Resource;
pub(crate) use resources::VariableGroup;
pub(crate) use runs::Lease;
pub(crate) use runs::Phase;
pub(crate) use runs::Progress;
pub(crate) use runs::Run;
pub(crate) use stages::ApprovalStatus;
pub(crate) use stages::Stage;
pub(crate) use stages::StageApproval;
pub(crate) use stages::StageState;
