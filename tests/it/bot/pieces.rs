//! Nodes of a flow and a bot to run them in.

use serde_json::Value as Json;
use serde_json::json;

use crate::bot::documents::Folder;
use crate::bot::documents::caught;
use crate::bot::documents::computed;
use crate::bot::documents::declare;
use crate::bot::documents::node;
use crate::bot::documents::number;
use crate::bot::documents::text;
use crate::bot::documents::variable;
use crate::bot::documents::with;
use crate::bot::support::outcome;

/// Runs nodes with the usual variables, and returns the outputs or the error
pub(crate) async fn run(nodes: Json) -> String {
    outcome(&folder(nodes)).await
}

pub(crate) fn folder(nodes: Json) -> Folder {
    let mut variables = caught().to_vec();
    let output = json!({ "output": true });
    variables.extend([
        declare("out", "STRING", output.clone()),
        declare("count", "NUMBER", output.clone()),
        declare("flag", "BOOLEAN", output),
        declare("item", "ANY", json!({})),
        declare(
            "list",
            "LIST",
            json!({ "defaultValue": { "type": "LIST", "list": [
            text("a"), text("b"), { "type": "NUMBER", "number": "3" } ] } }),
        ),
        declare(
            "map",
            "DICTIONARY",
            json!({ "defaultValue": { "type": "DICTIONARY", "dictionary": [
            { "key": "x", "value": text("1") }, { "key": "y", "value": text("2") } ] } }),
        ),
    ]);
    Folder::with(nodes, Json::from(variables))
}

/// Returns the initial outputs with these members changed
pub(crate) fn outputs(changes: Json) -> String {
    let mut all = json!({ "message": "", "line": 0, "out": "", "count": 0, "flag": false });
    for (name, value) in changes.as_object().expect("an object") {
        all[name] = value.clone();
    }
    all.to_string()
}

pub(crate) fn set(package: &str, command: &str, attributes: &[(&str, Json)], to: &str) -> Json {
    with(node(package, command, attributes), "returnTo", variable(to))
}

pub(crate) fn increment() -> Json {
    set(
        "Number",
        "increment",
        &[("source", number("$count$")), ("by", json!({"type":"NUMBER","number":"1"}))],
        "count",
    )
}

pub(crate) fn block(package: &str, command: &str, attributes: Json, children: Json) -> Json {
    with(with(node(package, command, &[]), "attributes", attributes), "children", children)
}

pub(crate) fn looping(iterator: &str, part: (&str, Json), to: &str, children: Json) -> Json {
    let iterator = json!([
        { "name": "loopType", "value": text("ITERATOR") },
        { "name": "iterator", "value": { "type": "ITERATOR", "iteratorName": iterator },
          "attributes": [{ "name": part.0, "value": part.1 }], "returnTo": variable(to) }
    ]);
    block("Loop", "loop.commands.start", iterator, children)
}

pub(crate) fn condition(package: &str, left: Json, operator: &str, right: Json) -> Json {
    let name = format!("{}Variable", package.to_lowercase());
    json!({ "name": "condition",
            "value": { "type": "CONDITIONAL", "conditionalName": name, "packageName": package },
            "attributes": [ { "name": "variable", "value": left }, { "name": "operator", "value": text(operator) },
                            { "name": "value", "value": right } ] })
}

pub(crate) fn throw(message: &str) -> Json {
    node("ErrorHandler", "throw", &[("message", computed(message))])
}
