//! What a host sends and what it gets back.

use std::fmt;

use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;
use serde::Serializer;
use serde::ser::SerializeMap;

use crate::contract::Dictionary;
use crate::contract::Error;
use crate::contract::ParseError;
use crate::contract::SessionHandle;
use crate::contract::SessionTarget;
use crate::contract::TextKind;
use crate::contract::Value;
use crate::contract::Warning;
use crate::contract::kinds::text_kind;

/// The id of a bot run, chosen by the host: 1 to 128 printable characters
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BotRunId(String);

impl BotRunId {
    /// A new id nobody else has
    pub fn mint() -> Self {
        BotRunId(uuid::Uuid::new_v4().to_string())
    }

    /// The id as the host wrote it
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for BotRunId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TextKind for BotRunId {
    const EXPECTED: &'static str = "the id of a bot run";

    fn parse(text: &str) -> Result<Self, ParseError> {
        if text.is_empty() || text.chars().count() > 128 || text.chars().any(char::is_control) {
            return Err(ParseError::invalid(
                "the id of a bot run has 1 to 128 characters and no control characters",
            ));
        }
        Ok(BotRunId(text.to_owned()))
    }
}

text_kind!(BotRunId, { "minLength": 1, "maxLength": 128 });

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

/// What an action answers
pub type Outcome = Result<Success, Failure>;

/// An action that did its work
#[derive(Debug, Default)]
pub struct Success {
    /// The action's outputs by name
    pub outputs: Dictionary,
    /// The session that was opened
    pub session: Option<SessionHandle>,
    /// Requests sent to the service
    pub requests: u64,
    /// What the bot's author should know, as an insecure string in a flow
    pub warnings: Vec<Warning>,
}

/// An action that could not do its work
#[derive(Debug)]
pub struct Failure {
    /// Why, and what to do
    pub error: Error,
    /// Requests sent to the service
    pub requests: u64,
}

impl Serialize for Success {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("outputs", &self.outputs)?;
        if let Some(handle) = &self.session {
            map.serialize_entry("session", &handle.to_string())?;
        }
        map.serialize_entry("requests", &self.requests)?;
        if !self.warnings.is_empty() {
            map.serialize_entry("warnings", &self.warnings)?;
        }
        map.end()
    }
}

impl Serialize for Failure {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("error", &self.error)?;
        map.serialize_entry("requests", &self.requests)?;
        map.end()
    }
}

impl Serialize for Error {
    /// `{"code","message","help","retry","operation"?,"context"}`; the cause stays in the logs
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("code", self.code().as_str())?;
        map.serialize_entry("message", self.message())?;
        map.serialize_entry("help", self.help_text())?;
        map.serialize_entry("retry", self.retry_advice().as_str())?;
        if let Some(operation) = self.operation_name() {
            map.serialize_entry("operation", operation)?;
        }
        let context: Dictionary = self
            .context()
            .iter()
            .map(|(key, value)| ((*key).to_owned(), Value::from(value.as_str())))
            .collect();
        map.serialize_entry("context", &context)?;
        map.end()
    }
}
