//! JSON-RPC 2.0, one message a line: a process that any runtime can start and talk to.
//!
//! One task reads lines, keeps many actions in flight and writes their answers; a thread writes for it
//! where the host is slow, and reads for it where the system has no other way. `docs/hosts/json-rpc.md`
//! is the protocol.

mod call;
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
