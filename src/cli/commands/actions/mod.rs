//! `azdo-bot actions [NAME]`: the actions of the package.

mod command;
mod page;

pub(in crate::cli) use command::Arguments;
pub(in crate::cli) use command::actions;
