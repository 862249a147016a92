//! One call of one action: what a host sends, what it gets back, and what is known of the call while it runs.

mod call;
mod invocation;
mod outcome;

pub use call::Call;
pub use invocation::Invocation;
pub use outcome::Failure;
pub use outcome::Outcome;
pub use outcome::Success;
