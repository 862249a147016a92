//! Nodes of the package Loop, and what a loop can go through: each iterator in its file.

mod csv_rows;
mod dictionary;
mod exits;
mod files;
mod iterator;
mod list;
mod loop_node;
mod range;
mod table;
mod table_rows;
mod times;

pub(crate) use exits::Break;
pub(crate) use exits::Continue;
pub(crate) use loop_node::Loop;
pub(crate) use table::ITERATOR_TYPES;
