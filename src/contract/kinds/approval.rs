//! Approvals and protected resources, by their ids.

use std::fmt;

use crate::contract::ParseError;
use crate::contract::TextKind;
use crate::contract::inputs::text_kind::text_kind;

/// The id of an approval that a pipeline run waits for
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApprovalId(String);

impl ApprovalId {
    /// Returns the id in lower case
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TextKind for ApprovalId {
    const EXPECTED: &'static str = "an approval's id";

    fn parse(text: &str) -> Result<Self, ParseError> {
        let id = uuid::Uuid::try_parse(text).map_err(|_| {
            ParseError::invalid("an approval's id has 32 hexadecimal digits in five groups")
                .help("List pipeline approvals returns the ids.")
        })?;
        Ok(ApprovalId(id.to_string()))
    }
}

text_kind!(ApprovalId, { "pattern": "^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$" });

/// The name or id of a resource that pipelines use
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResourceReference(String);

impl ResourceReference {
    /// Returns the name or id as it was written
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ResourceReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TextKind for ResourceReference {
    const EXPECTED: &'static str = "a resource's name or id";

    fn parse(text: &str) -> Result<Self, ParseError> {
        if text.trim().is_empty() || text.chars().any(char::is_control) {
            return Err(ParseError::invalid(
                "a resource's name or id is not empty and has no control characters",
            ));
        }
        Ok(ResourceReference(text.to_owned()))
    }
}

text_kind!(ResourceReference, { "minLength": 1 });
