//! Names of a pipeline's stages.

use std::fmt;

use serde::Serialize;

use crate::contract::ParseError;
use crate::contract::TextKind;
use crate::contract::inputs::text_kind::text_kind;

/// A stage's name: the one after `stage:` in the YAML file, not the display name
///
/// It has letters, digits and underscores. A file without stages has one stage, `__default`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct StageName(String);

impl StageName {
    /// Returns the name as it was written; the service ignores its case
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for StageName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TextKind for StageName {
    const EXPECTED: &'static str = "a stage's name";

    fn parse(text: &str) -> Result<Self, ParseError> {
        if text.is_empty() || !text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') {
            return Err(ParseError::invalid(
                "a stage's name is the one after \"stage:\" in the YAML file: letters, digits and \"_\"",
            ));
        }
        Ok(StageName(text.to_owned()))
    }
}

text_kind!(StageName, { "pattern": "^[0-9A-Za-z_]+$" });
