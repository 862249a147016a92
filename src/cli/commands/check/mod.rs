//! `azdo-bot check BOT.json`: shows what a bot needs and what would stop it.

mod command;
mod document;
mod findings;
mod screen;

pub(in crate::cli) use command::Arguments;
pub(in crate::cli) use command::check;
