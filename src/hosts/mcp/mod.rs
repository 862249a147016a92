//! An MCP server (Model Context Protocol) for agents and for platforms that call tools as steps.
//!
//! The actions are tools: their names, schemas and annotations are views of the catalogue. The protocol is the
//! official SDK's (`rmcp`), which only `adapter.rs`, `protocol.rs`, `stdio.rs` and `http.rs` know. `docs/hosts/mcp.md` describes the host.

mod adapter;
mod address;
mod answer;
mod bearer;
mod caller;
mod connections;
mod fence;
mod find;
mod http;
mod offer;
mod prompts;
mod protocol;
mod reports;
mod resources;
mod results;
mod stdio;
mod tasks;
mod tls;
mod tools;

pub use address::HttpAddress;
pub use bearer::BearerKey;
pub use bearer::BearerToken;
pub use http::HttpAccess;
pub use http::serve_http;
pub use offer::Offer;
pub use stdio::serve_stdio;
pub use tls::TlsIdentity;
