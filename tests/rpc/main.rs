//! Tests of `azdo-bot serve`, in a separate process.
#![cfg(all(feature = "cli", feature = "simulator"))]

mod bad_lines;
#[cfg(target_os = "linux")]
mod blocked;
mod canary;
mod credentials;
#[path = "../common/encodings.rs"]
#[allow(dead_code, reason = "only the look for a token is needed here")]
mod encodings;
mod endings;
mod every_action;
mod flights;
#[cfg(target_os = "linux")]
#[path = "../common/full.rs"]
mod full;
#[path = "../common/leaks.rs"]
#[allow(dead_code, reason = "the token is the simulator's own here")]
mod leaks;
mod process;
mod runs;
mod schemas;
mod simulated;
mod transcript;
