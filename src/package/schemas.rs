//! JSON schemas of actions, invocations and outcomes, in a form every host can read.

use schemars::Schema;
use schemars::generate::SchemaSettings;
use serde_json::Value as Json;
use serde_json::json;

use crate::actions::LostResponse;
use crate::contract::ErrorCode;
use crate::contract::Invocation;
use crate::contract::WarningCode;
use crate::package::ActionCard;

/// A schema without `null` types, `format`s, null defaults and the generator's own title
///
/// Several hosts drop tools whose schemas have them, or show a choice as free text.
pub(super) fn clean(schema: Schema) -> Json {
    let mut json = schema.to_value();
    if let Some(object) = json.as_object_mut() {
        object.remove("$schema");
        object.remove("title");
    }
    simplify(&mut json);
    json
}

fn simplify(schema: &mut Json) {
    match schema {
        Json::Object(object) => {
            object.remove("format");
            if object.get("default").is_some_and(Json::is_null) {
                object.remove("default");
            }
            if let Some(Json::Array(types)) = object.get_mut("type") {
                types.retain(|one| one != "null");
                if let [only] = types.as_slice() {
                    let only = only.clone();
                    object.insert("type".to_owned(), only);
                }
            }
            if let Some(Json::Array(branches)) = object.get_mut("anyOf") {
                branches.retain(|branch| branch.get("type").is_none_or(|one| one != "null"));
                if let [Json::Object(only)] = branches.as_slice() {
                    let only = only.clone();
                    object.shift_remove("anyOf");
                    for (key, value) in only {
                        object.entry(key).or_insert(value);
                    }
                }
            }
            object.values_mut().for_each(simplify);
        }
        Json::Array(items) => items.iter_mut().for_each(simplify),
        _ => {}
    }
}

/// One action for hosts that are programs: what it does, what it needs, what it is given and answers
///
/// `package-manifest.json` keeps to the vendor's words; what a host has to know beside them stands here.
/// In the schemas, `x-attribute` is the manifest's attribute type where JSON's own type does not tell it, `x-unit`
/// what a number counts, `x-inside` the choice that a field belongs to, and `x-required` that this choice needs it.
/// The description says so too: many hosts drop a schema with `if` and `then`.
pub fn action_schema(card: &ActionCard) -> Json {
    let entry = card.entry();
    let examples: Vec<Json> = card
        .examples()
        .into_iter()
        .map(|example| json!({ "title": example.title, "inputs": example.inputs }))
        .collect();
    let errors: Vec<&str> = card.errors.iter().map(|code| code.as_str()).collect();
    json!({
        "name": card.name,
        "label": card.label,
        "effect": card.effect.as_str(),
        "lostResponse": lost_response(card),
        "needs": card.needs,
        "errors": errors,
        "examples": examples,
        "input": clean((entry.input_schema)()),
        "output": clean((entry.output_schema)()),
    })
}

/// How the outcome of a lost response is found out; null for what changes nothing
fn lost_response(card: &ActionCard) -> Option<Json> {
    let changes = card.lost_response != LostResponse::NotApplicable;
    changes.then(|| json!({ "settled": card.lost_response.as_str(), "by": card.lost_response.by() }))
}

/// What a host sends
pub(super) fn invocation() -> Json {
    let generator =
        SchemaSettings::draft2020_12().with(|settings| settings.inline_subschemas = true).into_generator();
    let mut schema = clean(generator.into_root_schema_for::<Invocation>());
    schema["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
    schema["title"] = json!("Invocation");
    schema
}

/// What a host gets back
pub(super) fn outcome() -> Json {
    let codes: Vec<&str> = ErrorCode::ALL.iter().map(|code| code.as_str()).collect();
    let warnings: Vec<&str> = WarningCode::ALL.iter().map(|code| code.as_str()).collect();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Outcome",
        "description": "What an action answers: its outputs, or an error",
        "oneOf": [
            {
                "type": "object",
                "required": ["outputs", "requests"],
                "properties": {
                    "outputs": { "type": "object", "description": "The action's outputs by name" },
                    "session": { "type": "string", "description": "The handle of the session that was opened" },
                    "requests": { "type": "integer", "minimum": 0, "description": "Requests sent to the service" },
                    "warnings": {
                        "type": "array",
                        "description": "What the bot's author should know although it worked",
                        "items": {
                            "type": "object",
                            "required": ["code", "message"],
                            "properties": {
                                "code": { "type": "string", "enum": warnings },
                                "message": { "type": "string" }
                            }
                        }
                    }
                }
            },
            {
                "type": "object",
                "required": ["error", "requests"],
                "properties": {
                    "error": {
                        "type": "object",
                        "required": ["code", "message", "help", "retry", "context"],
                        "properties": {
                            "code": { "type": "string", "enum": codes },
                            "message": { "type": "string", "description": "What happened" },
                            "help": { "type": "string", "description": "What to do about it" },
                            "retry": { "type": "string", "enum": ["never", "later"] },
                            "operation": { "type": "string", "description": "What was being done" },
                            "context": { "type": "object", "additionalProperties": { "type": "string" },
                                         "description": "What support asks for: status, activityId, field …" }
                        }
                    },
                    "requests": { "type": "integer", "minimum": 0, "description": "Requests sent to the service" }
                }
            }
        ]
    })
}
