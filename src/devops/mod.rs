//! The road to Azure DevOps: who may be reached, how a request leaves, and what an answer means.
//!
//! The only room that knows the HTTP client. It decides which organizations are reached at all
//! (`admission`), opens a [`Connection`] with two requests side by side (`connect`), sends what
//! actions ask for (`connection`, `transport`), and turns every answer into a value or one error
//! of the house through one table (`answer`, `refusal`). It never reads the environment.

mod auth;
mod client;
mod connect;
mod errors;
mod http;
mod limits;
mod message;

pub use auth::connect_request::ConnectRequest;
pub use auth::identity::Identity;
pub use client::connection::Connection;
pub use client::document::Document;
pub use client::download::Download;
pub use client::handed_out::HandedOut;
pub use client::page::Page;
pub use client::project::ConnectedProject;
pub use client::record::Record;
pub use client::service_client::ServiceClient;
pub use connect::connect_outcome::ConnectOutcome;
pub use connect::network::Network;
pub use http::network_options::NetworkOptions;
pub use http::store_http::StoreHttp;
pub use limits::network_limits::NetworkLimits;
pub use limits::throttling::Throttling;
pub use message::list::List;
pub use message::list::null_is_default;
pub use message::request::Request;
pub use message::service_clock::service_time;
