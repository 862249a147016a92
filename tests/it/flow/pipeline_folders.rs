//! A pipeline as `folder\name`, wherever the name of a pipeline is given.

use azdo_bot::contract::ErrorCode;
use serde_json::json;

use crate::flow::support::House;
use crate::flow::support::text;

/// Each action that gives a pipeline a name: its inputs, and the input of the name
fn rows() -> [(&'static str, serde_json::Value, &'static str); 6] {
    let steps = json!([{ "script": "echo" }]);
    [
        ("createPipeline", json!({ "repository": "site", "path": "/azure-pipelines.yml" }), "name"),
        ("createClassicPipeline", json!({ "repository": "site", "steps": steps }), "name"),
        ("copyPipeline", json!({ "pipeline": "site" }), "name"),
        ("createReleasePipeline", json!({ "pipeline": "site", "stages": ["Test"] }), "name"),
        ("editPipeline", json!({ "pipeline": "\\old\\nightly" }), "newName"),
        ("editReleasePipeline", json!({ "releasePipeline": "old/deploy" }), "newName"),
    ]
}

async fn house() -> House {
    let house = House::connected().await;
    let yaml = json!({ "name": "old/nightly", "repository": "site", "path": "/azure-pipelines.yml" });
    house.ok("createPipeline", yaml).await;
    let release = json!({ "name": "\\old\\deploy", "pipeline": "site", "stages": ["Test"] });
    house.ok("createReleasePipeline", release).await;
    house
}

#[tokio::test]
async fn a_new_name_may_stand_after_its_folder() {
    let house = house().await;
    for (action, mut inputs, field) in rows() {
        inputs[field] = format!("\\team\\{action}").into();
        let made = house.ok(action, inputs).await;
        assert_eq!([text(&made, "folder"), text(&made, "name")], ["\\team", action]);
        let (reading, reference) = match action {
            one if one.contains("Release") => ("getReleasePipeline", "releasePipeline"),
            _ => ("getPipeline", "pipeline"),
        };
        let found = house.ok(reading, json!({ reference: format!("team/{action}") })).await;
        assert_eq!(text(&found, "name"), action);
    }
}

#[tokio::test]
async fn two_different_folders_are_refused_before_a_request() {
    let house = house().await;
    house.simulator.clear_journal();
    for (action, mut inputs, field) in rows() {
        inputs[field] = "team\\nightly".into();
        inputs["folder"] = "\\web".into();
        let error = house.error(action, inputs.clone()).await;
        assert_eq!(error.code(), ErrorCode::InputInvalid, "{action}");
        assert!(error.message().contains("\"\\team\"") && error.message().contains("\"\\web\""), "{error}");
    }
    assert_eq!(house.requests(), Vec::<String>::new());
    // The same folder twice is no contradiction.
    let (action, mut inputs, field) = rows()[0].clone();
    inputs[field] = "team\\nightly".into();
    inputs["folder"] = "/Team".into();
    assert_eq!(text(&house.ok(action, inputs).await, "folder"), "\\Team");
}
