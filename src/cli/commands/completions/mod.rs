//! `azdo-bot completions SHELL`: the script that completes commands, flags, actions and inputs. Decision 0187.

mod command;
mod command_tree;
mod words;

pub(in crate::cli) use command::Arguments;
pub(in crate::cli) use command::completions;
