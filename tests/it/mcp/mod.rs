//! Tests of `azdo-bot mcp`, in a separate process.

mod arguments;
mod calls;
mod canary;
pub(crate) mod client;
mod endings;
mod http;
mod limits;
mod resources;
mod revisions;
mod tasks;
mod tls;
