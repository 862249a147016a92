//! The example bots and the manifest agree attribute by attribute.

use std::fs;
use std::path::Path;

use azdo_bot::hosts::bot::LoadOptions;
use azdo_bot::hosts::bot::load;
use azdo_bot::package::PACKAGE_NAME;
use azdo_bot::package::is_package_name;
use serde_json::Value as Json;
use serde_json::json;

use crate::automation_360::support::attributes;
use crate::automation_360::support::commands;
use crate::automation_360::support::has_rule;
use crate::automation_360::support::plain_manifest;
use crate::automation_360::support::text;

/// The nodes of this package in a bot file, at every level
fn nodes<'a>(json: &'a Json, found: &mut Vec<&'a Json>) {
    match json {
        Json::Object(object) => {
            let package = object.get("packageName").and_then(Json::as_str);
            if object.contains_key("commandName") && package.is_some_and(is_package_name) {
                found.push(json);
            }
            object.values().for_each(|value| nodes(value, found));
        }
        Json::Array(items) => items.iter().for_each(|item| nodes(item, found)),
        _ => {}
    }
}

/// The types of values that a bot file may have for an attribute
fn value_types(attribute: &Json) -> &'static [&'static str] {
    match text(attribute, "type") {
        "NUMBER" => &["NUMBER"],
        "CHECKBOX" | "BOOLEAN" => &["BOOLEAN"],
        "LIST" => &["LIST", "VARIABLE"],
        "DICTIONARY" => &["DICTIONARY", "VARIABLE"],
        "FILE" => &["FILE"],
        // An insecure string is a plain text.
        "CREDENTIAL" => &["CREDENTIAL", "STRING"],
        "SESSION" => &["SESSION"],
        _ => &["STRING"],
    }
}

#[test]
fn the_bot_files_of_the_examples_and_the_manifest_agree() {
    let package = plain_manifest();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/bots");
    let mut seen = 0;
    for entry in fs::read_dir(folder).expect("the examples are there") {
        let path = entry.expect("the folder can be read").path();
        // The tests of the bots, and what they read, are there too.
        if !path.to_string_lossy().ends_with(".bot.json") {
            continue;
        }
        let bot: Json = serde_json::from_str(&fs::read_to_string(&path).expect("it is text")).expect("JSON");
        let mut found = Vec::new();
        nodes(&bot, &mut found);
        for node in found {
            seen += 1;
            let place = format!("{} {} {}", path.display(), node["uid"], node["commandName"]);
            let command = commands(&package).iter().find(|one| one["name"] == node["commandName"]);
            let command = command.unwrap_or_else(|| panic!("{place}: there is no such command"));
            agree(&place, command, node);
        }
    }
    assert!(seen > 20, "{seen} nodes");
}

/// Every attribute of a node is one of its command, with a value of its type; every attribute that has to be filled in is
fn agree(place: &str, command: &Json, node: &Json) {
    let known = attributes(command);
    let given = attributes(node);
    for attribute in &given {
        let name = text(attribute, "name");
        let found = known.iter().find(|one| one["name"] == name);
        let found = found.unwrap_or_else(|| panic!("{place}: there is no attribute {name}"));
        let kind = attribute["value"]["type"].as_str().unwrap_or_default();
        assert!(value_types(found).contains(&kind), "{place}: {name} is {kind}");
    }
    let value = |name: &Json| given.iter().find(|one| one["name"] == *name).map(|one| &one["value"]);
    for attribute in known.iter().filter(|one| has_rule(one, "NOT_EMPTY")) {
        let chooser = known.iter().find_map(|one| {
            let options = one["options"].as_array()?;
            let option = options.iter().find(|option| attributes(option).contains(attribute))?;
            Some((*one, &option["value"]))
        });
        let needed = chooser.is_none_or(|(chooser, option)| {
            let default = &chooser["defaultValue"]["string"];
            value(&chooser["name"]).map_or(default, |value| &value["string"]) == option
        });
        let filled = value(&attribute["name"]).is_some() || attribute.get("defaultValue").is_some();
        assert!(!needed || filled, "{place}: {} is missing", attribute["name"]);
    }
    let target = &node["returnTo"]["type"];
    let allowed: &[&str] = match text(command, "returnType") {
        "SESSION" => &["SESSION", "VARIABLE"],
        _ => &["VARIABLE", "DICTIONARY"],
    };
    assert!(target.is_null() || allowed.iter().any(|kind| target == kind), "{place}: {target}");
}

/// A value of an attribute in a bot file: a variable where it may be one
fn value(attribute: &Json) -> Json {
    match value_types(attribute)[0] {
        "NUMBER" => json!({ "type": "NUMBER", "expression": "$number$" }),
        "BOOLEAN" => json!({ "type": "BOOLEAN", "expression": "$flag$" }),
        "LIST" => json!({ "type": "VARIABLE", "variableName": "list" }),
        "DICTIONARY" => json!({ "type": "VARIABLE", "variableName": "dictionary" }),
        "SESSION" => json!({ "type": "SESSION", "sessionName": { "type": "STRING", "string": "Default" } }),
        "CREDENTIAL" => {
            let name = json!({ "lockerName": "devops", "name": "azdo", "attributeName": "pat" });
            json!({ "type": "CREDENTIAL", "credential": name })
        }
        kind => json!({ "type": kind, "expression": "$text$" }),
    }
}

/// The nodes of a command that together have each of its attributes: one for each option that has attributes of its own
fn nodes_of(command: &Json) -> Vec<Json> {
    let plain = |attribute: &Json| json!({ "name": attribute["name"], "value": value(attribute) });
    let option = |chooser: &Json, option: &Json| {
        let chosen = json!({ "type": "STRING", "string": option["value"] });
        json!({ "name": chooser["name"], "value": chosen })
    };
    // The attributes outside of options; a group has attributes too.
    let outside: Vec<&Json> = attributes(command)
        .into_iter()
        .filter(|one| !attributes(command).iter().any(|chooser| inside_option(chooser, one)))
        .filter(|one| one.get("attributes").is_none())
        .collect();
    let choosers: Vec<&Json> = outside.iter().copied().filter(|one| one["options"].is_array()).collect();
    let mut sets: Vec<Vec<Json>> = vec![Vec::new()];
    for chooser in choosers {
        for one in
            chooser["options"].as_array().into_iter().flatten().filter(|one| !attributes(one).is_empty())
        {
            let mut set = vec![option(chooser, one)];
            set.extend(attributes(one).into_iter().map(plain));
            sets.push(set);
        }
    }
    let node = |set: Vec<Json>| {
        let given = |name: &Json| set.iter().any(|one| one["name"] == *name);
        let rest: Vec<Json> =
            outside.iter().filter(|one| !given(&one["name"])).map(|one| plain(one)).collect();
        let returns_session = command["returnType"] == "SESSION";
        let session = json!({ "type": "SESSION", "sessionTarget": "LOCAL", "sessionName": { "type": "STRING", "string": "Default" } });
        json!({
            "uid": "1", "packageName": PACKAGE_NAME, "commandName": command["name"], "disabled": false,
            "attributes": set.into_iter().chain(rest).collect::<Vec<_>>(),
            "returnTo": if returns_session { session } else { Json::Null },
        })
    };
    sets.into_iter().map(node).collect()
}

fn inside_option(chooser: &Json, attribute: &Json) -> bool {
    let options = chooser["options"].as_array().into_iter().flatten();
    options.flat_map(attributes).any(|one| std::ptr::eq(one, attribute))
}

/// What stops a bot that connects and then has this node
fn faults(connect: &Json, node: &Json) -> Vec<String> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let declared = |name: &str, kind: &str| json!({ "name": name, "type": kind, "input": true });
    let nodes: Vec<&Json> = if node["commandName"] == "connect" { vec![node] } else { vec![connect, node] };
    let bot = json!({
        "triggers": [], "packages": [], "nodes": nodes,
        "variables": [
            declared("text", "STRING"), declared("number", "NUMBER"), declared("flag", "BOOLEAN"),
            declared("list", "LIST"), declared("dictionary", "DICTIONARY"),
        ],
    });
    let file = folder.path().join("root.bot.json");
    fs::write(&file, bot.to_string()).expect("it can be written");
    load(&file, &LoadOptions::default()).faults.iter().map(ToString::to_string).collect()
}

#[test]
fn a_bot_file_may_have_every_attribute_of_the_manifest() {
    let package = plain_manifest();
    let find = |name: &str| commands(&package).iter().find(|one| one["name"] == name).expect("it is there");
    let connect = nodes_of(find("connect")).remove(0);
    let mut seen = 0;
    for command in commands(&package) {
        let nodes = nodes_of(command);
        for attribute in attributes(command).iter().filter(|one| one.get("attributes").is_none()) {
            let has = |node: &Json| attributes(node).iter().any(|one| one["name"] == attribute["name"]);
            assert!(nodes.iter().any(has), "{} {}", command["name"], attribute["name"]);
            seen += 1;
        }
        for node in nodes {
            assert_eq!(faults(&connect, &node), [] as [String; 0], "{node}");
        }
    }
    assert!(seen > 300, "{seen} attributes");
    let mut other = connect.clone();
    other["attributes"]
        .as_array_mut()
        .expect("a list")
        .push(json!({ "name": "other", "value": { "type": "STRING", "string": "x" } }));
    assert_eq!(faults(&connect, &other).len(), 1, "an attribute that the manifest does not have is refused");
}
