//! Names of artifacts of pipeline runs.

use std::fmt;

use crate::contract::ParseError;
use crate::contract::TextKind;
use crate::contract::inputs::text_kind::MAX_SHOWN;
use crate::contract::inputs::text_kind::text_kind;
use crate::contract::printable;

/// An artifact's name: no control characters
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArtifactName(String);

impl ArtifactName {
    /// Returns the name as it was written
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ArtifactName {
    /// Writes the text in a form that is safe to show: control and bidirectional characters are escaped
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&printable(&self.0, MAX_SHOWN))
    }
}

impl TextKind for ArtifactName {
    const EXPECTED: &'static str = "an artifact's name";

    fn parse(text: &str) -> Result<Self, ParseError> {
        if text.trim().is_empty() || text.chars().any(char::is_control) {
            return Err(ParseError::invalid("an artifact's name is not empty and has no control characters"));
        }
        Ok(ArtifactName(text.to_owned()))
    }
}

text_kind!(ArtifactName, { "minLength": 1 });
