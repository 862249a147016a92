//! JSON-RPC messages from and to the host.

mod error;
mod incoming;
mod outgoing;

pub(crate) use error::RpcError;
pub(crate) use incoming::Incoming;
pub(crate) use incoming::InvalidLine;
pub(crate) use incoming::Params;
pub(crate) use incoming::read_line;
pub(crate) use outgoing::error_response;
pub(crate) use outgoing::notification;
pub(crate) use outgoing::request;
pub(crate) use outgoing::response;
