//! A rule of the operator's policy, and the error for a call that breaks it.

use crate::contract::errors::code::ErrorCode;
use crate::contract::errors::error::Error;

/// A rule of the operator's policy
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyRule {
    /// The rule as written: `actions.deny = "deleteRepository"`
    pub rule: String,
    /// The location of the rule: file, line and column
    pub place: String,
}

/// Returns a number with a noun in the right form: `1 session`, `2 sessions`
pub fn counted(count: u32, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

impl PolicyRule {
    /// Returns `policy.denied` for what breaks the rule: `delete repository`; `why` is empty or begins with a comma
    pub fn denies(&self, what: &str, why: &str) -> Error {
        let PolicyRule { rule, place } = self;
        let message = format!("{what} is denied by the operator's policy{why}: {rule} ({place})");
        Error::new(ErrorCode::PolicyDenied, message).with("rule", rule).with("place", place)
    }
}
