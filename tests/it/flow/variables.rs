//! Variables of pipelines and release pipelines that are settable or secret.

use azdo_bot::contract::ErrorCode;
use azdo_simulator::Organization;
use azdo_simulator::Project;
use azdo_simulator::ReleasePipeline;
use azdo_simulator::ReleaseStage;
use serde_json::json;

use crate::flow::support::House;
use crate::flow::support::world;

async fn house() -> House {
    let deploy = ReleasePipeline::named("deploy", "site").stage(ReleaseStage::named("Test"));
    let project = Project::with_site("Fabrikam").release_pipeline(deploy);
    let house = House::with(world().organization(Organization::named("fabrikam").project(project))).await;
    house.connect_root().await;
    house
}

/// Returns a variable of a pipeline's own record
async fn variable(house: &House, action: &str, inputs: serde_json::Value, name: &str) -> serde_json::Value {
    let outputs = house.ok(action, inputs).await;
    let raw = serde_json::to_value(&outputs["raw"]).expect("a record");
    raw["variables"][name].clone()
}

#[tokio::test]
async fn added_variables_can_be_made_settable_and_secret() {
    let house = house().await;
    let values = json!({ "variables": { "plain": "a", "open": "b", "key": "hidden-value" },
        "settableVariables": ["OPEN"], "secretVariables": ["key"] });
    for (action, own, read) in [
        (
            "editPipeline",
            json!({ "pipeline": "site" }),
            ("getPipeline", json!({ "pipeline": "site", "includeRaw": true })),
        ),
        (
            "copyPipeline",
            json!({ "pipeline": "site", "name": "copy" }),
            ("getPipeline", json!({ "pipeline": "copy", "includeRaw": true })),
        ),
        (
            "editReleasePipeline",
            json!({ "releasePipeline": "deploy" }),
            ("getReleasePipeline", json!({ "releasePipeline": "deploy", "includeRaw": true })),
        ),
    ] {
        let mut inputs = own.clone();
        inputs.as_object_mut().expect("an object").extend(values.as_object().expect("an object").clone());
        house.ok(action, inputs).await;
        let (get, which) = read;
        let plain = variable(&house, get, which.clone(), "plain").await;
        assert_eq!((&plain["value"], plain["allowOverride"] == true), (&json!("a"), false), "{action}");
        assert_eq!(variable(&house, get, which.clone(), "open").await["allowOverride"], true, "{action}");
        let key = variable(&house, get, which, "key").await;
        assert_eq!(key["isSecret"], true, "{action}");
        assert!(!key.to_string().contains("hidden-value"), "{action}: {key}");

        let mut unknown = own;
        unknown["settableVariables"] = json!(["nowhere"]);
        if action == "copyPipeline" {
            unknown["name"] = json!("another");
        }
        let error = house.error(action, unknown).await;
        assert_eq!(error.code(), ErrorCode::InputInvalid, "{action}");
        assert!(error.message().contains("there is no variable \"nowhere\""), "{action}: {error}");
    }
    // A variable that exists already becomes settable without a new value.
    house.ok("editPipeline", json!({ "pipeline": "site", "settableVariables": ["plain"] })).await;
    let which = json!({ "pipeline": "site", "includeRaw": true });
    let plain = variable(&house, "getPipeline", which, "plain").await;
    assert_eq!((&plain["value"], &plain["allowOverride"]), (&json!("a"), &json!(true)));
}

#[tokio::test]
async fn a_new_pipeline_can_have_secret_variables() {
    let house = house().await;
    let steps = json!([{ "script": "echo", "title": "Say" }]);
    let classic = json!({ "name": "c", "repository": "site", "steps": steps,
        "variables": { "key": "hidden-value" }, "secretVariables": ["key"] });
    house.ok("createClassicPipeline", classic).await;
    let key = variable(&house, "getPipeline", json!({ "pipeline": "c", "includeRaw": true }), "key").await;
    assert_eq!((&key["isSecret"], &key["allowOverride"]), (&json!(true), &json!(true)));
    let release = json!({ "name": "r", "pipeline": "site", "stages": ["A"], "secretVariables": ["key"] });
    let error = house.error("createReleasePipeline", release).await;
    assert_eq!(error.code(), ErrorCode::InputInvalid);
}
