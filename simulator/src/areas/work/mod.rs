//! Work items, queries and attachments.

pub(crate) mod attachments;
pub(crate) mod batch;
pub(crate) mod changes;
pub(crate) mod comments;
pub(crate) mod history;
pub(crate) mod links;
pub(crate) mod nodes;
pub(crate) mod queries;
mod query_shapes;
pub(crate) mod recycle_bin;
pub(crate) mod types;
pub(crate) mod wiql;
pub(crate) mod work_items;
