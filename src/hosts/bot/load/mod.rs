//! Loading a flow: its files are read and checked before anything runs.

mod call_graph;
mod flow_check;
mod loader;
mod source_file;

pub use loader::LoadOptions;
pub use loader::load;
