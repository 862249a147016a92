//! Paths of files inside a repository.

use std::fmt;

use serde::Serialize;

use crate::contract::ParseError;
use crate::contract::TextKind;
use crate::contract::inputs::text_kind::MAX_SHOWN;
use crate::contract::inputs::text_kind::text_kind;
use crate::contract::printable;

/// A file's path from the root of its repository: `/azure-pipelines.yml`, with or without the first `/`
///
/// Parts are joined by `/`; none is empty, `.` or `..`, and none has control characters or `\`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilePath(String);

impl FilePath {
    /// Returns the path, which always begins with `/`
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for FilePath {
    /// Writes the text in a form that is safe to show: control and bidirectional characters are escaped
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&printable(&self.0, MAX_SHOWN))
    }
}

impl TextKind for FilePath {
    const EXPECTED: &'static str = "the path of a file in a repository";

    fn parse(text: &str) -> Result<Self, ParseError> {
        let refuse = |reason: &str| Err(ParseError::invalid(format!("a file's path {reason}")));
        let path = text.strip_prefix('/').unwrap_or(text);
        if path.chars().any(|c| c.is_control() || c == '\\') {
            return refuse("cannot contain \"\\\" or control characters");
        }
        if path.split('/').any(|part| part.is_empty() || part == "." || part == "..") {
            return refuse("has names separated by \"/\", none of which is empty, \".\" or \"..\"");
        }
        if path.split('/').next().is_some_and(|first| first.eq_ignore_ascii_case(".git")) {
            return refuse("cannot be inside \".git\"");
        }
        Ok(FilePath(format!("/{path}")))
    }
}

text_kind!(FilePath, { "minLength": 1 });

/// A folder's path from the root of its repository, or a file's: `/docs`, with or without `/` around it; `/` is the root
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct FolderPath(String);

impl FolderPath {
    /// Returns the path, which always begins with `/`
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for FolderPath {
    fn default() -> Self {
        FolderPath("/".to_owned())
    }
}

impl fmt::Display for FolderPath {
    /// Writes the text in a form that is safe to show: control and bidirectional characters are escaped
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&printable(&self.0, MAX_SHOWN))
    }
}

impl TextKind for FolderPath {
    const EXPECTED: &'static str = "the path of a folder in a repository";

    fn parse(text: &str) -> Result<Self, ParseError> {
        if text == "/" {
            return Ok(FolderPath::default());
        }
        FilePath::parse(text.strip_suffix('/').unwrap_or(text)).map(|path| FolderPath(path.0))
    }
}

text_kind!(FolderPath, { "minLength": 1 });
