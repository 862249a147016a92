//! Names of pipelines and of their folders, and references to one by name or id.

use std::fmt;

use serde::Serialize;

use crate::contract::ParseError;
use crate::contract::TextKind;
use crate::contract::inputs::text_kind::MAX_SHOWN;
use crate::contract::inputs::text_kind::text_kind;
use crate::contract::printable;

/// A pipeline's name, without the characters that a path cannot contain
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

text_kind!(PipelineName, { "minLength": 1 });

/// The name of a new pipeline, alone or after its folder: `nightly`, `\\team\\nightly`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPipelineName {
    folder: Option<PipelineFolder>,
    name: PipelineName,
}

impl NewPipelineName {
    /// Returns the name without its folder
    pub fn as_str(&self) -> &str {
        self.name.as_str()
    }

    /// Returns the folder that is written before the name
    pub fn folder(&self) -> Option<&PipelineFolder> {
        self.folder.as_ref()
    }
}

impl fmt::Display for NewPipelineName {
    /// Writes the name without its folder, in a form that is safe to show
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.name.fmt(f)
    }
}

impl TextKind for NewPipelineName {
    const EXPECTED: &'static str = "a pipeline name";

    fn parse(text: &str) -> Result<Self, ParseError> {
        let (folder, name) = folder_and_name(text)?;
        Ok(NewPipelineName { folder, name: PipelineName::parse(name)? })
    }
}

text_kind!(NewPipelineName, { "minLength": 1 });

/// Separates the folder before the last `\\` or `/` from the name
fn folder_and_name(text: &str) -> Result<(Option<PipelineFolder>, &str), ParseError> {
    match text.rsplit_once(['\\', '/']) {
        Some(("", name)) => Ok((Some(PipelineFolder::default()), name)),
        Some((folder, name)) => Ok((Some(PipelineFolder::parse(folder)?), name)),
        None => Ok((None, text)),
    }
}

/// A pipeline by name, by id when the text is all digits, or by folder and name: `\\team\\nightly`, `\\1234`
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PipelineReference {
    /// The pipeline's id
    Id(u32),
    /// The pipeline's name
    Name(PipelineName),
    /// The pipeline's folder and name
    InFolder(PipelineFolder, PipelineName),
}

impl PipelineReference {
    /// Returns the name, unless the reference is an id
    pub fn name(&self) -> Option<&str> {
        match self {
            PipelineReference::Id(_) => None,
            PipelineReference::Name(name) | PipelineReference::InFolder(_, name) => Some(name.as_str()),
        }
    }

    /// Returns the words for a message that says that it does not exist; `kind` is `pipeline` or `release pipeline`
    pub fn subject(&self, kind: &str) -> String {
        match self {
            PipelineReference::Id(id) => {
                format!("the {kind} with the id {id} (write \"\\{id}\" for a {kind} that is named {id})")
            }
            named => format!("the {kind} \"{named}\""),
        }
    }
}

impl fmt::Display for PipelineReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PipelineReference::Id(id) => id.fmt(f),
            PipelineReference::Name(name) => name.fmt(f),
            PipelineReference::InFolder(folder, name) => {
                let folder = folder.as_str().trim_end_matches('\\');
                f.write_str(&printable(&format!("{folder}\\{}", name.as_str()), MAX_SHOWN))
            }
        }
    }
}

impl TextKind for PipelineReference {
    const EXPECTED: &'static str = "a pipeline's name or id";

    fn parse(text: &str) -> Result<Self, ParseError> {
        if let (Some(folder), name) = folder_and_name(text)? {
            return Ok(PipelineReference::InFolder(folder, PipelineName::parse(name)?));
        }
        if text.is_empty() || !text.bytes().all(|b| b.is_ascii_digit()) {
            return PipelineName::parse(text).map(PipelineReference::Name);
        }
        match text.parse::<i32>() {
            Ok(id) if id > 0 => Ok(PipelineReference::Id(id.unsigned_abs())),
            _ => Err(ParseError::invalid(
                "a pipeline's id is a whole number from 1 to 2147483647; write \"\\\" before a name of digits",
            )),
        }
    }
}

text_kind!(PipelineReference, { "minLength": 1 });

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

text_kind!(PipelineFolder, { "minLength": 1 });

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
        if text.trim().is_empty() || text.chars().any(char::is_control) {
            return Err(ParseError::invalid("a name pattern is one line that is not empty"));
        }
        Ok(NamePattern(text.to_owned()))
    }
}

text_kind!(NamePattern, { "minLength": 1 });

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_name_may_stand_after_its_folder() {
        for (text, folder, name) in [
            ("nightly", None, "nightly"),
            ("\\nightly", Some("\\"), "nightly"),
            ("\\team\\nightly", Some("\\team"), "nightly"),
            ("team/web/nightly", Some("\\team\\web"), "nightly"),
        ] {
            let parsed = NewPipelineName::parse(text).expect("it is one");
            assert_eq!(
                (parsed.folder().map(PipelineFolder::as_str), parsed.as_str()),
                (folder, name),
                "{text}"
            );
        }
        for text in ["", "team\\", "\\", "a//b", "..\\b", "team\\a:b", "te:am\\a"] {
            assert!(NewPipelineName::parse(text).is_err(), "{text:?}");
        }
    }

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
