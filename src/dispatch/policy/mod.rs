//! The operator's policy: which actions may run, and how many in a bot run.

mod denied;
mod limits;
mod rules;

pub use denied::DeniedAction;
pub(super) use limits::LimitUsage;
pub use limits::PolicyLimits;
pub use rules::NamedActions;
pub use rules::Policy;
pub use rules::PolicyRules;
