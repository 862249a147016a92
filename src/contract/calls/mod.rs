//! Calls of actions: the invocation, the outcome, and the state of a call while it runs.

mod call;
mod flow_place;
mod invocation;
mod outcome;

pub use call::Call;
pub use flow_place::FlowPlace;
pub use invocation::Invocation;
pub use outcome::Failure;
pub use outcome::Outcome;
pub use outcome::Success;
