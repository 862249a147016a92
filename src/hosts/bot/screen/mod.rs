//! What a run looks like: lines for people, lines of JSON for machines.

mod json_lines;
mod lines;

pub use json_lines::JsonLines;
pub use lines::Screen;
