//! JSON-RPC 2.0, one message a line: a process that any runtime can start and talk to.
//!
//! One task reads lines, keeps many actions in flight and writes their answers; a thread writes for it
//! where the host is slow, and reads for it where the system has no other way. `docs/hosts/json-rpc.md`
//! is the protocol.

mod call;
mod error;
mod host;
mod host_credentials;
mod incoming;
mod input;
mod lines;
mod outbox;
pub mod protocol;
mod server;
#[cfg(unix)]
#[path = "unix.rs"]
mod system;
#[cfg(not(unix))]
#[path = "threads.rs"]
mod system;

pub use host::Host;
pub use host_credentials::HostCredentials;
pub use input::LineReader;
pub use server::serve;
