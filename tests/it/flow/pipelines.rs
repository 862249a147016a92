//! Pipelines and their runs.

use azdo_bot::contract::ErrorCode;
use azdo_simulator::BuildResult;
use azdo_simulator::Script;
use serde_json::json;

use crate::flow::support::House;
use crate::flow::support::Reports;
use crate::flow::support::integer;
use crate::flow::support::text;

#[tokio::test]
async fn a_pipeline_is_created_run_and_waited_for() {
    let house = House::connected().await;
    let pipeline = house
        .ok(
            "createPipeline",
            json!({ "name": "nightly", "repository": "site", "path": "azure-pipelines.yml" }),
        )
        .await;
    let run = house.ok("runPipeline", json!({ "pipeline": "nightly", "branch": "main" })).await;
    assert_eq!(integer(&run, "pipelineId"), integer(&pipeline, "id"));
    assert_ne!(text(&run, "status"), "completed");

    let reports = Reports::default();
    let wait = json!({ "id": integer(&run, "id") });
    let outcome =
        house.watch(&house.root, "waitForPipelineRun", wait.clone(), &reports).await.expect("it completes");
    assert_eq!(
        (text(&outcome.outputs, "status"), text(&outcome.outputs, "result")),
        ("completed", "succeeded")
    );
    let reports = reports.lines();
    assert!(reports.iter().any(|line| line.contains("inProgress")), "{reports:?}");
    assert_eq!(outcome.requests, reports.len() as u64 + 1, "one request per poll");
    assert_eq!(text(&house.ok("getPipelineRun", wait).await, "result"), "succeeded");
}

#[tokio::test]
async fn a_wait_returns_any_result_of_a_run() {
    let house = House::connected().await;
    for (result, word) in [
        (BuildResult::Failed, "failed"),
        (BuildResult::PartiallySucceeded, "partiallySucceeded"),
        (BuildResult::Canceled, "canceled"),
    ] {
        assert!(house.simulator.set_script("fabrikam", "Fabrikam", "site", Script::ending(result)));
        let run = house.ok("runPipeline", json!({ "pipeline": "site" })).await;
        let done = house.ok("waitForPipelineRun", json!({ "id": integer(&run, "id") })).await;
        assert_eq!(text(&done, "result"), word);
    }
}

#[tokio::test]
async fn a_wait_that_runs_out_of_time_names_the_run_and_its_state() {
    let house = House::connected().await;
    let endless = Script { not_started: 0, in_progress: u32::MAX, result: BuildResult::Succeeded };
    assert!(house.simulator.set_script("fabrikam", "Fabrikam", "site", endless));
    let run = integer(&house.ok("runPipeline", json!({ "pipeline": "site" })).await, "id");
    let error = house.error("waitForPipelineRun", json!({ "id": run, "timeLimit": 1 })).await;
    assert_eq!(error.code(), ErrorCode::DeadlineExceeded);
    assert!(
        error.message().contains(&run.to_string()) && error.message().contains("inProgress"),
        "{}",
        error.message()
    );
}

#[tokio::test]
async fn only_template_parameters_and_variables_of_the_pipeline_are_accepted() {
    let house = House::connected().await;
    let yaml = "parameters:\n- name: version\n  type: string\n- name: dryRun\n  type: boolean\n  default: false\nsteps:\n- script: echo\n";
    house
        .ok(
            "commitFiles",
            json!({ "repository": "site", "branch": "main", "message": "p", "files": { "p.yml": yaml } }),
        )
        .await;
    house.ok("createPipeline", json!({ "name": "parameters", "repository": "site", "path": "p.yml" })).await;
    let good =
        json!({ "pipeline": "parameters", "templateParameters": { "version": "1.0", "dryRun": true } });
    house.ok("runPipeline", good).await;
    let unknown =
        json!({ "pipeline": "parameters", "templateParameters": { "version": "1.0", "verison": "1.0" } });
    let error = house.error("runPipeline", unknown).await;
    assert_eq!(error.code(), ErrorCode::ServiceRejected);
    assert!(error.message().contains("verison"), "the service's own words are quoted: {}", error.message());
    let variable = json!({ "pipeline": "site", "variables": { "secretly": "x" } });
    assert_eq!(house.error("runPipeline", variable).await.code(), ErrorCode::ServiceRejected);
}

#[tokio::test]
async fn the_error_for_a_missing_resource_names_it() {
    let house = House::connected().await;
    for (action, inputs, named) in [
        ("runPipeline", json!({ "pipeline": "nihgtly" }), "nihgtly"),
        ("runPipeline", json!({ "pipeline": "9999" }), "9999"),
        ("getPipelineRun", json!({ "id": 9999 }), "9999"),
        ("createPipeline", json!({ "name": "x", "repository": "nowhere", "path": "a.yml" }), "nowhere"),
    ] {
        let error = house.error(action, inputs).await;
        assert_eq!(error.code(), ErrorCode::ResourceNotFound, "{action}: {error:?}");
        assert!(error.message().contains(named), "{action}: {}", error.message());
    }
    let gone = house.error("runPipeline", json!({ "pipeline": "site", "branch": "gone" })).await;
    assert!(matches!(gone.code(), ErrorCode::ServiceRejected | ErrorCode::ResourceNotFound), "{gone:?}");
    let taken = json!({ "name": "site", "repository": "site", "path": "azure-pipelines.yml" });
    assert_eq!(house.error("createPipeline", taken).await.code(), ErrorCode::ResourceConflict);
}

#[tokio::test]
async fn a_pipeline_whose_name_is_a_number_is_found_by_its_folder_and_name() {
    let house = House::connected().await;
    let new = |folder: &str| json!({ "name": "1234", "repository": "site", "path": "/azure-pipelines.yml", "folder": folder });
    house.ok("createPipeline", new("\\")).await;
    house.ok("createPipeline", new("\\team")).await;
    let found = async |reference: &str| {
        let pipeline = house.ok("getPipeline", json!({ "pipeline": reference })).await;
        (text(&pipeline, "name").to_owned(), text(&pipeline, "folder").to_owned())
    };
    assert_eq!(found("\\1234").await, ("1234".to_owned(), "\\".to_owned()));
    assert_eq!(found("team/1234").await, ("1234".to_owned(), "\\team".to_owned()));
    for action in ["getPipeline", "runPipeline", "enablePipeline", "deletePipeline"] {
        let error = house.error(action, json!({ "pipeline": "1234" })).await;
        assert_eq!(error.code(), ErrorCode::ResourceNotFound, "{action}: {error:?}");
        assert!(
            error.message().contains("write \"\\1234\" for a pipeline that is named 1234"),
            "{action}: {error}"
        );
    }
    let error = house.error("getReleasePipeline", json!({ "releasePipeline": "1234" })).await;
    assert!(
        error.message().contains("write \"\\1234\" for a release pipeline that is named 1234"),
        "{error}"
    );
}
