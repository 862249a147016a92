//! Settings of a new project: its process, its visibility, and whether to create it.

use std::fmt;

use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

use crate::contract::ParseError;
use crate::contract::TextKind;
use crate::contract::inputs::text_kind::MAX_SHOWN;
use crate::contract::inputs::text_kind::text_kind;
use crate::contract::printable;

/// Limit of the service: its naming restrictions for processes
const MAX_PROCESS: usize = 128;

/// The name of a process: 1 to 128 characters in one line
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProcessName(String);

/// The processes that every organization has, whose ids are fixed
const BUILT_IN: [(&str, &str); 4] = [
    ("Basic", "b8a3a935-7e91-48b8-a94c-606d37c3e9f2"),
    ("Agile", "adcc42ab-9882-485e-a3ed-7678f01f66bc"),
    ("Scrum", "6b724908-ef14-45cf-84f8-768b5384da45"),
    ("CMMI", "27450541-8e31-4150-9947-dc59f998fc01"),
];

impl ProcessName {
    /// Returns the name as it was written; the service ignores its case
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the process's id, if every organization has it
    pub fn built_in(&self) -> Option<&'static str> {
        BUILT_IN.iter().find(|(name, _)| name.eq_ignore_ascii_case(&self.0)).map(|(_, id)| *id)
    }
}

impl Default for ProcessName {
    fn default() -> Self {
        ProcessName(BUILT_IN[0].0.to_owned())
    }
}

impl Serialize for ProcessName {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl fmt::Display for ProcessName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&printable(&self.0, MAX_SHOWN))
    }
}

impl TextKind for ProcessName {
    const EXPECTED: &'static str = "the name of a process";

    fn parse(text: &str) -> Result<Self, ParseError> {
        if text.trim().is_empty() || text.chars().count() > MAX_PROCESS || text.chars().any(char::is_control)
        {
            return Err(ParseError::invalid("the name of a process has 1 to 128 characters in one line"));
        }
        Ok(ProcessName(text.to_owned()))
    }
}

text_kind!(ProcessName, { "minLength": 1, "maxLength": MAX_PROCESS });

/// The description of a project
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ProjectDescription(String);

impl ProjectDescription {
    /// Returns the text as it was written
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TextKind for ProjectDescription {
    const EXPECTED: &'static str = "a project's description";

    fn parse(text: &str) -> Result<Self, ParseError> {
        Ok(ProjectDescription(text.to_owned()))
    }
}

text_kind!(ProjectDescription, { "x-attribute": "TEXTAREA" });

/// Who can see a project
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[schemars(inline)]
pub enum Visibility {
    /// Only people with access
    #[default]
    Private,
    /// Everyone on the internet, if the organization allows public projects
    Public,
}

impl Visibility {
    /// Returns the value that the service uses
    pub const fn as_str(self) -> &'static str {
        match self {
            Visibility::Private => "private",
            Visibility::Public => "public",
        }
    }
}

/// What Connect does when the project does not exist
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[schemars(inline)]
pub enum IfProjectMissing {
    /// Fail, and suggest similar names
    #[default]
    Fail,
    /// Create the project and wait until it is ready
    Create,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_processes_are_known_in_any_case_and_the_first_is_the_default() {
        let id = |name: &str| ProcessName::parse(name).expect("it is a name").built_in();
        assert_eq!(id("scrum"), Some("6b724908-ef14-45cf-84f8-768b5384da45"));
        assert_eq!(id("Our process"), None);
        assert_eq!(ProcessName::default().built_in(), id("Basic"));
        for bad in ["", " ", "a\nb", &"x".repeat(129)] {
            assert!(ProcessName::parse(bad).is_err(), "{bad}");
        }
    }
}
