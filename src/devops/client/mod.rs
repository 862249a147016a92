//! A connection and the requests that it sends: records, lists, files and changes.

pub(super) mod connection;
pub(super) mod document;
pub(super) mod download;
pub(super) mod link;
pub(super) mod page;
pub(super) mod project;
pub(super) mod read_modify_write;
pub(super) mod record;
pub(super) mod reported_ids;
pub(super) mod service_client;
