//! What a run looks like: lines for people, lines of JSON for machines.

mod json_lines;
mod lines;

pub use json_lines::JsonLines;
pub use lines::Screen;

/// Whether so many bytes can be written without waiting for who reads them
pub type HasRoom = fn(usize) -> bool;
