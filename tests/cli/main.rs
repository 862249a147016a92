//! Tests of the binary: its screens, documents and exit codes.
#![cfg(all(feature = "cli", feature = "simulator"))]

mod call;
mod canary;
mod check;
mod doctor;
#[path = "../common/encodings.rs"]
#[allow(dead_code, reason = "only the look for a token is needed here")]
mod encodings;
#[cfg(target_os = "linux")]
mod endings;
#[cfg(feature = "store-entra")]
mod entra;
mod every_action;
mod files;
#[cfg(target_os = "linux")]
#[path = "../common/full.rs"]
mod full;
#[path = "../common/leaks.rs"]
#[allow(dead_code, reason = "the token is the simulator's own here")]
mod leaks;
mod readiness;
mod run;
mod spoken;
mod support;
mod surface;
