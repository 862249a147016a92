//! `azdo-bot call ACTION`: connects, runs one action and disconnects.

mod command;
mod inputs;
mod result;

pub(in crate::cli) use command::Arguments;
pub(in crate::cli) use command::call;
