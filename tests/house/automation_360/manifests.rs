//! Both manifests are in the vendor's form, and the texts and names of the package are complete.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use azdo_bot::package::Automation360;
use azdo_bot::package::PackageIdentity;
use azdo_bot::package::is_package_name;
use serde_json::Value as Json;
use serde_json::json;

use crate::automation_360::support::files;
use crate::automation_360::support::locale;
use crate::automation_360::support::package_json;
use crate::automation_360::support::plain_manifest;
use crate::automation_360::support::text;

fn validator() -> jsonschema::Validator {
    let schema = serde_json::from_str(include_str!("package.schema.json")).expect("it is JSON");
    jsonschema::validator_for(&schema).expect("it is a schema")
}

#[test]
fn both_manifests_have_the_vendors_keys_and_no_other() {
    let validator = validator();
    for (name, manifest) in
        [("package-manifest.json", plain_manifest()), ("package.json", package_json(&files(&["all"])))]
    {
        let errors: Vec<String> = validator
            .iter_errors(&manifest)
            .map(|error| format!("{name} {}: {error}", error.instance_path()))
            .take(5)
            .collect();
        assert!(errors.is_empty(), "{errors:#?}");
    }
}

#[test]
fn the_schema_refuses_other_keys_and_typed_values_of_rules() {
    let validator = validator();
    let good = package_json(&files(&[]));
    let mut changes: Vec<(&str, Json)> = Vec::new();
    for place in
        ["", "/sessionType", "/commands/0", "/commands/0/attributes/0", "/commands/0/attributes/0/options/0"]
    {
        let mut changed = good.clone();
        changed.pointer_mut(place).expect("the place is there")["modes"] = json!(["VALUE"]);
        changes.push((place, changed));
    }
    let mut typed = good.clone();
    typed["commands"][0]["attributes"][0]["rules"] =
        json!([{ "name": "GREATER_THAN_EQUALS", "value": { "type": "NUMBER", "number": "1" } }]);
    changes.push(("a typed value", typed));
    for (change, package) in changes {
        assert!(!validator.is_valid(&package), "{change}");
    }
}

#[test]
fn every_text_is_a_key_of_the_locale_file_and_every_key_is_used() {
    for groups in [&["all"][..], &[], &["branches"]] {
        let files = files(groups);
        let mut used = BTreeSet::new();
        keys(&package_json(&files), &mut used);
        let defined: BTreeSet<String> = locale(&files).into_keys().collect();
        assert_eq!(used, defined, "{groups:?}");
        assert!(locale(&files).values().all(|text| !text.trim().is_empty()));
    }
}

/// Collects the keys of texts; every text that a person reads has to be one
fn keys(json: &Json, used: &mut BTreeSet<String>) {
    match json {
        Json::Object(object) => {
            for (name, value) in object {
                let shown = name.to_lowercase();
                if shown.ends_with("label") || shown.ends_with("description") {
                    let key = value.as_str().and_then(|text| text.strip_prefix("[[")?.strip_suffix("]]"));
                    used.insert(key.unwrap_or_else(|| panic!("{name} is {value}")).to_owned());
                }
                keys(value, used);
            }
        }
        Json::Array(items) => items.iter().for_each(|item| keys(item, used)),
        _ => {}
    }
}

#[test]
fn the_identity_is_its_own_and_can_be_replaced() {
    let own = package_json(&files(&[]));
    assert_eq!((text(&own, "name"), text(&own, "group")), ("AzdoBot", "azdobot"));
    let texts = locale(&files(&[]));
    assert_eq!(texts["package.label"], "Azure DevOps (azdo-bot)");
    assert_eq!(texts["session.label"], "Azure DevOps (azdo-bot) session");
    assert_eq!(plain_manifest()["sessionType"]["label"], "Azure DevOps session");
    assert!(is_package_name("AzdoBot") && is_package_name("AzureDevOps") && !is_package_name("Azdo"));

    let identity = |name: &str, label: &str, group: &str| PackageIdentity {
        name: name.to_owned(),
        label: label.to_owned(),
        group: group.to_owned(),
    };
    let package = Automation360::new(identity("Contoso", "Größe \\ \"1\"", "com.contoso.azure"), &[]);
    let files: BTreeMap<String, String> =
        package.expect("it is valid").files().into_iter().map(|file| (file.path, file.text)).collect();
    assert!(files.contains_key("java/com/contoso/azure/commands/ConnectCommand.java"));
    let properties = &files["build.properties"];
    assert!(properties.contains("\nname=Contoso\n") && properties.contains("\ngroup=com.contoso.azure\n"));
    assert!(properties.contains("\nlabel=Gr\\u00f6\\u00dfe \\\\ \"1\"\n"), "{properties}");
    assert!(properties.ends_with(&format!("\nversion={}\n", env!("CARGO_PKG_VERSION"))), "{properties}");
    assert_eq!(package_json(&files)["commands"][0]["mainClass"], "com.contoso.azure.commands.ConnectCommand");

    for (name, label, group, what) in [
        ("Azdo Bot", "x", "azdobot", "name"),
        ("1st", "x", "azdobot", "name"),
        ("", "x", "azdobot", "name"),
        ("A", " ", "azdobot", "label"),
        ("A", "two\nlines", "azdobot", "label"),
        ("A", "[[key]]", "azdobot", "label"),
        ("A", "x", "com.class", "group"),
        ("A", "x", "com..azure", "group"),
        ("A", "x", "../azure", "group"),
        ("A", "x", "Com", "group"),
    ] {
        let error = Automation360::new(identity(name, label, group), &[]).err();
        let error = error.unwrap_or_else(|| panic!("{name} {label} {group} was accepted"));
        assert_eq!(error.context_value("field"), Some(what), "{name} {label} {group}");
    }
}
