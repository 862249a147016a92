//! Those who call: one folder per kind of host.
//!
//! A host describes actions through `package` and calls them through `dispatch`; it knows none of them.

pub mod bot;
pub mod json_rpc;
#[cfg(feature = "mcp")]
pub mod mcp;
