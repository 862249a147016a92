//! The id of a bot run.

use std::fmt;

use crate::contract::ParseError;
use crate::contract::TextKind;
use crate::contract::inputs::text_kind::text_kind;

/// Limit of this package: the id is in every line of the audit file
const MAX_ID: usize = 128;

/// The id of a bot run, chosen by the host: 1 to 128 printable characters
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BotRunId(String);

impl BotRunId {
    /// Creates a new unique id
    pub fn mint() -> Self {
        BotRunId(uuid::Uuid::new_v4().to_string())
    }

    /// Returns the id as the host wrote it
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
        if text.is_empty() || text.chars().count() > MAX_ID || text.chars().any(char::is_control) {
            return Err(ParseError::invalid(
                "the id of a bot run has 1 to 128 characters and no control characters",
            ));
        }
        Ok(BotRunId(text.to_owned()))
    }
}

text_kind!(BotRunId, { "minLength": 1, "maxLength": MAX_ID });
