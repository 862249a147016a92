//! The files of a package, and what they have.

use std::collections::BTreeMap;

use azdo_bot::package::Automation360;
use azdo_bot::package::PackageIdentity;
use azdo_bot::package::manifest;
use serde_json::Value as Json;

/// The files of a package: each path with its text
pub(crate) fn files(groups: &[&str]) -> BTreeMap<String, String> {
    let groups: Vec<String> = groups.iter().map(ToString::to_string).collect();
    let package = Automation360::new(PackageIdentity::default(), &groups).expect("the groups are known");
    package.files().into_iter().map(|file| (file.path, file.text)).collect()
}

pub(crate) fn package_json(files: &BTreeMap<String, String>) -> Json {
    serde_json::from_str(&files["package.json"]).expect("it is JSON")
}

pub(crate) fn locale(files: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    serde_json::from_str(&files["locales/en_US.json"]).expect("it is an object of texts")
}

/// The manifest of this project without its own key
pub(crate) fn plain_manifest() -> Json {
    let mut all = manifest();
    remove_modes(&mut all);
    all
}

pub(crate) fn remove_modes(json: &mut Json) {
    match json {
        Json::Object(object) => {
            object.remove("modes");
            object.values_mut().for_each(remove_modes);
        }
        Json::Array(items) => items.iter_mut().for_each(remove_modes),
        _ => {}
    }
}

/// The attributes of a command, with those of options and groups after the one that has them
pub(crate) fn attributes(of: &Json) -> Vec<&Json> {
    let own = of["attributes"].as_array().into_iter().flatten();
    let mut all = Vec::new();
    for attribute in own {
        all.push(attribute);
        all.extend(attributes(attribute));
        let options = attribute["options"].as_array().into_iter().flatten();
        options.for_each(|option| all.extend(attributes(option)));
    }
    all
}

pub(crate) fn commands(package: &Json) -> &[Json] {
    package["commands"].as_array().expect("a package has commands")
}

pub(crate) fn text<'a>(json: &'a Json, key: &str) -> &'a str {
    json[key].as_str().unwrap_or_else(|| panic!("{json} has no text {key}"))
}

pub(crate) fn has_rule(attribute: &Json, name: &str) -> bool {
    attribute["rules"].as_array().into_iter().flatten().any(|rule| rule["name"] == name)
}
