//! The operator's policy: which actions may run, and how many in a bot run.

mod limits;
mod rules;

pub(super) use limits::LimitUsage;
pub use limits::PolicyLimits;
pub use rules::NamedActions;
pub use rules::Policy;
pub use rules::PolicyRules;
