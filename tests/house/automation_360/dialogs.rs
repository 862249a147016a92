//! What a dialog of the designer shows.

use azdo_bot::package::RUN_TREE_NAME;
use azdo_bot::package::Returns;
use azdo_bot::package::actions;
use serde_json::Value as Json;
use serde_json::json;

use crate::automation_360::support::attributes;
use crate::automation_360::support::commands;
use crate::automation_360::support::files;
use crate::automation_360::support::has_rule;
use crate::automation_360::support::locale;
use crate::automation_360::support::package_json;
use crate::automation_360::support::plain_manifest;
use crate::automation_360::support::text;

#[test]
fn what_cannot_work_in_the_designer_is_hidden_there() {
    let files = files(&["all"]);
    let package = package_json(&files);
    let hidden: Vec<&str> = commands(&package)
        .iter()
        .flat_map(attributes)
        .filter(|one| one["hidden"] == true)
        .map(|one| {
            assert!(one.get("rules").is_none(), "a field that is not shown cannot be filled in: {one}");
            text(one, "name")
        })
        .collect();
    assert_eq!(hidden, ["ifSessionExists"]);
    let project = plain_manifest();
    assert!(commands(&project).iter().flat_map(attributes).all(|one| one.get("hidden").is_none()));
}

#[test]
fn connect_shows_the_vendors_five_fields_and_all_others_below_advanced() {
    let files = files(&[]);
    let (package, locale) = (package_json(&files), locale(&files));
    let label = |json: &Json, key: &str| locale[text(json, key).trim_matches(['[', ']'])].clone();
    let connect = &commands(&package)[0];
    let fields = connect["attributes"].as_array().expect("it has fields");
    let option = &fields[0]["options"][0];
    let token = &option["attributes"][0];
    let shown = [
        label(&fields[0], "label"),
        label(token, "label"),
        label(&fields[1], "label"),
        label(&fields[2], "label"),
        label(connect, "returnLabel"),
    ];
    let vendor = [
        "Authentication Method",
        "Personal Access Token",
        "Organization URL",
        "Project name",
        "Azure DevOps Session",
    ];
    assert_eq!(shown, vendor);
    assert_eq!((&fields[0]["defaultValue"]["string"], &option["value"]), (&json!("PAT"), &json!("PAT")));
    assert_eq!((&token["type"], has_rule(token, "CREDENTIAL_ALLOW_PASSWORD")), (&json!("CREDENTIAL"), true));
    assert_eq!((fields.len(), &fields[3]["type"]), (4, &json!("GROUP")));
    assert_eq!(label(&fields[3], "label"), "Advanced");
    assert_eq!(connect["returnSettings"], json!(["SESSION_TARGET"]));
}

#[test]
fn only_the_designer_asks_for_the_name_of_a_session_in_its_run_tree() {
    let named = |manifest: &Json| {
        let of_command = |command: &Json| {
            let names = attributes(command).into_iter().map(|one| text(one, "name").to_owned());
            names
                .filter(|name| name == RUN_TREE_NAME)
                .map(|_| text(command, "name").to_owned())
                .collect::<Vec<_>>()
        };
        commands(manifest).iter().flat_map(of_command).collect::<Vec<_>>()
    };
    let files = files(&["all"]);
    assert_eq!(named(&package_json(&files)), ["connect"]);
    assert!(files["java/azdobot/commands/ConnectCommand.java"].contains(RUN_TREE_NAME));
    assert!(named(&plain_manifest()).is_empty(), "other hosts name sessions themselves");
}

#[test]
fn a_flag_without_a_default_is_not_a_check_box_which_would_always_send_it() {
    for command in commands(&plain_manifest()) {
        for attribute in attributes(command) {
            let (kind, default) = (text(attribute, "type"), attribute.get("defaultValue").is_some());
            assert!(kind != "CHECKBOX" || default, "{}.{}", command["name"], attribute["name"]);
            assert!(kind != "BOOLEAN" || !default, "{}.{}", command["name"], attribute["name"]);
        }
    }
}

#[test]
fn long_texts_have_several_lines() {
    let package = plain_manifest();
    for (action, field) in [
        ("commitFiles", "message"),
        ("createPullRequest", "description"),
        ("commentOnPullRequest", "text"),
        ("decidePipelineApproval", "comment"),
        ("queryWorkItems", "query"),
    ] {
        let command = commands(&package).iter().find(|one| one["name"] == action).expect("it is there");
        let attribute = attributes(command).into_iter().find(|one| one["name"] == field);
        assert_eq!(attribute.expect("it is there")["type"], "TEXTAREA", "{action}.{field}");
    }
}

#[test]
fn the_text_of_a_node_has_the_session_and_only_fields_that_are_set() {
    for card in actions() {
        let mut rest = card.node.as_str();
        assert!(rest.starts_with(&card.label), "{rest}");
        let mut names = Vec::new();
        while let Some((_, tail)) = rest.split_once("{{") {
            let (name, tail) = tail.split_once("}}").expect("a field name ends");
            names.push(name);
            rest = tail;
        }
        let session = if card.returns == Returns::Session { "returnTo" } else { "session" };
        assert_eq!(names.iter().filter(|name| **name == session).count(), 1, "{}", card.node);
        for name in names.into_iter().filter(|name| *name != session) {
            let set = card.attribute(name).is_some_and(|field| field.required || field.default.is_some())
                || card.attribute(name).is_some_and(|field| !field.options.is_empty());
            assert!(set, "{}: {name}", card.node);
        }
    }
    let create = actions().iter().find(|card| card.name == "createRepository").expect("it is there");
    assert_eq!(create.node, "Create repository \"{{name}}\" in session {{session}}");
}

#[test]
fn check_session_runs_without_a_session() {
    for command in commands(&plain_manifest()) {
        let session = attributes(command).into_iter().find(|one| one["type"] == "SESSION");
        let Some(session) = session else { continue };
        let asks = command["name"] == "checkSession";
        assert!(has_rule(session, "SESSION_OBJECT"));
        assert_eq!(has_rule(session, "SESSION_ALLOW_NONEXISTENT"), asks, "{}", command["name"]);
        assert_eq!(has_rule(session, "NOT_EMPTY"), !asks, "{}", command["name"]);
    }
}
