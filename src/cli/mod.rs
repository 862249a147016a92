//! The command line: one file per command, and the parts that commands share.

#![allow(rustdoc::bare_urls, rustdoc::invalid_html_tags, reason = "clap prints these comments as they are")]

mod app;
mod commands;
mod output;
mod process;
mod setup;

pub use app::main;
