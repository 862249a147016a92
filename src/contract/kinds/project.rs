//! The name of a project.

use std::fmt;

use crate::contract::ErrorCode;
use crate::contract::ParseError;
use crate::contract::TextKind;
use crate::contract::inputs::text_kind::MAX_SHOWN;
use crate::contract::inputs::text_kind::text_kind;
use crate::contract::kinds::names;
use crate::contract::printable;

/// A project's name or id: at most 64 UTF-16 units under Azure DevOps' naming rules
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProjectName(String);

impl ProjectName {
    /// Returns the name as it was written; the service ignores its case
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ProjectName {
    /// Writes the text in a form that is safe to show: control and bidirectional characters are escaped
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&printable(&self.0, MAX_SHOWN))
    }
}

impl TextKind for ProjectName {
    const EXPECTED: &'static str = "a project name";

    fn parse(text: &str) -> Result<Self, ParseError> {
        if text.contains("://") {
            return Err(ParseError::new(
                ErrorCode::ProjectInvalidName,
                "a project name is not a URL; write only the project's name",
            ));
        }
        names::check(ErrorCode::ProjectInvalidName, "a project name", text)?;
        Ok(ProjectName(text.to_owned()))
    }
}

text_kind!(ProjectName, { "minLength": 1, "maxLength": names::MAX_UNITS });
