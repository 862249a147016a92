//! `azdo-bot check BOT.json`: what would keep a bot from running, and what it needs.

mod command;
mod document;
mod findings;
mod screen;

pub(in crate::cli) use command::Arguments;
pub(in crate::cli) use command::check;
