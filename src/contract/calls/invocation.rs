//! The invocation of an action, as a host sends it.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::contract::BotRunId;
use crate::contract::Dictionary;
use crate::contract::FlowPlace;
use crate::contract::SessionTarget;

/// The invocation of one action
///
/// Unknown members are ignored, so that host and package may have different versions. Unknown
/// members of `inputs` are rejected.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Invocation {
    /// The bot run that calls
    pub bot_run: BotRunId,
    /// The action's name: `createRepository`
    pub action: String,
    /// The action's inputs by name
    #[serde(default)]
    #[schemars(with = "std::collections::BTreeMap<String, serde_json::Value>")]
    pub inputs: Dictionary,
    /// Where to store the session, for an action that returns one. Default: LOCAL, `Default`
    #[serde(default)]
    pub target: Option<SessionTarget>,
    /// The place in the flow, for the audit record
    #[serde(default)]
    pub place: Option<FlowPlace>,
}

impl Invocation {
    /// Creates an invocation without a target
    pub fn new(bot_run: BotRunId, action: impl Into<String>, inputs: Dictionary) -> Self {
        Invocation { bot_run, action: action.into(), inputs, target: None, place: None }
    }

    /// Stores the session of the action here
    #[must_use]
    pub fn target(mut self, target: Option<SessionTarget>) -> Self {
        self.target = target;
        self
    }

    /// Names the place in the flow, for the audit record
    #[must_use]
    pub fn at(mut self, place: Option<FlowPlace>) -> Self {
        self.place = place;
        self
    }
}
