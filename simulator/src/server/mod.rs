//! The HTTP server: the socket, a request from its first byte to its response, faults and the journal.

mod authentication;
mod dispatch;
mod faults;
mod git;
mod headers;
mod journal;
mod listener;
mod rate_limit;
mod service;
mod tls;

pub use faults::Fault;
pub use faults::FaultPattern;
pub(crate) use faults::Faults;
pub(crate) use git::GitHost;
pub(crate) use headers::FixedHeaders;
pub(crate) use journal::Journal;
pub use journal::JournalEntry;
pub(crate) use listener::ConnectionNumber;
pub(crate) use listener::Connections;
pub(crate) use listener::Listener;
pub(crate) use service::Service;
pub(crate) use service::serve;
pub(crate) use tls::Tls;
