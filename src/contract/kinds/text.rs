//! Texts for people.

use crate::contract::ParseError;
use crate::contract::TextKind;
use crate::contract::inputs::text_kind::text_kind;

/// The message of a commit
///
/// The service has a limit for its length and does not publish it, so there is none here.
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
        if text.trim().is_empty() {
            return Err(ParseError::invalid("a commit message cannot be empty"));
        }
        if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
            return Err(ParseError::invalid(
                "a commit message cannot contain control characters other than line breaks and tabs",
            ));
        }
        Ok(CommitMessage(text.to_owned()))
    }
}

text_kind!(CommitMessage, { "minLength": 1, "x-attribute": "TEXTAREA" });

/// Limit of the service: Microsoft Entra allows 256 characters for a display name and fewer for an account
const MAX_PERSON: usize = 256;

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
        if text.trim().is_empty() || text.chars().count() > MAX_PERSON || text.chars().any(char::is_control) {
            return Err(ParseError::invalid("a person's name has 1 to 256 characters in one line"));
        }
        Ok(PersonName(text.to_owned()))
    }
}

text_kind!(PersonName, { "minLength": 1, "maxLength": MAX_PERSON });
