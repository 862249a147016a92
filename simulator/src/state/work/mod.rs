//! Work items and queries for them.

pub(crate) mod links;
mod saved_query;
mod wiql;
pub(crate) mod wiql_reader;
pub(crate) mod work_items;

pub(crate) use saved_query::SavedQuery;
pub(crate) use wiql::ComparedValue;
pub(crate) use wiql_reader::Macros;
pub(crate) use work_items::Attachment;
pub(crate) use work_items::Field;
pub(crate) use work_items::WorkItem;
pub(crate) use work_items::WorkItemComment;
