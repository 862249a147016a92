//! The command line: one file per command, and the parts that commands share.

#![allow(rustdoc::bare_urls, rustdoc::invalid_html_tags, reason = "clap prints these comments as they are")]

mod app;
mod commands;
mod output;
mod process;
mod setup;
mod version;

pub use app::command;
pub use app::main;
