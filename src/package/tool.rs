//! An action as a tool of an MCP client: its name, and its schemas in a form that every client accepts.
//!
//! Some clients drop a tool with a reference or a type array, cut off a schema with them, or show a choice as free text
//! (decision 0210). These schemas have flat enums, and no `$ref`, `oneOf`, `anyOf`, `format` or keys of our own.

use serde_json::Map;
use serde_json::Value as Json;
use serde_json::json;

use crate::package::ActionCard;
use crate::package::Returns;
use crate::package::schemas::ActionSchemas;

/// The name of the argument that has the session, and of the result of Connect that has it
pub const SESSION_ARGUMENT: &str = "session";

/// The field of Connect that has no meaning for a tool: its sessions have no name that could be taken
const NAMED_SESSIONS_ONLY: &str = "ifSessionExists";

/// The keys of a schema that stay as they are
const KEPT: &[&str] = &["type", "description", "default", "minimum", "maximum", "required"];

impl ActionCard {
    /// Returns the JSON schema of the tool's arguments: a closed object
    pub fn tool_input(&self) -> Map<String, Json> {
        let mut schema = flat(&ActionSchemas::of(self.entry()).input);
        schema.shift_remove("description");
        let mut required: Vec<Json> =
            schema.shift_remove("required").and_then(|names| names.as_array().cloned()).unwrap_or_default();
        if let Some(properties) = schema.get_mut("properties").and_then(Json::as_object_mut) {
            properties.shift_remove(NAMED_SESSIONS_ONLY);
            if let Some(session) = properties.get_mut(SESSION_ARGUMENT) {
                *session = json!({ "type": "string", "description": "The `session` that connect returned" });
                required.insert(0, json!(SESSION_ARGUMENT));
            }
        }
        schema.insert("required".to_owned(), required.into());
        schema.insert("additionalProperties".to_owned(), false.into());
        schema
    }

    /// Returns the JSON schema of the tool's structured result
    pub fn tool_output(&self) -> Map<String, Json> {
        let mut schema = flat(&ActionSchemas::of(self.entry()).output);
        let properties = schema.entry("properties").or_insert_with(|| json!({}));
        if self.returns == Returns::Session
            && let Some(properties) = properties.as_object_mut()
        {
            let session = json!({ "type": "string", "description": "The session, for the other tools" });
            properties.shift_insert(0, SESSION_ARGUMENT.to_owned(), session);
            if let Some(required) = schema.get_mut("required").and_then(Json::as_array_mut) {
                required.insert(0, json!(SESSION_ARGUMENT));
            }
        }
        schema
    }
}

/// Returns a schema with the keys that every client reads
fn flat(schema: &Json) -> Map<String, Json> {
    let Some(schema) = schema.as_object() else { return Map::new() };
    let mut flat = Map::new();
    if schema.get("x-attribute").is_some_and(|kind| kind == "CREDENTIAL") {
        flat.insert("type".to_owned(), "string".into());
        flat.insert("description".to_owned(), credential(schema).into());
        return flat;
    }
    for key in KEPT {
        if let Some(value) = schema.get(*key) {
            flat.insert((*key).to_owned(), value.clone());
        }
    }
    if let Some(Json::Array(choices)) = schema.get("oneOf") {
        let values: Vec<Json> = choices.iter().filter_map(|choice| choice.get("const").cloned()).collect();
        flat.insert("type".to_owned(), "string".into());
        flat.insert("description".to_owned(), with_choices(schema, choices).into());
        flat.insert("enum".to_owned(), values.into());
    }
    if let Some(items) = schema.get("items") {
        flat.insert("items".to_owned(), self::flat(items).into());
    }
    if let Some(Json::Object(properties)) = schema.get("properties") {
        let inner = |(name, schema): (&String, &Json)| (name.clone(), Json::from(self::flat(schema)));
        flat.insert("properties".to_owned(), Json::Object(properties.iter().map(inner).collect()));
    }
    match schema.get("additionalProperties") {
        // A value of several types cannot be described without a type array or a choice of schemas.
        Some(values) if values.get("anyOf").is_some() => {
            drop(flat.insert("additionalProperties".to_owned(), true.into()))
        }
        Some(Json::Bool(allowed)) => drop(flat.insert("additionalProperties".to_owned(), (*allowed).into())),
        Some(values) => drop(flat.insert("additionalProperties".to_owned(), self::flat(values).into())),
        None => {}
    }
    flat
}

/// Returns the description of a credential: only its reference is an argument of a tool
fn credential(schema: &Map<String, Json>) -> String {
    let option = schema.get("x-inside").and_then(Json::as_str).unwrap_or_default();
    let option = option
        .split_once('=')
        .map(|(_, option)| format!("For the method {option}: a"))
        .unwrap_or("A".to_owned());
    format!(
        "{option} reference to the token, such as env:NAME, file:PATH, vault:PATH#KEY or entra:NAME. Never the token itself; \
         ask the operator for the reference if you do not know it"
    )
}

/// Returns the description of a choice with the meaning of each value
fn with_choices(schema: &Map<String, Json>, choices: &[Json]) -> String {
    let text = |of: &Json| of.get("description").and_then(Json::as_str).unwrap_or_default().to_owned();
    let meanings: Vec<String> = choices
        .iter()
        .filter_map(|choice| Some((choice.get("const")?.as_str()?, text(choice))))
        .map(|(value, meaning)| match meaning.lines().next() {
            Some(line) => format!("{value}: {line}"),
            None => value.to_owned(),
        })
        .collect();
    let own = schema.get("description").and_then(Json::as_str).unwrap_or_default();
    let stop = if own.is_empty() { "" } else { ". " };
    format!("{own}{stop}{}", meanings.join("; "))
}
