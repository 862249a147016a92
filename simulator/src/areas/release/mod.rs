//! Classic releases: definitions, releases, their stages and approvals.

pub(crate) mod approvals;
pub(crate) mod definitions;
pub(crate) mod logs;
pub(crate) mod release_lists;
pub(crate) mod releases;
pub(crate) mod revisions;
