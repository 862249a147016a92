//! Files on the machine on which the bot runs.

use std::fmt;

use crate::contract::ParseError;
use crate::contract::TextKind;
use crate::contract::inputs::text_kind::text_kind;
use crate::contract::printable;

/// Limit of Windows, which accepts the longest paths, in bytes
const MAX_BYTES: usize = 32_767;

/// A file's path on this machine: absolute, below the bot's own folder, or as `file:///…`
///
/// The operator decides which paths may be read or written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalFile(String);

impl LocalFile {
    /// Returns the path as it was written
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for LocalFile {
    /// Writes the text in a form that is safe to show: control and bidirectional characters are escaped
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&printable(&self.0, MAX_BYTES))
    }
}

impl TextKind for LocalFile {
    const EXPECTED: &'static str = "the path of a file on this machine";

    fn parse(text: &str) -> Result<Self, ParseError> {
        if text.is_empty() || text.len() > MAX_BYTES || text.chars().any(char::is_control) {
            return Err(ParseError::invalid("a file's path has 1 to 32,767 bytes and no control characters"));
        }
        if text.ends_with(['/', '\\']) {
            return Err(ParseError::invalid("a file's path ends with the file's name"));
        }
        Ok(LocalFile(text.to_owned()))
    }
}

text_kind!(LocalFile, { "minLength": 1, "maxLength": MAX_BYTES, "x-attribute": "FILE" });

/// A folder's path on this machine: absolute, below the bot's own folder, or as `file:///…`
///
/// The operator decides which paths may be read or written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalFolder(String);

impl LocalFolder {
    /// Returns the path as it was written
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for LocalFolder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&printable(&self.0, MAX_BYTES))
    }
}

impl TextKind for LocalFolder {
    const EXPECTED: &'static str = "the path of a folder on this machine";

    fn parse(text: &str) -> Result<Self, ParseError> {
        if text.is_empty() || text.len() > MAX_BYTES || text.chars().any(char::is_control) {
            return Err(ParseError::invalid(
                "a folder's path has 1 to 32,767 bytes and no control characters",
            ));
        }
        Ok(LocalFolder(text.to_owned()))
    }
}

text_kind!(LocalFolder, { "minLength": 1, "maxLength": MAX_BYTES });
