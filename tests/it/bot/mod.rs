//! Tests of the bot host: checking and running bot files.

#[cfg(feature = "simulator")]
mod automation_360;
#[cfg(feature = "simulator")]
mod collection_nodes;
#[cfg(feature = "simulator")]
mod computed_nodes;
#[cfg(feature = "simulator")]
mod control;
#[cfg(feature = "simulator")]
mod date_nodes;
mod documents;
#[cfg(feature = "simulator")]
mod empty_outputs;
#[cfg(feature = "simulator")]
mod entra;
mod examples;
mod faults;
mod fields;
#[cfg(feature = "simulator")]
mod file_nodes;
mod files;
mod format_examples;
#[cfg(feature = "simulator")]
mod insecure;
#[cfg(feature = "simulator")]
mod log_to_file;
mod misspelt;
#[cfg(feature = "simulator")]
mod nodes;
mod outline;
#[cfg(feature = "simulator")]
mod pieces;
#[cfg(feature = "simulator")]
mod promise;
#[cfg(feature = "simulator")]
mod real_words;
#[cfg(feature = "simulator")]
mod runs;
#[cfg(feature = "simulator")]
mod screens;
mod session_families;
mod session_flow;
#[cfg(feature = "simulator")]
mod support;
