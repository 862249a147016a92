//! The output of a run: lines for people, or lines of JSON for programs.

mod columns;
mod json_lines;
mod lines;

pub use json_lines::JsonLines;
pub use lines::Screen;

/// Returns whether this number of bytes can be written without waiting for the reader
pub type HasRoom = fn(usize) -> bool;
