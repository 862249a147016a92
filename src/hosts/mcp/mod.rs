//! An MCP server (Model Context Protocol) for agents and for platforms that call tools as steps.
//!
//! The actions are tools: their names, schemas and annotations are views of the catalogue. The protocol is the
//! official SDK's (`rmcp`), which only `adapter.rs`, `stdio.rs` and `http.rs` know. `docs/hosts/mcp.md` describes the host.

mod adapter;
mod answer;
mod caller;
mod fence;
mod find;
mod http;
mod offer;
mod reports;
mod results;
mod stdio;
mod tools;

pub use http::BearerKey;
pub use http::BearerToken;
pub use http::HttpAddress;
pub use http::serve_http;
pub use offer::Offer;
pub use stdio::serve_stdio;
