//! The node types: how each is read and run, and what it does to sessions. Each package of nodes has a file.

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
