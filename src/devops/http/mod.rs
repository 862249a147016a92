//! The HTTP client: which hosts it reaches, how it trusts them, and how one request is sent.

pub(super) mod allowed_hosts;
pub(super) mod attempt;
pub(super) mod authorization;
pub(super) mod clients;
pub(super) mod credential_key;
pub(super) mod min_throughput;
pub(super) mod network_options;
pub(super) mod own_certificates;
pub(super) mod proxy;
pub(super) mod proxy_exception;
pub(super) mod store_http;
pub(super) mod tls;
pub(super) mod transport;
pub(super) mod upload;
pub(super) mod user_limits;
pub(super) mod wait_report;
