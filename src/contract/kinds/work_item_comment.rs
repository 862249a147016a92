//! Comments of work items: their ids and texts.

use std::borrow::Cow;
use std::fmt;

use schemars::JsonSchema;
use schemars::Schema;
use schemars::SchemaGenerator;
use schemars::json_schema;
use serde::Deserialize;
use serde::Deserializer;

use crate::contract::ParseError;
use crate::contract::TextKind;
use crate::contract::inputs::integer::deserialize_integer;
use crate::contract::inputs::text_kind::text_kind;

/// The id of a comment of a work item: 1 to 2,147,483,647
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WorkItemCommentId(u32);

impl WorkItemCommentId {
    /// Returns the id
    pub const fn get(self) -> u32 {
        self.0
    }
}

impl fmt::Display for WorkItemCommentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<'de> Deserialize<'de> for WorkItemCommentId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let id = deserialize_integer(deserializer, "a comment's id", 1..=i64::from(i32::MAX))?;
        Ok(WorkItemCommentId(u32::try_from(id).expect("the bounds fit into 32 bits")))
    }
}

impl JsonSchema for WorkItemCommentId {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "WorkItemCommentId".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "integer", "minimum": 1, "maximum": i32::MAX })
    }
}

/// Limit of the service: a field of long text, such as System.History, has at most 1,048,576 characters
const MAX_TEXT: usize = 1_048_576;

/// The text of a comment of a work item: 1 to 1,048,576 characters
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkItemCommentText(String);

impl WorkItemCommentText {
    /// Returns the text as it was written
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TextKind for WorkItemCommentText {
    const EXPECTED: &'static str = "a comment";

    fn parse(text: &str) -> Result<Self, ParseError> {
        if text.trim().is_empty() || text.chars().count() > MAX_TEXT {
            return Err(ParseError::invalid("a comment of a work item has 1 to 1,048,576 characters"));
        }
        Ok(WorkItemCommentText(text.to_owned()))
    }
}

text_kind!(WorkItemCommentText, { "minLength": 1, "maxLength": MAX_TEXT, "x-attribute": "TEXTAREA" });
