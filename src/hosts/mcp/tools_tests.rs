//! Every tool has a name, schemas and annotations that every client accepts, and that agree with the catalogue.

use std::collections::BTreeSet;

use super::*;
use crate::package;

/// The keys of a schema that every client reads
const KEYS: &[&str] = &[
    "type",
    "description",
    "default",
    "enum",
    "minimum",
    "maximum",
    "properties",
    "required",
    "items",
    "additionalProperties",
];

/// An offer in which every action is a tool
fn everything() -> Offer {
    let groups: Vec<String> = package::actions().iter().map(|card| card.group.to_owned()).collect();
    Offer::new().destructive(true).groups(&groups).expect("they are groups")
}

fn lint(place: &str, schema: &Map<String, Json>, faults: &mut Vec<String>) {
    let mut fault = |what: String| faults.push(format!("{place}: {what}"));
    for key in schema.keys().filter(|key| !KEYS.contains(&key.as_str())) {
        fault(format!("the key {key}"));
    }
    if !schema.get("type").is_some_and(Json::is_string) {
        fault("no single type".to_owned());
    }
    if let Some(values) = schema.get("enum")
        && !values.as_array().is_some_and(|values| values.len() > 1 && values.iter().all(Json::is_string))
    {
        fault("an enum that is not a list of texts".to_owned());
    }
    let properties = schema.get("properties").and_then(Json::as_object).cloned().unwrap_or_default();
    for name in schema.get("required").and_then(Json::as_array).into_iter().flatten() {
        if name.as_str().is_none_or(|name| !properties.contains_key(name)) {
            fault(format!("requires {name}, which it does not have"));
        }
    }
    for (name, inner) in &properties {
        let inner = inner.as_object().expect("a schema is an object");
        let place = format!("{place}.{name}");
        if inner.get("description").and_then(Json::as_str).is_none_or(str::is_empty) {
            faults.push(format!("{place}: no description"));
        }
        lint(&place, inner, faults);
    }
    for key in ["items", "additionalProperties"] {
        if let Some(Json::Object(inner)) = schema.get(key) {
            lint(&format!("{place}.{key}"), inner, faults);
        }
    }
}

#[test]
fn every_schema_has_only_what_every_client_reads() {
    let mut faults = Vec::new();
    for tool in tools(&everything(), &[]) {
        lint(&format!("{} input", tool.name), &tool.input, &mut faults);
        lint(&format!("{} output", tool.name), &tool.output, &mut faults);
        if tool.input["type"] != "object" || tool.input["additionalProperties"] != false {
            faults.push(format!("{}: the input is not a closed object", tool.name));
        }
        if tool.output["type"] != "object" {
            faults.push(format!("{}: the output is not an object", tool.name));
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn every_action_is_one_tool_with_a_plain_name_and_its_effect() {
    let tools = tools(&everything(), &[]);
    assert_eq!(tools.len(), package::actions().len() + 3);
    let names: BTreeSet<&str> = tools.iter().map(|tool| tool.name.as_str()).collect();
    assert_eq!(names.len(), tools.len());
    for (card, tool) in package::actions().iter().zip(&tools) {
        assert!(
            tool.name.len() <= 40 && tool.name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
        );
        assert_eq!(package::action(&tool.name).map(|card| card.words), Some(card.words));
        assert!(
            tool.description.starts_with(&card.summary) && !tool.description.contains('\n'),
            "{}",
            tool.name
        );
        let ToolHints { reads, destroys, idempotent, reaches_service } = tool.hints;
        assert_eq!((reads, destroys), (card.effect == Effect::Reads, card.effect == Effect::Destroys));
        assert!(reaches_service && (idempotent || !reads) && !(idempotent && card.effect == Effect::Creates));
    }
}

#[test]
fn every_example_fits_the_schema_of_its_tool() {
    for card in package::actions() {
        let schema = Json::Object(card.tool_input());
        let validator = jsonschema::validator_for(&schema).expect("the schema is valid");
        for example in card.examples() {
            let mut inputs = example.inputs;
            if card.attribute(package::SESSION_ARGUMENT).is_some() {
                inputs[package::SESSION_ARGUMENT] = "azdo-session:0".into();
            }
            let faults: Vec<String> = validator.iter_errors(&inputs).map(|fault| fault.to_string()).collect();
            assert!(faults.is_empty(), "{} \"{}\": {faults:?}", card.name, example.title);
        }
    }
}

#[test]
fn with_read_only_every_tool_reads() {
    let all = tools(&Offer::new(), &[]);
    assert!(all.iter().any(|tool| tool.name == "connect"));
    let reading = tools(&Offer::new().read_only(true), &[]);
    assert!(reading.iter().all(|tool| tool.hints.reads), "run_action reads too");
    assert!(reading.len() < all.len());
}
