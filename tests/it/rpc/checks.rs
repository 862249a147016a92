//! `action/check`: one input, without a bot run and without a request.

use azdo_bot::package::actions;
use serde_json::Value;
use serde_json::json;

use crate::rpc::process::Serve;

fn check(serve: &mut Serve, action: &str, field: &str, value: &Value) -> Value {
    serve.ask("action/check", json!({ "action": action, "field": field, "value": value }))
}

#[test]
fn every_input_of_the_examples_is_accepted() {
    let mut serve = Serve::start(&[]);
    for card in actions() {
        for example in card.examples() {
            for (field, value) in example.inputs.as_object().expect("inputs are an object") {
                let answer = check(&mut serve, &card.name, field, value);
                assert_eq!(answer["result"], json!({}), "{} {field}: {answer}", card.name);
            }
        }
    }
}

#[test]
fn a_value_that_the_action_would_refuse_is_refused_for_its_field() {
    let mut serve = Serve::start(&[]);
    let rows = [
        (
            "connect",
            "organizationUrl",
            json!("dev.azure.com/x"),
            "organization.invalid_url",
            "it does not begin with https://",
        ),
        (
            "connect",
            "projectName",
            json!("a:b"),
            "project.invalid_name",
            "a project name cannot contain \":\"",
        ),
        ("createRepository", "name", json!("a/b"), "input.invalid", "a repository name cannot contain \"/\""),
        ("createRepository", "name", json!(true), "input.invalid", "got a boolean"),
        ("createRepository", "nmae", json!("a"), "input.invalid", "did you mean \"name\"?"),
    ];
    for (action, field, value, code, words) in rows {
        let error = &check(&mut serve, action, field, &value)["error"];
        assert_eq!(error["data"]["code"], code, "{error}");
        assert_eq!(error["data"]["context"]["field"], field, "{error}");
        assert!(error["message"].as_str().is_some_and(|message| message.contains(words)), "{error}");
    }
    let answer = check(&mut serve, "createRepositry", "name", &json!("a"));
    assert_eq!(answer["error"]["data"]["code"], "action.unknown", "{answer}");
}
