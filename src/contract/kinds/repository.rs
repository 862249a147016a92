//! The name of a repository.

use std::fmt;

use crate::contract::ErrorCode;
use crate::contract::ParseError;
use crate::contract::TextKind;
use crate::contract::inputs::text_kind::MAX_SHOWN;
use crate::contract::inputs::text_kind::text_kind;
use crate::contract::kinds::names;
use crate::contract::printable;

/// A Git repository's name or id: at most 64 UTF-16 units under Azure DevOps' naming rules
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RepositoryName(String);

impl RepositoryName {
    /// Creates the reference from an id of the service
    pub fn of_id(id: &str) -> Self {
        RepositoryName(id.to_owned())
    }

    /// Returns the name as it was written; the service ignores its case
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RepositoryName {
    /// Writes the text in a form that is safe to show: control and bidirectional characters are escaped
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&printable(&self.0, MAX_SHOWN))
    }
}

impl TextKind for RepositoryName {
    const EXPECTED: &'static str = "a repository name";

    fn parse(text: &str) -> Result<Self, ParseError> {
        names::check(ErrorCode::InputInvalid, "a repository name", text)?;
        Ok(RepositoryName(text.to_owned()))
    }
}

text_kind!(RepositoryName, { "minLength": 1, "maxLength": names::MAX_UNITS });
