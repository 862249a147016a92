//! The commands, one file or folder each. No command imports another.

pub(super) mod actions;
pub(super) mod audit;
pub(super) mod broker;
pub(super) mod call;
pub(super) mod check;
pub(super) mod completions;
pub(super) mod doctor;
pub(super) mod manifest;
#[cfg(feature = "mcp")]
pub(super) mod mcp;
pub(super) mod needs;
pub(super) mod policy;
pub(super) mod run;
#[cfg(all(target_os = "linux", feature = "store-exec"))]
pub(super) mod run_helper;
pub(super) mod run_tree;
pub(super) mod serve;
#[cfg(feature = "simulator")]
pub(super) mod simulate;
#[cfg(feature = "simulator")]
pub(super) mod test;
