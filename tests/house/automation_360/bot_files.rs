//! The example bots and the manifest agree attribute by attribute.

use std::fs;
use std::path::Path;

use azdo_bot::package::is_package_name;
use serde_json::Value as Json;

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
