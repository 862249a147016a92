//! The command line: one file per command, and the parts that commands share.

mod app;
mod commands;
mod output;
mod process;
mod setup;

pub use app::main;
