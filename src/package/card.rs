//! The card of an action: what a host needs to show it, check its inputs and call it.

use once_cell::sync::Lazy;
use serde_json::Map;
use serde_json::Value as Json;

use crate::actions;
use crate::actions::ChoiceNeeds;
use crate::actions::Effect;
use crate::actions::Entry;
use crate::actions::Example;
use crate::actions::FileUse;
use crate::actions::LostResponse;
use crate::actions::SessionUse;
use crate::contract::Dictionary;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::Needs;
use crate::contract::Value;
use crate::package::portable_schema::portable_schema;

/// The card of an action
pub struct ActionCard {
    /// The name in the manifest, bot files and JSON-RPC: `createRepository`
    pub name: String,
    /// The name in words: `create repository`
    pub words: &'static str,
    /// The label a designer shows: `Create repository`
    pub label: String,
    /// The heading of its group
    pub group: &'static str,
    /// The summary, one line without full stop
    pub summary: String,
    /// The details; may be empty
    pub details: String,
    /// The effect on the service
    pub effect: Effect,
    /// How the outcome is found when the response is lost
    pub lost_response: LostResponse,
    /// The permissions and the token scope that it needs
    pub needs: Needs,
    /// Values of fields that change the needs
    pub choices: &'static [ChoiceNeeds],
    /// The error codes that a flow may branch on
    pub errors: &'static [ErrorCode],
    /// The inputs in the order of the form
    pub attributes: Vec<Attribute>,
    /// The shape of its outputs
    pub returns: Returns,
    /// The outputs
    pub outputs: Vec<OutputField>,
    /// How it uses its session
    pub session_use: SessionUse,
    /// How it uses its files
    pub file_use: FileUse,
    entry: &'static Entry,
}

/// An input of an action
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
    /// The bounds of a number
    pub bounds: Option<(i64, i64)>,
}

/// A choice of a SELECT
pub struct Choice {
    /// The value in inputs
    pub value: String,
    /// The label in a form
    pub label: String,
}

/// An output of an action
pub struct OutputField {
    /// The name
    pub name: String,
    /// The description
    pub description: String,
    /// The type
    pub kind: AttributeType,
    /// The fields of each entry, for a list of dictionaries
    pub parts: Vec<OutputField>,
}

/// The vendor's attribute types that the package uses
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AttributeType {
    /// A text
    Text,
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

/// The shape of an action's outputs, as hosts assign them to a variable
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Returns {
    /// A session
    Session,
    /// The outputs as a dictionary
    Dictionary,
    /// The list with this name, which is the only output besides `more`
    List(String),
}

/// The output that shows whether a list is incomplete; it does not count as a second output
const MORE: &str = "more";

static CARDS: Lazy<Vec<ActionCard>> = Lazy::new(|| {
    actions::CATALOGUE
        .iter()
        .flat_map(|group| group.actions.iter().map(|entry| ActionCard::of(group.label, entry)))
        .collect()
});

/// Returns every action, in the catalogue's order
pub fn actions() -> &'static [ActionCard] {
    &CARDS
}

/// Returns an action by its name in any host's spelling
pub fn action(name: &str) -> Option<&'static ActionCard> {
    let entry = actions::entry(name)?;
    CARDS.iter().find(|card| card.words == entry.words)
}

impl ActionCard {
    fn of(group: &'static str, entry: &'static Entry) -> Self {
        let input = portable_schema((entry.input_schema)());
        let output = portable_schema((entry.output_schema)());
        let description = text(&input, "description");
        let (summary, details) = description.split_once("\n\n").unwrap_or((&description, ""));
        let required: Vec<&str> = input
            .get("required")
            .and_then(Json::as_array)
            .into_iter()
            .flatten()
            .filter_map(Json::as_str)
            .collect();
        let attributes = properties(&input)
            .map(|(name, schema)| Attribute::of(name, schema, required.contains(&name.as_str())));
        let outputs: Vec<OutputField> = outputs(&output).collect();
        let returns = match outputs.iter().filter(|output| output.name != MORE).collect::<Vec<_>>().as_slice()
        {
            _ if entry.returns_session => Returns::Session,
            [only] if only.kind == AttributeType::List => Returns::List(only.name.clone()),
            _ => Returns::Dictionary,
        };
        ActionCard {
            name: entry.name(),
            words: entry.words,
            label: entry.label(),
            group,
            summary: summary.replace('\n', " "),
            details: details.to_owned(),
            effect: entry.effect,
            lost_response: entry.lost_response,
            needs: entry.needs,
            choices: entry.choices,
            errors: entry.errors,
            attributes: attributes.collect(),
            returns,
            outputs,
            session_use: entry.session_use,
            file_use: entry.file_use,
            entry,
        }
    }

    /// Returns an attribute by its name
    pub fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|attribute| attribute.name == name)
    }

    /// Returns the needs if these choices may be made
    pub fn needs_with(&self, may_be: impl Fn(&ChoiceNeeds) -> bool) -> Needs {
        self.choices.iter().find(|one| may_be(one)).map_or(self.needs, |one| one.needs)
    }

    /// Returns examples of its inputs
    pub fn examples(&self) -> Vec<Example> {
        (self.entry.examples)()
    }

    /// Checks inputs without running anything
    pub fn check(&self, inputs: Dictionary) -> Result<(), Error> {
        (self.entry.prepare)(inputs).map(drop)
    }

    /// Checks one input alone, such as a literal of a flow whose other inputs are not known yet
    pub fn check_field(&self, field: &str, value: &Value) -> Result<(), Error> {
        match self.check(Dictionary::from_iter([(field.to_owned(), value.clone())])) {
            Err(error) if belongs_to(&error, field) => Err(error),
            _ => Ok(()),
        }
    }

    pub(super) fn entry(&self) -> &'static Entry {
        self.entry
    }
}

/// Returns whether an error is about a field or a part of it
fn belongs_to(error: &Error, field: &str) -> bool {
    error
        .context_value("field")
        .and_then(|at| at.strip_prefix(field))
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
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

    fn of(name: &str, schema: &Json, required: bool) -> Self {
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
            bounds: bound("minimum").zip(bound("maximum")),
        }
    }
}

impl OutputField {
    fn of(name: &str, schema: &Json) -> Self {
        OutputField {
            name: name.to_owned(),
            description: text(schema, "description").replace('\n', " "),
            kind: kind(schema, &[]),
            parts: schema.get("items").into_iter().flat_map(outputs).collect(),
        }
    }
}

fn outputs(schema: &Json) -> impl Iterator<Item = OutputField> {
    properties(schema).map(|(name, schema)| OutputField::of(name, schema))
}

fn properties(schema: &Json) -> impl Iterator<Item = (&String, &Json)> {
    schema.get("properties").and_then(Json::as_object).into_iter().flat_map(Map::iter)
}

fn text(schema: &Json, key: &str) -> String {
    schema.get(key).and_then(Json::as_str).unwrap_or_default().to_owned()
}

fn kind(schema: &Json, options: &[Choice]) -> AttributeType {
    match (text(schema, "x-attribute").as_str(), text(schema, "type").as_str()) {
        ("CREDENTIAL", _) => AttributeType::Credential,
        ("SESSION", _) => AttributeType::Session,
        ("FILE", _) => AttributeType::File,
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
