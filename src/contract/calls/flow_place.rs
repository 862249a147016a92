//! The place in a flow from which an action is called.

use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

/// The place in a flow from which an action is called, as far as the host knows it
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
pub struct FlowPlace {
    /// The bot, flow or suite: `release-day.bot.json`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bot: Option<String>,
    /// The line in it
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// The node, task or test in it, by name or id
    #[serde(skip_serializing_if = "Option::is_none")]
    pub node: Option<String>,
}
