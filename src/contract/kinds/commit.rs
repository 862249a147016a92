//! Ids of commits.

use std::fmt;

use crate::contract::ParseError;
use crate::contract::TextKind;
use crate::contract::inputs::text_kind::text_kind;

/// A commit's full id: 40 hexadecimal digits
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommitId(String);

impl CommitId {
    /// Returns the id in lower case
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for CommitId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TextKind for CommitId {
    const EXPECTED: &'static str = "a commit's id";

    fn parse(text: &str) -> Result<Self, ParseError> {
        if text.len() != 40 || !text.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(ParseError::invalid("a commit's id has exactly 40 hexadecimal digits"));
        }
        Ok(CommitId(text.to_ascii_lowercase()))
    }
}

text_kind!(CommitId, { "pattern": "^[0-9A-Fa-f]{40}$" });
