//! `azdo-bot serve` as a host meets it: lines in, lines out, in a process of its own.
#![cfg(feature = "simulator")]

mod bad_lines;
mod canary;
mod credentials;
#[path = "../common/encodings.rs"]
#[allow(dead_code, reason = "only the look for a token is needed here")]
mod encodings;
mod endings;
mod flights;
mod process;
mod runs;
mod schemas;
mod simulated;
mod transcript;
