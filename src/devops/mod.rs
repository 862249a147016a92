//! The road to Azure DevOps: who may be reached, how a request leaves, and what an answer means.
//!
//! The only room that knows the HTTP client. It decides which organizations are reached at all
//! (`admission`), opens a [`Connection`] with two requests side by side (`connect`), sends what
//! actions ask for (`connection`, `transport`), and turns every answer into a value or one error
//! of the house through one table (`answer`, `refusal`). It never reads the environment.

mod access;
mod admission;
mod answer;
mod body;
mod client;
mod clock;
mod connect;
mod connection;
mod credential_key;
mod document;
mod download;
mod encoding;
mod envelope;
mod floor;
mod handed_out;
mod heard;
mod identity;
mod link;
mod list;
mod network;
mod options;
mod pages;
mod place;
mod precedence;
mod preflight;
mod project;
mod question;
mod rate_limit;
mod rate_limiter;
mod record;
mod refusal;
mod request;
mod retry;
mod revise;
mod service_host;
mod store_http;
mod throttling;
mod tls;
mod transport;
mod trouble;
mod upload;
mod user_limits;
mod version;

pub use clock::service_time;
pub use connect::Arrival;
pub use connect::Connect;
pub use connection::Connection;
pub use document::Document;
pub use download::Download;
pub use handed_out::HandedOut;
pub use identity::Identity;
pub use list::List;
pub use list::null_is_default;
pub use network::Network;
pub use options::Limits;
pub use options::NetworkOptions;
pub use pages::Page;
pub use project::Project;
pub use record::Record;
pub use request::Request;
pub use store_http::StoreHttp;
pub use throttling::Throttling;
