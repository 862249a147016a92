//! Approvals and protected resources, by their ids.

use crate::contract::Refusal;
use crate::contract::TextKind;
use crate::contract::kinds::text_kind;

/// The id of an approval that a pipeline run waits for
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApprovalId(String);

impl ApprovalId {
    /// The id in small letters
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TextKind for ApprovalId {
    const EXPECTED: &'static str = "an approval's id";

    fn parse(text: &str) -> Result<Self, Refusal> {
        let id = uuid::Uuid::try_parse(text).map_err(|_| {
            Refusal::invalid("an approval's id has 32 hexadecimal digits in five groups")
                .help("List pipeline approvals returns the ids.")
        })?;
        Ok(ApprovalId(id.to_string()))
    }
}

text_kind!(ApprovalId, { "pattern": "^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$" });

/// The id of a resource that pipelines use; of a repository also its name
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResourceId(String);

impl ResourceId {
    /// The id as it was written
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TextKind for ResourceId {
    const EXPECTED: &'static str = "a resource's id";

    fn parse(text: &str) -> Result<Self, Refusal> {
        if text.trim().is_empty()
            || text.chars().count() > 128
            || text.chars().any(|c| c.is_control() || matches!(c, '/' | '\\'))
        {
            return Err(Refusal::invalid(
                "a resource's id has 1 to 128 characters, none of them \"/\" or \"\\\"",
            ));
        }
        Ok(ResourceId(text.to_owned()))
    }
}

text_kind!(ResourceId, { "minLength": 1, "maxLength": 128 });
