//! Standard input and output, with one message on each line.

mod input;
mod lines;
mod outbox;
#[cfg(unix)]
#[path = "unix.rs"]
mod system;
#[cfg(not(unix))]
#[path = "threads.rs"]
mod system;

pub use input::LineReader;
pub(crate) use lines::Line;
pub(crate) use lines::Lines;
pub(crate) use lines::MAX_LINE;
pub(crate) use outbox::Outbox;
pub(crate) use outbox::OutputPipe;
pub(crate) use system::Polled;
pub(crate) use system::Stdout;
