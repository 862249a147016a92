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

    /// Creates a new unique id that begins with a name, which messages and the audit trail show
    pub fn named(name: &str) -> Self {
        let unique = BotRunId::mint();
        let room = MAX_ID - unique.0.len() - " ()".len();
        let name: String = name.chars().filter(|c| !c.is_control()).take(room).collect();
        BotRunId(format!("{name} ({unique})"))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_with_a_name_is_unique_and_valid() {
        let id = BotRunId::named("release-day");
        assert!(id.as_str().starts_with("release-day (") && id != BotRunId::named("release-day"), "{id}");
        let long = BotRunId::named(&"\u{1}ä".repeat(200));
        assert_eq!(BotRunId::parse(long.as_str()), Ok(long.clone()), "{long}");
    }
}
