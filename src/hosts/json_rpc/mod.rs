//! JSON-RPC 2.0 on standard input and output, with one message on each line, for any runtime that can start a
//! process.
//!
//! One task reads lines, keeps many actions in flight and writes their responses. A thread writes
//! if the host is slow, and another thread reads if the system requires it. `docs/hosts/json-rpc.md`
//! describes the protocol.

mod call;
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod fuzzing;
mod host;
mod host_credentials;
mod messages;
pub mod protocol;
mod server;
mod stdio;

pub use host::Host;
pub use host_credentials::HostCredentials;
pub use server::serve;
pub use stdio::LineReader;
