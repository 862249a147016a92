//! Tests of `azdo-bot serve`, in a separate process.

mod bad_lines;
#[cfg(target_os = "linux")]
mod blocked;
mod canary;
mod checks;
mod credentials;
mod endings;
mod every_action;
mod flights;
pub(crate) mod process;
mod runs;
mod schemas;
pub(crate) mod simulated;
mod transcript;
mod values;
