//! Work items: ids, types, titles, tags, fields, and queries for them.

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
use crate::contract::inputs::text_kind::MAX_SHOWN;
use crate::contract::inputs::text_kind::text_kind;
use crate::contract::printable;

/// A work item's id: 1 to 2,147,483,647
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WorkItemId(u32);

impl WorkItemId {
    /// Returns the id
    pub const fn get(self) -> u32 {
        self.0
    }
}

impl fmt::Display for WorkItemId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<'de> Deserialize<'de> for WorkItemId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let id = deserialize_integer(deserializer, "a work item's id", 1..=i64::from(i32::MAX))?;
        Ok(WorkItemId(u32::try_from(id).expect("the bounds fit into 32 bits")))
    }
}

impl JsonSchema for WorkItemId {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "WorkItemId".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "integer", "minimum": 1, "maximum": i32::MAX })
    }
}

/// The revision of a work item, as the service counts it: 1 to 2,147,483,647
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WorkItemRevision(u32);

impl WorkItemRevision {
    /// Returns the number
    pub const fn get(self) -> u32 {
        self.0
    }
}

impl<'de> Deserialize<'de> for WorkItemRevision {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = deserialize_integer(deserializer, "a revision", 1..=i64::from(i32::MAX))?;
        Ok(WorkItemRevision(u32::try_from(number).expect("the bounds fit into 32 bits")))
    }
}

impl JsonSchema for WorkItemRevision {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "WorkItemRevision".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "integer", "minimum": 1, "maximum": i32::MAX })
    }
}

/// Limit of the service: its naming restrictions for work item types
const MAX_TYPE: usize = 128;

/// Limit of the service: the field System.Title has at most 255 characters
const MAX_TITLE: usize = 255;

/// Limit of the service: its naming restrictions for tags
const MAX_TAG: usize = 400;

/// Limit of the service: its reference of the query language allows queries of 32 K characters
const MAX_QUERY: usize = 32_768;

/// Limit of the service: a field of long text, such as System.Description, has at most 1,048,576 characters
const MAX_TEXT: usize = 1_048_576;

/// Limit of the service: its naming restrictions for areas and iterations
const MAX_TREE_PATH: usize = 4000;

/// A work item type's name, which may contain spaces: `User Story`; 1 to 128 characters
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkItemType(String);

impl WorkItemType {
    /// Returns the name as it was written; the service ignores its case
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for WorkItemType {
    /// Writes the text in a form that is safe to show: control and bidirectional characters are escaped
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&printable(&self.0, MAX_SHOWN))
    }
}

impl TextKind for WorkItemType {
    const EXPECTED: &'static str = "a work item type's name";

    fn parse(text: &str) -> Result<Self, ParseError> {
        let refuse = |reason: &str| Err(ParseError::invalid(format!("a work item type's name {reason}")));
        if text.trim().is_empty() || text.trim() != text || text.chars().count() > MAX_TYPE {
            return refuse("has 1 to 128 characters and no space at its ends");
        }
        if text.chars().any(|c| c.is_control() || "/\\:*?\"<>|;#${},+=[]'".contains(c)) {
            return refuse(
                "cannot contain control characters or any of / \\ : * ? \" < > | ; # $ { } , + = [ ] '",
            );
        }
        Ok(WorkItemType(text.to_owned()))
    }
}

text_kind!(WorkItemType, { "minLength": 1, "maxLength": MAX_TYPE });

/// The title of a work item: 1 to 255 characters in one line
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkItemTitle(String);

impl WorkItemTitle {
    /// Returns the title as it was written
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for WorkItemTitle {
    /// Writes the text in a form that is safe to show: control and bidirectional characters are escaped
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&printable(&self.0, MAX_SHOWN))
    }
}

impl TextKind for WorkItemTitle {
    const EXPECTED: &'static str = "a work item's title";

    fn parse(text: &str) -> Result<Self, ParseError> {
        if text.trim().is_empty() || text.chars().count() > MAX_TITLE || text.chars().any(char::is_control) {
            return Err(ParseError::invalid("a work item's title has 1 to 255 characters in one line"));
        }
        Ok(WorkItemTitle(text.to_owned()))
    }
}

text_kind!(WorkItemTitle, { "minLength": 1, "maxLength": MAX_TITLE });

/// A tag: 1 to 400 characters, without `;` and `,`, which separate tags
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag(String);

impl Tag {
    /// Returns the tag as it was written
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TextKind for Tag {
    const EXPECTED: &'static str = "a tag";

    fn parse(text: &str) -> Result<Self, ParseError> {
        if text.trim().is_empty() || text.chars().count() > MAX_TAG {
            return Err(ParseError::invalid("a tag has 1 to 400 characters"));
        }
        if text.chars().any(|c| c.is_control() || matches!(c, ';' | ',')) {
            return Err(ParseError::invalid("a tag cannot contain \";\", \",\" or control characters"));
        }
        Ok(Tag(text.trim().to_owned()))
    }
}

text_kind!(Tag, { "minLength": 1, "maxLength": MAX_TAG });

/// The reference name of a work item's field: `System.Title`, `Microsoft.VSTS.Common.Priority`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldName(String);

impl FieldName {
    /// Returns the name as it was written; the service ignores its case
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TextKind for FieldName {
    const EXPECTED: &'static str = "a field's reference name";

    fn parse(text: &str) -> Result<Self, ParseError> {
        let word = |word: &str| {
            !word.is_empty() && word.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'))
        };
        if !text.contains('.') || !text.split('.').all(word) {
            return Err(ParseError::invalid(
                "a field's reference name has words separated by \".\", such as System.Title or Microsoft.VSTS.Common.Priority",
            ));
        }
        Ok(FieldName(text.to_owned()))
    }
}

text_kind!(FieldName, { "minLength": 3 });

/// A query in WIQL: `SELECT [System.Id] FROM WorkItems WHERE …`; at most 32,768 characters
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkItemQuery(String);

impl WorkItemQuery {
    /// Returns the query as it was written
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TextKind for WorkItemQuery {
    const EXPECTED: &'static str = "a query in WIQL";

    fn parse(text: &str) -> Result<Self, ParseError> {
        if text.chars().count() > MAX_QUERY {
            return Err(ParseError::invalid("a query has at most 32,768 characters"));
        }
        if !text.trim_start().get(..6).is_some_and(|word| word.eq_ignore_ascii_case("select")) {
            return Err(ParseError::invalid("a query begins with SELECT"));
        }
        Ok(WorkItemQuery(text.to_owned()))
    }
}

text_kind!(WorkItemQuery, { "minLength": 6, "maxLength": MAX_QUERY, "x-attribute": "TEXTAREA" });

/// A text of a work item: at most 1,048,576 characters
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkItemText(String);

impl WorkItemText {
    /// Returns the text as it was written
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TextKind for WorkItemText {
    const EXPECTED: &'static str = "a work item's text";

    fn parse(text: &str) -> Result<Self, ParseError> {
        if text.chars().count() > MAX_TEXT {
            return Err(ParseError::invalid("a work item's text has at most 1,048,576 characters"));
        }
        Ok(WorkItemText(text.to_owned()))
    }
}

text_kind!(WorkItemText, { "maxLength": MAX_TEXT, "x-attribute": "TEXTAREA" });

/// A path of areas or iterations, beginning with the project: `Fabrikam\Web`; at most 4,000 characters
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TreePath(String);

impl TreePath {
    /// Returns the path as it was written; the service ignores its case
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TextKind for TreePath {
    const EXPECTED: &'static str = "a path of areas or iterations";

    fn parse(text: &str) -> Result<Self, ParseError> {
        let part = |part: &str| !part.trim().is_empty() && !part.chars().any(char::is_control);
        if text.chars().count() > MAX_TREE_PATH || !text.split('\\').all(part) {
            return Err(ParseError::invalid(
                "a path of areas or iterations has names separated by \"\\\", beginning with the project",
            ));
        }
        Ok(TreePath(text.to_owned()))
    }
}

text_kind!(TreePath, { "minLength": 1, "maxLength": MAX_TREE_PATH });

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_work_item_is_made_of_is_read_or_refused() {
        for good in ["Bug", "User Story", "Change (urgent)"] {
            assert!(WorkItemType::parse(good).is_ok(), "{good}");
        }
        for bad in ["", " Bug", "a/b", "$Bug", "a\nb"] {
            assert!(WorkItemType::parse(bad).is_err(), "{bad:?}");
        }
        for good in ["System.Title", "Custom.My_Field", "Microsoft.VSTS.Common.Priority"] {
            assert!(FieldName::parse(good).is_ok(), "{good}");
        }
        for bad in ["", "Title", "System.", "System.A/B", "System..Title", "System.Ti tle"] {
            assert!(FieldName::parse(bad).is_err(), "{bad:?}");
        }
        assert!(WorkItemQuery::parse("  select [System.Id] from workitems").is_ok());
        assert!(WorkItemQuery::parse("DELETE").is_err());
        assert!(Tag::parse("a;b").is_err() && Tag::parse(" a ").is_ok_and(|tag| tag.as_str() == "a"));
        assert!(TreePath::parse("Fabrikam\\Web").is_ok() && TreePath::parse("Fabrikam\\").is_err());
    }
}
