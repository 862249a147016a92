//! What a host sends: one call of one action.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::contract::BotRunId;
use crate::contract::Dictionary;
use crate::contract::SessionTarget;

/// One call of one action
///
/// Unknown members beside these are ignored, so that hosts and package can differ in age; unknown
/// members of `inputs` are refused.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Invocation {
    /// The bot run that calls
    pub bot_run: BotRunId,
    /// The action's name: `createRepository`
    pub action: String,
    /// The action's inputs, plain and flat, under their attributes' names
    #[serde(default)]
    #[schemars(with = "std::collections::BTreeMap<String, serde_json::Value>")]
    pub inputs: Dictionary,
    /// Where the session goes; only for an action that returns one. Default: LOCAL, `Default`
    #[serde(default)]
    pub target: Option<SessionTarget>,
}
