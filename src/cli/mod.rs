//! The command line: one file a command, and what the commands share.

mod app;
mod commands;
mod config;
mod environment;
mod output;
mod process;
mod setup;

pub use app::main;
pub use environment::Lookup;
