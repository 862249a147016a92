//! The node types: how each is read and run, and what it does to sessions. Each package of nodes has a file or a folder.

mod action;
mod boolean;
mod comment;
mod compute;
mod condition;
mod csv;
mod data_table;
mod datetime;
mod delay;
mod dictionary;
mod duration;
mod error_handler;
mod examples;
mod file;
mod file_encoding;
mod folder;
mod if_else;
mod list;
mod log_to_file;
mod loops;
mod message_box;
mod number;
mod step;
mod string;
mod system;
mod table;
mod task_bot;
mod wait;
mod written_text;

pub use examples::ExampleKind;
pub use examples::FormatExample;
pub use examples::format_examples;
pub(crate) use table::NODE_TYPES;
