//! Connect's advanced field *If the session exists*.

use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

/// What Connect does when a session of that name is open
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[schemars(inline)]
pub enum IfSessionExists {
    /// Fail and leave the open session as it is
    #[default]
    Error,
    /// Use the open session if its organization, project, credential and authentication method are the same
    Reuse,
    /// Close the open session once the new one is connected
    Replace,
}
