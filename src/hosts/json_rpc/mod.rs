//! JSON-RPC 2.0, one message a line: a process that any runtime can start and talk to.
//!
//! A thread reads lines, a thread writes lines, and between them one task keeps many actions in
//! flight. `docs/hosts/json-rpc.md` is the protocol.

mod call;
mod error;
mod host;
mod incoming;
mod mask;
mod outbox;
mod reader;
mod server;
mod vault;

pub use host::Host;
pub use server::serve;
pub use vault::HostVault;
