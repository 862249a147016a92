//! The inputs and outputs of an action, read from their schemas.

use serde_json::Map;
use serde_json::Value as Json;

use crate::contract::Value;

/// An input of an action
#[non_exhaustive]
pub struct Attribute {
    /// The name in inputs
    pub name: String,
    /// The label in a form
    pub label: String,
    /// The description
    pub description: String,
    /// The type
    pub kind: AttributeType,
    /// Whether it is required; inside an option, only if that option is chosen
    pub required: bool,
    /// The default
    pub default: Option<Value>,
    /// The choices of a SELECT
    pub options: Vec<Choice>,
    /// The attribute and the option that it belongs to: (`authenticationMethod`, `PAT`)
    pub inside: Option<(String, String)>,
    /// The group of further fields that it is shown in: `Advanced`
    pub group: Option<String>,
    /// The bounds of a number
    pub bounds: Option<(i64, i64)>,
}

/// A choice of a SELECT
#[non_exhaustive]
pub struct Choice {
    /// The value in inputs
    pub value: String,
    /// The label in a form
    pub label: String,
}

/// An output of an action
#[non_exhaustive]
pub struct OutputField {
    /// The name
    pub name: String,
    /// The description
    pub description: String,
    /// The type
    pub kind: AttributeType,
    /// Whether it is missing if the service sends no value for it
    pub is_optional: bool,
    /// Whether a flow has to expect that it is missing; the service sends every other optional output each time
    pub may_be_empty: bool,
    /// The fields of each entry, for a list of dictionaries
    pub parts: Vec<OutputField>,
}

/// The vendor's attribute types that the package uses
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum AttributeType {
    /// A text
    Text,
    /// A text of several lines
    TextArea,
    /// A number; this package has only integers
    Number,
    /// A Boolean value
    Checkbox,
    /// One of several choices
    Select,
    /// An ordered list of values
    List,
    /// Named values
    Dictionary,
    /// A file on the machine the bot runs on
    File,
    /// A credential
    Credential,
    /// A session
    Session,
}

impl AttributeType {
    /// Returns the vendor's name for the type
    pub const fn as_str(self) -> &'static str {
        match self {
            AttributeType::Text => "TEXT",
            AttributeType::TextArea => "TEXTAREA",
            AttributeType::Number => "NUMBER",
            AttributeType::Checkbox => "CHECKBOX",
            AttributeType::Select => "SELECT",
            AttributeType::List => "LIST",
            AttributeType::Dictionary => "DICTIONARY",
            AttributeType::File => "FILE",
            AttributeType::Credential => "CREDENTIAL",
            AttributeType::Session => "SESSION",
        }
    }
}

impl Attribute {
    /// Returns the requirement in words; empty if it is optional
    pub fn requirement(&self) -> String {
        match &self.inside {
            _ if !self.required => String::new(),
            Some((_, option)) => format!("required with {option}"),
            None => "required".to_owned(),
        }
    }

    /// Returns the name of the group that it is shown in: `advanced` for *Advanced*
    pub(super) fn group_name(&self) -> Option<String> {
        self.group.as_deref().map(str::to_ascii_lowercase)
    }

    pub(super) fn of(name: &str, schema: &Json, required: bool) -> Self {
        let options = choices(schema);
        let inside = text(schema, "x-inside")
            .split_once('=')
            .map(|(field, option)| (field.to_owned(), option.to_owned()));
        let bound = |key: &str| schema.get(key).and_then(Json::as_i64);
        Attribute {
            name: name.to_owned(),
            label: Some(text(schema, "title"))
                .filter(|title| !title.is_empty())
                .unwrap_or_else(|| label(name)),
            description: text(schema, "description").replace('\n', " "),
            kind: kind(schema, &options),
            required: required || schema.get("x-required").is_some(),
            default: schema.get("default").cloned().map(Value::from),
            options,
            inside,
            group: Some(text(schema, "x-group")).filter(|group| !group.is_empty()),
            bounds: bound("minimum").zip(bound("maximum")),
        }
    }
}

impl OutputField {
    fn of(name: &str, schema: &Json, is_optional: bool) -> Self {
        OutputField {
            name: name.to_owned(),
            description: text(schema, "description").replace('\n', " "),
            kind: kind(schema, &[]),
            is_optional,
            may_be_empty: is_optional && schema.get("x-usual").is_none(),
            parts: schema.get("items").into_iter().flat_map(outputs).collect(),
        }
    }
}

pub(super) fn outputs(schema: &Json) -> impl Iterator<Item = OutputField> {
    let required = required(schema);
    properties(schema)
        .map(move |(name, schema)| OutputField::of(name, schema, !required.contains(&name.as_str())))
}

/// Returns the names that are required in a schema
pub(super) fn required(schema: &Json) -> Vec<&str> {
    let names = schema.get("required").and_then(Json::as_array).into_iter().flatten();
    names.filter_map(Json::as_str).collect()
}

pub(super) fn properties(schema: &Json) -> impl Iterator<Item = (&String, &Json)> {
    schema.get("properties").and_then(Json::as_object).into_iter().flat_map(Map::iter)
}

pub(super) fn text(schema: &Json, key: &str) -> String {
    schema.get(key).and_then(Json::as_str).unwrap_or_default().to_owned()
}

fn kind(schema: &Json, options: &[Choice]) -> AttributeType {
    match (text(schema, "x-attribute").as_str(), text(schema, "type").as_str()) {
        ("CREDENTIAL", _) => AttributeType::Credential,
        ("SESSION", _) => AttributeType::Session,
        ("FILE", _) => AttributeType::File,
        ("TEXTAREA", _) => AttributeType::TextArea,
        _ if !options.is_empty() => AttributeType::Select,
        (_, "boolean") => AttributeType::Checkbox,
        (_, "integer" | "number") => AttributeType::Number,
        (_, "array") => AttributeType::List,
        (_, "object") => AttributeType::Dictionary,
        _ => AttributeType::Text,
    }
}

/// Returns the choices of an enum; their comments are their labels
fn choices(schema: &Json) -> Vec<Choice> {
    let variants = schema.get("oneOf").and_then(Json::as_array).into_iter().flatten();
    variants
        .filter_map(|variant| {
            let value = variant.get("const").and_then(Json::as_str)?.to_owned();
            let label = text(variant, "description").lines().next().unwrap_or(&value).to_owned();
            Some(Choice { value, label })
        })
        .collect()
}

/// Returns the label of a field name: `Template parameters` for `templateParameters`
pub(super) fn label(name: &str) -> String {
    let mut label = String::with_capacity(name.len() + 4);
    for c in name.chars() {
        if c.is_ascii_uppercase() {
            label.push(' ');
            label.push(c.to_ascii_lowercase());
        } else if label.is_empty() {
            label.push(c.to_ascii_uppercase());
        } else {
            label.push(c);
        }
    }
    label
}
