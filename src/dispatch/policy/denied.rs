//! An action that the policy denies, as a host shows it before the action is called.

use schemars::JsonSchema;
use serde::Serialize;

use crate::actions::Entry;
use crate::contract::Error;
use crate::contract::PolicyRule;

/// An action that the operator's policy denies in every call, with its refusal
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct DeniedAction {
    /// The name of the action
    pub action: String,
    /// The rule as written: `actions.deny = "deleteRepository"`
    pub rule: String,
    /// The location of the rule: file, line and column
    pub place: String,
    /// The message of the error `policy.denied` that a call fails with
    pub message: String,
    /// The help of that error
    pub help: String,
}

impl DeniedAction {
    pub(super) fn new(entry: &Entry, rule: &PolicyRule) -> Self {
        let refusal = refusal(entry, rule);
        DeniedAction {
            action: entry.name(),
            rule: rule.rule.clone(),
            place: rule.place.clone(),
            message: refusal.message().to_owned(),
            help: refusal.help_text().to_owned(),
        }
    }
}

/// Returns the error of a call of the action
pub(super) fn refusal(entry: &Entry, rule: &PolicyRule) -> Error {
    rule.denies(entry.words, "")
}
