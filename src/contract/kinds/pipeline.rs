//! Names of pipelines and of their folders, and references to one by name or id.

use std::fmt;

use serde::Serialize;

use crate::contract::ParseError;
use crate::contract::TextKind;
use crate::contract::inputs::text_kind::MAX_SHOWN;
use crate::contract::inputs::text_kind::text_kind;
use crate::contract::printable;

/// The maximum length of a pipeline's name in UTF-16 units
const MAX_UNITS: usize = 260;

/// The maximum length of the path of its folder in UTF-16 units
const MAX_FOLDER_UNITS: usize = 400;

/// A pipeline's name: 1 to 260 UTF-16 units, without the characters that a path cannot contain
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PipelineName(String);

impl PipelineName {
    /// Returns the name as it was written; the service ignores its case
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PipelineName {
    /// Writes the text in a form that is safe to show: control and bidirectional characters are escaped
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&printable(&self.0, MAX_SHOWN))
    }
}

impl TextKind for PipelineName {
    const EXPECTED: &'static str = "a pipeline name";

    fn parse(text: &str) -> Result<Self, ParseError> {
        let refuse = |reason: String| Err(ParseError::invalid(format!("a pipeline name {reason}")));
        if text.trim().is_empty() || text.trim() != text {
            return refuse("cannot be empty, or begin or end with a space".to_owned());
        }
        let units = text.encode_utf16().count();
        if units > MAX_UNITS {
            return refuse(format!("has at most {MAX_UNITS} characters, this one has {units}"));
        }
        if let Some(c) = text.chars().find(|c| c.is_control()) {
            return refuse(format!("cannot contain control characters (U+{:04X})", u32::from(c)));
        }
        if let Some(c) = text.chars().find(|c| "\\/:*?\"<>|".contains(*c)) {
            return refuse(format!("cannot contain \"{c}\""));
        }
        if text == "." || text == ".." {
            return refuse("cannot be \".\" or \"..\"".to_owned());
        }
        Ok(PipelineName(text.to_owned()))
    }
}

text_kind!(PipelineName, { "minLength": 1, "maxLength": MAX_UNITS });

/// A pipeline by name, or by id when the text is all digits
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PipelineReference {
    /// The pipeline's id
    Id(u32),
    /// The pipeline's name
    Name(PipelineName),
}

impl PipelineReference {
    /// Returns the name, unless the reference is an id
    pub fn name(&self) -> Option<&str> {
        match self {
            PipelineReference::Id(_) => None,
            PipelineReference::Name(name) => Some(name.as_str()),
        }
    }
}

impl fmt::Display for PipelineReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PipelineReference::Id(id) => id.fmt(f),
            PipelineReference::Name(name) => name.fmt(f),
        }
    }
}

impl TextKind for PipelineReference {
    const EXPECTED: &'static str = "a pipeline's name or id";

    fn parse(text: &str) -> Result<Self, ParseError> {
        if text.is_empty() || !text.bytes().all(|b| b.is_ascii_digit()) {
            return PipelineName::parse(text).map(PipelineReference::Name);
        }
        match text.parse::<i32>() {
            Ok(id) if id > 0 => Ok(PipelineReference::Id(id.unsigned_abs())),
            _ => Err(ParseError::invalid("a pipeline's id is a whole number from 1 to 2147483647")),
        }
    }
}

text_kind!(PipelineReference, { "minLength": 1, "maxLength": MAX_UNITS });

/// The folder of a pipeline: names separated by `\\` or `/`, with or without a leading one; `\\` is the root
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct PipelineFolder(String);

impl PipelineFolder {
    /// Returns the folder as the service writes it, beginning with `\\`
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for PipelineFolder {
    fn default() -> Self {
        PipelineFolder("\\".to_owned())
    }
}

impl TextKind for PipelineFolder {
    const EXPECTED: &'static str = "a folder of pipelines";

    fn parse(text: &str) -> Result<Self, ParseError> {
        let refuse = |reason: &str| Err(ParseError::invalid(format!("a folder of pipelines {reason}")));
        if text.encode_utf16().count() > MAX_FOLDER_UNITS {
            return refuse("has at most 400 characters");
        }
        let inner = text.strip_prefix(['\\', '/']).unwrap_or(text);
        if inner.is_empty() && !text.is_empty() {
            return Ok(PipelineFolder::default());
        }
        if inner.chars().any(|c| c.is_control() || ":*?\"<>|".contains(c)) {
            return refuse("cannot contain control characters or any of : * ? \" < > |");
        }
        let parts: Vec<&str> = inner.split(['\\', '/']).collect();
        if parts.iter().any(|part| part.trim().is_empty() || matches!(*part, "." | "..")) {
            return refuse("has names separated by \"\\\", none of which is empty, \".\" or \"..\"");
        }
        Ok(PipelineFolder(format!("\\{}", parts.join("\\"))))
    }
}

text_kind!(PipelineFolder, { "minLength": 1, "maxLength": MAX_FOLDER_UNITS });

/// A name, or a pattern in which `*` matches any text
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamePattern(String);

impl NamePattern {
    /// Returns the pattern as it was written
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TextKind for NamePattern {
    const EXPECTED: &'static str = "a name, or a pattern with \"*\"";

    fn parse(text: &str) -> Result<Self, ParseError> {
        if text.trim().is_empty()
            || text.encode_utf16().count() > MAX_UNITS
            || text.chars().any(char::is_control)
        {
            return Err(ParseError::invalid("a name pattern has 1 to 260 characters in one line"));
        }
        Ok(NamePattern(text.to_owned()))
    }
}

text_kind!(NamePattern, { "minLength": 1, "maxLength": MAX_UNITS });

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_has_one_spelling() {
        for (text, folder) in [
            ("\\", "\\"),
            ("/", "\\"),
            ("team", "\\team"),
            ("/team/a", "\\team\\a"),
            ("\\team\\a", "\\team\\a"),
        ] {
            assert_eq!(PipelineFolder::parse(text).expect("it is one").as_str(), folder, "{text}");
        }
        for text in ["", "a//b", "a/", "..", "a:b", "a\u{7}"] {
            assert!(PipelineFolder::parse(text).is_err(), "{text:?}");
        }
    }
}
