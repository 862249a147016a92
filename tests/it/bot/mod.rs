//! Tests of the bot host: checking and running bot files.

#[cfg(feature = "simulator")]
mod automation_360;
#[cfg(feature = "simulator")]
mod control;
mod documents;
#[cfg(feature = "simulator")]
mod entra;
mod examples;
mod faults;
mod fields;
mod files;
#[cfg(feature = "simulator")]
mod insecure;
#[cfg(feature = "simulator")]
mod log_to_file;
#[cfg(feature = "simulator")]
mod nodes;
#[cfg(feature = "simulator")]
mod pieces;
#[cfg(feature = "simulator")]
mod promise;
#[cfg(feature = "simulator")]
mod runs;
#[cfg(feature = "simulator")]
mod screens;
mod session_families;
mod session_flow;
#[cfg(feature = "simulator")]
mod support;
