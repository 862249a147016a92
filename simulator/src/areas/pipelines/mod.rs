//! The pipelines area: pipelines, their runs, approvals and the resources that they use.

pub(crate) mod approvals;
pub(crate) mod authorized_resources;
pub(crate) mod environments;
pub(crate) mod pipeline;
pub(crate) mod resources;
pub(crate) mod runs;
pub(crate) mod variable_groups;
