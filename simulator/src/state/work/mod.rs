//! Work items and queries for them.

pub(crate) mod links;
mod wiql;
pub(crate) mod wiql_reader;
pub(crate) mod work_items;

pub(crate) use wiql::ComparedValue;
pub(crate) use wiql_reader::Macros;
pub(crate) use work_items::Attachment;
pub(crate) use work_items::Field;
pub(crate) use work_items::WorkItem;
pub(crate) use work_items::WorkItemComment;
