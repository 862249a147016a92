//! The nodes of a flow, one file for the nodes of a package: how each is read, run, and what it does to sessions.

mod action;
mod boolean;
mod comment;
mod condition;
mod delay;
mod dictionary;
mod error_handler;
mod if_else;
mod log_to_file;
mod loop_exits;
mod loops;
mod message_box;
mod number;
mod step;
mod string;
mod table;
mod task_bot;

pub(crate) use table::NODE_TYPES;
