//! Texts for people, with a maximum length.

use crate::contract::ParseError;
use crate::contract::TextKind;
use crate::contract::inputs::text_kind::text_kind;

/// The message of a commit: 1 to 5,000 characters
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommitMessage(String);

impl CommitMessage {
    /// Returns the message as it was written
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TextKind for CommitMessage {
    const EXPECTED: &'static str = "a commit message";

    fn parse(text: &str) -> Result<Self, ParseError> {
        if text.trim().is_empty() || text.chars().count() > 5000 {
            return Err(ParseError::invalid("a commit message has 1 to 5,000 characters"));
        }
        if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
            return Err(ParseError::invalid(
                "a commit message cannot contain control characters other than line breaks and tabs",
            ));
        }
        Ok(CommitMessage(text.to_owned()))
    }
}

text_kind!(CommitMessage, { "minLength": 1, "maxLength": 5000, "x-attribute": "TEXTAREA" });

/// A person by name or e-mail address: 1 to 256 characters in one line
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonName(String);

impl PersonName {
    /// Returns the name as it was written
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TextKind for PersonName {
    const EXPECTED: &'static str = "a person's name or e-mail address";

    fn parse(text: &str) -> Result<Self, ParseError> {
        if text.trim().is_empty() || text.chars().count() > 256 || text.chars().any(char::is_control) {
            return Err(ParseError::invalid("a person's name has 1 to 256 characters in one line"));
        }
        Ok(PersonName(text.to_owned()))
    }
}

text_kind!(PersonName, { "minLength": 1, "maxLength": 256 });
