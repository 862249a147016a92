//! A pull request's id, and the texts it has.

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

/// A pull request's id: 1 to 2,147,483,647
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PullRequestId(u32);

impl fmt::Display for PullRequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<'de> Deserialize<'de> for PullRequestId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let id = deserialize_integer(deserializer, "a pull request's id", 1..=i64::from(i32::MAX))?;
        Ok(PullRequestId(u32::try_from(id).expect("the bounds fit into 32 bits")))
    }
}

impl JsonSchema for PullRequestId {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "PullRequestId".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "integer", "minimum": 1, "maximum": i32::MAX })
    }
}

/// A thread's id: 1 to 2,147,483,647
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ThreadId(u32);

impl ThreadId {
    /// Returns the id
    pub const fn get(self) -> u32 {
        self.0
    }
}

impl fmt::Display for ThreadId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<'de> Deserialize<'de> for ThreadId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let id = deserialize_integer(deserializer, "a thread's id", 1..=i64::from(i32::MAX))?;
        Ok(ThreadId(u32::try_from(id).expect("the bounds fit into 32 bits")))
    }
}

impl JsonSchema for ThreadId {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "ThreadId".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "integer", "minimum": 1, "maximum": i32::MAX })
    }
}

/// Limit of the service: it refuses a longer description of a pull request, as reports of its users and other clients say
const MAX_DESCRIPTION: usize = 4000;

/// Limit of the service: "A discussion comment cannot be longer than 150000 characters."
const MAX_COMMENT: usize = 150_000;

/// The title of a pull request: one line
///
/// The service publishes no limit for its length, so there is none here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PullRequestTitle(String);

impl PullRequestTitle {
    /// Returns the title as it was written
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TextKind for PullRequestTitle {
    const EXPECTED: &'static str = "a pull request's title";

    fn parse(text: &str) -> Result<Self, ParseError> {
        if text.trim().is_empty() || text.chars().any(char::is_control) {
            return Err(ParseError::invalid("a pull request's title is one line and not empty"));
        }
        Ok(PullRequestTitle(text.to_owned()))
    }
}

text_kind!(PullRequestTitle, { "minLength": 1 });

/// The description of a pull request: at most 4,000 characters, Markdown
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PullRequestDescription(String);

impl PullRequestDescription {
    /// Returns the description as it was written
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TextKind for PullRequestDescription {
    const EXPECTED: &'static str = "a pull request's description";

    fn parse(text: &str) -> Result<Self, ParseError> {
        if text.chars().count() > MAX_DESCRIPTION {
            return Err(ParseError::invalid("a pull request's description has at most 4,000 characters"));
        }
        Ok(PullRequestDescription(text.to_owned()))
    }
}

text_kind!(PullRequestDescription, { "maxLength": MAX_DESCRIPTION, "x-attribute": "TEXTAREA" });

/// A comment: 1 to 150,000 characters, Markdown
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommentText(String);

impl CommentText {
    /// Returns the comment as it was written
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TextKind for CommentText {
    const EXPECTED: &'static str = "a comment";

    fn parse(text: &str) -> Result<Self, ParseError> {
        if text.trim().is_empty() || text.chars().count() > MAX_COMMENT {
            return Err(ParseError::invalid("a comment has 1 to 150,000 characters"));
        }
        Ok(CommentText(text.to_owned()))
    }
}

text_kind!(CommentText, { "minLength": 1, "maxLength": MAX_COMMENT, "x-attribute": "TEXTAREA" });
