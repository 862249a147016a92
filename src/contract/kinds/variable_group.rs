//! Names and descriptions of variable groups.

use crate::contract::ParseError;
use crate::contract::TextKind;
use crate::contract::inputs::text_kind::text_kind;
use crate::contract::kinds::definition::plain_text;

plain_text! {
    /// The name of a variable group: one line
    VariableGroupName, "the name of a variable group", false
}

/// The description of a variable group, which may be empty
///
/// The service publishes no limit for its length, so there is none here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VariableGroupDescription(String);

impl VariableGroupDescription {
    /// Returns the description as it was written
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TextKind for VariableGroupDescription {
    const EXPECTED: &'static str = "the description of a variable group";

    fn parse(text: &str) -> Result<Self, ParseError> {
        if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
            return Err(ParseError::invalid(
                "the description of a variable group cannot contain control characters other than line breaks and tabs",
            ));
        }
        Ok(VariableGroupDescription(text.to_owned()))
    }
}

text_kind!(VariableGroupDescription, { "x-attribute": "TEXTAREA" });
