//! Classes, icons and groups of the package agree with its manifest.

use std::collections::BTreeSet;

use azdo_bot::package::ActionCard;
use azdo_bot::package::Automation360;
use azdo_bot::package::PackageIdentity;
use azdo_bot::package::Returns;
use azdo_bot::package::actions;
use azdo_bot::package::is_generated;

use crate::automation_360::support::attributes;
use crate::automation_360::support::commands;
use crate::automation_360::support::files;
use crate::automation_360::support::locale;
use crate::automation_360::support::package_json;
use crate::automation_360::support::text;

#[test]
fn each_command_has_a_class_with_the_same_fields() {
    let files = files(&["all"]);
    let (package, locale) = (package_json(&files), locale(&files));
    assert_eq!(commands(&package).len(), actions().len());
    let words = |key: &str| locale[key.trim_start_matches('[').trim_end_matches(']')].clone();
    let mut classes = BTreeSet::new();
    for (command, card) in commands(&package).iter().zip(actions()) {
        assert_eq!(text(command, "name"), card.name);
        let path = format!("java/{}.java", text(command, "mainClass").replace('.', "/"));
        let class = files.get(&path).unwrap_or_else(|| panic!("{path} is missing"));
        classes.insert(path);
        let fields: Vec<String> = attributes(command)
            .into_iter()
            .filter(|one| one["type"] != "GROUP")
            .map(|one| {
                let (name, label, kind) = (text(one, "name"), words(text(one, "label")), text(one, "type"));
                format!("field(\"{name}\", \"{label}\", \"{kind}\");")
            })
            .collect();
        let in_class: Vec<&str> =
            class.lines().map(str::trim).filter(|line| line.starts_with("field(")).collect();
        assert_eq!(in_class, fields, "{}", card.name);
        let returns = text(command, "returnType");
        let changes = card.effect.as_str() != "reads";
        let call = format!("super(\"{}\", \"{}\", {changes}, Returns.{returns});", card.name, card.label);
        assert!(class.contains(&call), "{class}");
        let base = if card.returns == Returns::Session { "Connect" } else { "Action" };
        assert!(class.contains(&format!(" extends {base} {{")), "{class}");
    }
    let generated: BTreeSet<String> = files.into_keys().filter(|path| path.starts_with("java/")).collect();
    assert_eq!(classes, generated);
}

#[test]
fn every_icon_is_there_and_is_used() {
    let files = files(&["all"]);
    let package = package_json(&files);
    let used: BTreeSet<String> = commands(&package)
        .iter()
        .chain([&package])
        .map(|one| format!("icons/{}", text(one, "icon")))
        .collect();
    let there: BTreeSet<String> = files.keys().filter(|path| path.starts_with("icons/")).cloned().collect();
    assert_eq!(used, there);
    for icon in there {
        let svg = &files[&icon];
        assert!(svg.starts_with("<svg ") && svg.contains("viewBox=\"0 0 24 24\""), "{icon}");
        assert!(!svg.contains("href") && !svg.contains("<script"), "{icon}");
    }
}

#[test]
fn the_groups_choose_the_actions() {
    let offered = |groups: &[&str]| -> BTreeSet<String> {
        let package = package_json(&files(groups));
        commands(&package).iter().map(|command| text(command, "name").to_owned()).collect()
    };
    let of = |chosen: &dyn Fn(&ActionCard) -> bool| -> BTreeSet<String> {
        actions().iter().filter(|card| chosen(card)).map(|card| card.name.clone()).collect()
    };
    assert_eq!(offered(&["all"]), of(&|_| true));
    assert_eq!(offered(&[]), of(&|card| card.group != "Work items"));
    let two = of(&|card| ["Session", "Pull requests", "Pipeline runs"].contains(&card.group));
    assert_eq!(offered(&["pull-requests", "PIPELINE RUNS"]), two);
    let unknown = Automation360::new(PackageIdentity::default(), &["piplines".to_owned()]);
    let error = unknown.err().expect("there is no such group");
    assert_eq!(error.message(), "there is no group of actions \"piplines\"; did you mean \"pipelines\"?");
    assert!(error.help_text().contains("pull requests"), "{}", error.help_text());
}

#[test]
fn the_files_are_the_same_each_time_and_are_known_as_generated() {
    let all = files(&["all"]);
    assert_eq!(all, files(&["all"]));
    for (path, text) in &all {
        assert!(is_generated(path, text), "{path}");
        assert!(!path.contains('\\') && !text.contains('\r'), "{path}");
    }
    assert!(!is_generated("java/azdobot/runtime/Action.java", "package azdobot.runtime;"));
    assert!(!is_generated("package.json", "{\"name\": \"another\"}"));
    assert!(!is_generated("locales/en_US.json", "{}"));
    assert!(!is_generated("notes.txt", ""));
}
