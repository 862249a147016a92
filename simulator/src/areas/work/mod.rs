//! Work items, queries and attachments.

pub(crate) mod attachments;
pub(crate) mod changes;
pub(crate) mod comments;
pub(crate) mod history;
pub(crate) mod links;
pub(crate) mod nodes;
pub(crate) mod types;
pub(crate) mod wiql;
pub(crate) mod work_items;
