//! Requests and responses as values: what is sent, and what a response means.

pub(super) mod anonymous;
pub(super) mod api_version;
pub(super) mod body;
pub(super) mod list;
pub(super) mod pagination;
pub(super) mod request;
pub(super) mod response;
pub(super) mod response_class;
pub(super) mod route;
pub(super) mod rule_errors;
pub(super) mod sender;
pub(super) mod service_clock;
pub(super) mod service_error;
pub(super) mod service_host;
pub(super) mod url_encoding;
pub(super) mod web_page;
