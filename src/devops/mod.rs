//! The road to Azure DevOps: who may be reached, how a request leaves, and what an answer means.
//!
//! The only room that knows the HTTP client. It decides which organizations are reached at all
//! (`admission`), opens a [`Connection`] with two requests side by side (`connect`), sends what
//! actions ask for (`connection`, `transport`), and turns every answer into a value or one error
//! of the house through one table (`answer`, `refusal`). It never reads the environment.

mod allowed_hosts;
mod body;
mod client;
mod clock;
mod connect;
mod connect_error;
mod connection;
mod credential_key;
mod document;
mod download;
mod encoding;
mod error_text;
mod handed_out;
mod identity;
mod link;
mod list;
mod min_throughput;
mod network;
mod options;
mod pagination;
mod preflight;
mod project;
mod rate_limit;
mod rate_limiter;
mod read_modify_write;
mod record;
mod request;
mod response;
mod response_error;
mod retry;
mod service_error;
mod service_host;
mod sign_in_response;
mod store_http;
mod throttling;
mod tls;
mod token_refresh;
mod token_state;
mod transport;
mod transport_error;
mod upload;
mod user_limits;
mod version;

pub use clock::service_time;
pub use connect::ConnectOutcome;
pub use connect::ConnectRequest;
pub use connection::Connection;
pub use document::Document;
pub use download::Download;
pub use handed_out::HandedOut;
pub use identity::Identity;
pub use list::List;
pub use list::null_is_default;
pub use network::Network;
pub use options::NetworkLimits;
pub use options::NetworkOptions;
pub use pagination::Page;
pub use project::ConnectedProject;
pub use record::Record;
pub use request::Request;
pub use store_http::StoreHttp;
pub use throttling::Throttling;
