//! The events of a run.

mod event;
mod reporter;

pub use event::ActionCall;
pub use event::Event;
pub use event::Observer;
pub use event::Unobserved;
pub(crate) use reporter::CallProgress;
pub(crate) use reporter::Reporter;
