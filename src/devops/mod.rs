//! The client of Azure DevOps: connections, requests, and what their responses mean.
//!
//! Only this room uses the HTTP client, and it never reads the environment. Its parts, from the bottom
//! up; a part imports only parts above it in this list:
//!
//! - `message`: requests and responses as values; one table classifies every response
//! - `limits`: times and sizes, retries, and the rate limiter of each user
//! - `errors`: the error of a response, of a broken connection, and of a token
//! - `http`: the allowed hosts, TLS, the HTTP clients, and the transport that sends one request
//! - `auth`: the token of a connection, its user, and when it is replaced
//! - `client`: the [`Connection`], and the [`ServiceClient`] that sends the requests of one call
//! - `connect`: how the [`Network`] opens a connection, and the preflight of an action's needs
//!
//! A request takes this way: [`ServiceClient::send`] adds the token, the transport waits for the rate
//! limiter and retries, and one attempt sends the request through the HTTP client.

mod auth;
mod client;
mod connect;
mod errors;
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod fuzzing;
mod http;
mod limits;
mod message;

pub use auth::connect_request::ConnectRequest;
pub use auth::identity::Identity;
pub use client::connection::Connection;
pub use client::document::Document;
pub use client::download::Download;
pub use client::page::Page;
pub use client::project::ConnectedProject;
pub use client::record::Record;
pub use client::reported_ids::ReportedIds;
pub use client::service_client::ServiceClient;
pub use connect::connect_outcome::ConnectOutcome;
pub use connect::network::Network;
pub use http::network_options::NetworkOptions;
pub use http::proxy_exception::ProxyException;
pub use http::store_http::StoreHttp;
pub use limits::in_process_limits::InProcessLimits;
pub use limits::in_process_limits::shared_limit_rules;
pub use limits::network_limits::NetworkLimits;
pub use limits::shared_rate_limit::GrantedSlots;
pub use limits::shared_rate_limit::LimitReport;
pub use limits::shared_rate_limit::SharedRateLimit;
pub use limits::shared_rate_limit::SlotDraw;
pub use limits::shared_rate_limit::SlotFuture;
pub use limits::shared_rate_limit::UserFuture;
pub use limits::shared_rate_limit::UserKey;
pub use limits::throttling::Throttling;
pub use message::list::List;
pub use message::list::null_is_default;
pub use message::request::Request;
pub use message::service_clock::service_time;
