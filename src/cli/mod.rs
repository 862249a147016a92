//! The command line: one file a command, and what the commands share.

mod app;
mod commands;
mod output;
mod process;
mod setup;

pub use app::main;
