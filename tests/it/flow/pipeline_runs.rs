//! Pipeline runs in progress: stages, growing logs, cancelling, retrying, waiting.

use azdo_bot::contract::ErrorCode;
use azdo_bot::contract::Value;
use azdo_simulator::BuildResult;
use azdo_simulator::Fault;
use azdo_simulator::Script;
use serde_json::json;

use crate::flow::support::House;
use crate::flow::support::Reports;
use crate::flow::support::integer;
use crate::flow::support::releasing;
use crate::flow::support::text;

/// Returns a fixture with a run of the pipeline `release`, whose id is 1
async fn running() -> House {
    let house = House::with(releasing()).await;
    house.connect_root().await;
    assert_eq!(integer(&house.ok("runPipeline", json!({ "pipeline": "release" })).await, "id"), 1);
    house
}

#[tokio::test]
async fn a_wait_can_end_with_a_stage() {
    let house = running().await;
    let built = house.ok("waitForPipelineRun", json!({ "id": 1, "stage": "build" })).await;
    assert_eq!((text(&built, "stageResult"), text(&built, "status")), ("succeeded", "inProgress"));
    let deployed = house.ok("waitForPipelineRun", json!({ "id": 1, "stage": "Deploy" })).await;
    assert_eq!(text(&deployed, "stageResult"), "failed");
    let error = house.error("waitForPipelineRun", json!({ "id": 1, "stage": "Depoly" })).await;
    assert_eq!(error.code(), ErrorCode::ResourceNotFound);
    assert!(error.message().contains("Build, Deploy"), "{}", error.message());
}

#[tokio::test]
async fn stages_can_be_skipped() {
    let house = House::with(releasing()).await;
    house.connect_root().await;
    house.ok("runPipeline", json!({ "pipeline": "release", "stagesToSkip": ["Deploy"] })).await;
    let deploy = house.ok("waitForPipelineRun", json!({ "id": 1, "stage": "Deploy" })).await;
    assert_eq!(text(&deploy, "stageResult"), "skipped");
    assert_eq!(text(&house.ok("waitForPipelineRun", json!({ "id": 1 })).await, "result"), "succeeded");
    let error = house.error("runPipeline", json!({ "pipeline": "release", "stagesToSkip": ["Tset"] })).await;
    assert_eq!(error.code(), ErrorCode::ServiceRejected);
}

#[tokio::test]
async fn two_hundred_waits_send_one_request_per_run_and_poll() {
    let house = House::connected().await;
    let endless = Script { not_started: 3, in_progress: 4, result: BuildResult::Succeeded };
    assert!(house.simulator.set_script("fabrikam", "Fabrikam", "site", endless));
    for _ in 0..200 {
        house.ok("runPipeline", json!({ "pipeline": "1" })).await;
    }
    house.simulator.clear_journal();
    let waits = (1..=200).map(|id| house.execute(&house.root, "waitForPipelineRun", json!({ "id": id })));
    for outcome in futures_util::future::join_all(waits).await {
        // A run advances with each poll: seven states before the last, so eight polls.
        assert_eq!(outcome.expect("it completes").requests, 8);
    }
    assert_eq!(house.journal().len(), 200 * 8);
}

#[tokio::test]
async fn a_run_is_cancelled_also_when_the_response_is_lost() {
    let house = running().await;
    house.simulator.fault(Fault::on("PATCH */build/builds/1").lose_answer());
    let run = house.ok("cancelPipelineRun", json!({ "id": 1 })).await;
    assert_eq!(text(&run, "status"), "cancelling");
    let run = house.ok("waitForPipelineRun", json!({ "id": 1 })).await;
    assert_eq!(text(&run, "result"), "canceled");
    assert_eq!(
        house.error("cancelPipelineRun", json!({ "id": 1 })).await.code(),
        ErrorCode::ResourceConflict
    );
    assert_eq!(
        house.error("cancelPipelineRun", json!({ "id": 7 })).await.code(),
        ErrorCode::ResourceNotFound
    );

    house.ok("runPipeline", json!({ "pipeline": "release" })).await;
    house.simulator.fault(Fault::on("PATCH */build/builds/2").refuse());
    let error = house.error("cancelPipelineRun", json!({ "id": 2 })).await;
    assert_eq!(error.code(), ErrorCode::ServiceOutcomeUnknown, "it still runs, and may be cancelled later");
}

#[tokio::test]
async fn a_failed_stage_is_retried_once_and_a_lost_response_stays_unknown() {
    let house = running().await;
    let retry = json!({ "id": 1, "stage": "Deploy" });
    assert_eq!(
        house.error("retryStage", retry.clone()).await.code(),
        ErrorCode::ServiceRejected,
        "it still runs"
    );
    house.ok("waitForPipelineRun", json!({ "id": 1 })).await;
    house.simulator.clear_journal();
    house.simulator.fault(Fault::on("PATCH */stages/Deploy").lose_answer());
    // The service shows neither the user who retried it nor the retried jobs.
    let error = house.error("retryStage", retry.clone()).await;
    assert_eq!(error.code(), ErrorCode::ServiceOutcomeUnknown);
    let candidates = error.context_value("candidates").expect("it is named");
    assert!(candidates.contains("\"Deploy\" of the pipeline run 1: http"), "{candidates}");
    assert_eq!(house.journal().iter().filter(|entry| entry.method == "PATCH").count(), 1);
    assert_eq!(text(&house.ok("waitForPipelineRun", json!({ "id": 1 })).await, "result"), "succeeded");
    let error = house.error("retryStage", json!({ "id": 1, "stage": "Depoly" })).await;
    assert_eq!(error.code(), ErrorCode::ResourceNotFound);
    house.simulator.fault(Fault::on("PATCH */stages/Deploy").refuse());
    assert_eq!(house.error("retryStage", retry).await.code(), ErrorCode::ServiceOutcomeUnknown);
}

#[tokio::test]
async fn logs_are_read_as_they_grow_each_line_once() {
    for first in [0, 1] {
        let house = House::with(releasing().switches(|switches| switches.first_log_line = first)).await;
        house.connect_root().await;
        house.ok("runPipeline", json!({ "pipeline": "release" })).await;
        let reports = Reports::default();
        let follow = json!({ "id": 1, "follow": true, "lines": 2 });
        let outcome =
            house.watch(&house.root, "readPipelineRunLogs", follow, &reports).await.expect("it ends");
        let lines: Vec<String> = reports
            .lines()
            .iter()
            .filter_map(|line| line.split_once(' '))
            .map(|(_, rest)| rest.to_owned())
            .collect();
        assert_eq!(lines, ["compiling", "linking", "done", "no room left"], "lines are counted from {first}");
        assert_eq!((text(&outcome.outputs, "result"), integer(&outcome.outputs, "lineCount")), ("failed", 4));
        let kept: Vec<&str> = text(&outcome.outputs, "text").lines().collect();
        assert!(
            kept.len() == 2 && kept[0].ends_with(" done") && kept[1].ends_with(" no room left"),
            "{kept:?}"
        );
        let error = house.error("readPipelineRunLogs", json!({ "id": 1, "stage": "Deplyo" })).await;
        assert_eq!(
            (error.code(), error.context_value("near")),
            (ErrorCode::ResourceNotFound, Some("\"Deploy\""))
        );
        let one = house.ok("readPipelineRunLogs", json!({ "id": 1, "stage": "Deploy" })).await;
        assert_eq!(integer(&one, "lineCount"), 1);
    }
    let house = House::connected().await;
    assert_eq!(
        house.error("readPipelineRunLogs", json!({ "id": 7 })).await.code(),
        ErrorCode::ResourceNotFound
    );
}

#[tokio::test]
async fn runs_are_listed_by_all_filters() {
    let house = House::with(releasing()).await;
    house.connect_root().await;
    for pipeline in ["site", "release", "site"] {
        house.ok("runPipeline", json!({ "pipeline": pipeline })).await;
    }
    house.ok("waitForPipelineRun", json!({ "id": 2 })).await;
    house.ok("cancelPipelineRun", json!({ "id": 3 })).await;
    let ids = async |inputs: serde_json::Value| -> Vec<i64> {
        let found = house.ok("listPipelineRuns", inputs).await;
        let Some(Value::List(runs)) = found.get("pipelineRuns") else { panic!("a list") };
        runs.iter().map(|run| integer(run.as_dictionary().expect("a run"), "id")).collect()
    };
    assert_eq!(ids(json!({})).await, [3, 2, 1]);
    assert_eq!(ids(json!({ "limit": 1 })).await, [3]);
    assert_eq!(ids(json!({ "pipeline": "site" })).await, [3, 1]);
    assert_eq!(ids(json!({ "result": "FAILED" })).await, [2]);
    assert_eq!(ids(json!({ "status": "CANCELLING" })).await, [3]);
    assert_eq!(ids(json!({ "branch": "main", "requestedFor": "Bot Runner" })).await, [3, 2, 1]);
    assert_eq!(ids(json!({ "branch": "topic" })).await, [0_i64; 0]);
    assert_eq!(ids(json!({ "requestedFor": "Unknown" })).await, [0_i64; 0]);
    assert_eq!(ids(json!({ "from": "2999-01-01" })).await, [0_i64; 0]);
    assert_eq!(ids(json!({ "to": "2999-01-01", "from": "2020-01-01" })).await, [3, 2, 1]);
    assert_eq!(ids(json!({ "tags": ["nightly"] })).await, [0_i64; 0]);
    let raw = house.ok("getPipelineRun", json!({ "id": 2, "includeRaw": true })).await;
    assert!(raw["raw"].as_dictionary().is_some_and(|raw| raw.contains_key("buildNumber")));
    let error = house.error("listPipelineRuns", json!({ "pipeline": "relaese" })).await;
    assert_eq!(error.code(), ErrorCode::ResourceNotFound);
    assert_eq!(error.context_value("near"), Some("\"release\""));
}

/// Commits a pipeline file whose parameter `regions` is a list and whose parameter `labels` is a mapping
async fn with_object_parameters(house: &House) {
    let file = "parameters:\n- name: regions\n  type: object\n- name: labels\n  type: object\n  default: {}\n\
                - name: dryRun\n  type: boolean\n  default: false\nsteps:\n- script: echo\n";
    let commit = json!({ "repository": "site", "branch": "main", "message": "m", "files": { "/azure-pipelines.yml": file } });
    house.ok("commitFiles", commit).await;
}

#[tokio::test]
async fn a_template_parameter_can_be_a_list_or_a_dictionary() {
    let house = House::connected().await;
    with_object_parameters(&house).await;
    let values = json!({ "regions": ["west", { "name": "north", "size": 2 }], "labels": { "b": "1", "a": [true, null] }, "dryRun": true });
    house.ok("runPipeline", json!({ "pipeline": "site", "templateParameters": values })).await;
    house
        .ok("runPipeline", json!({ "pipeline": "site", "templateParameters": { "regions": "[west]" } }))
        .await;
    let plain = json!({ "pipeline": "site", "templateParameters": { "regions": "west" } });
    let error = house.error("runPipeline", plain).await;
    assert!(error.message().contains("'regions' parameter is not a valid Object"), "{error}");
    let nothing = json!({ "pipeline": "site", "templateParameters": { "regions": null } });
    let error = house.error("runPipeline", nothing).await;
    assert!(error.message().contains("a list or a dictionary, got nothing"), "{error}");

    house.simulator.fault(Fault::on("POST */runs").lose_answer());
    let found = house.ok("runPipeline", json!({ "pipeline": "site", "templateParameters": values })).await;
    assert_eq!(integer(&found, "id"), 3, "the run with the same values is found");
}

#[tokio::test]
async fn a_started_run_has_the_branch_and_the_commit_that_the_service_chose() {
    let house = House::connected().await;
    let tip = house.ok("listBranches", json!({ "repository": "site", "prefix": "main" })).await;
    let Some(Value::List(branches)) = tip.get("branches") else { panic!("branches") };
    let commit = text(branches[0].as_dictionary().expect("a branch"), "commitId").to_owned();
    for inputs in [json!({ "pipeline": "site" }), json!({ "pipeline": "site", "branch": "main" })] {
        let run = house.ok("runPipeline", inputs).await;
        assert_eq!((text(&run, "branch"), text(&run, "commitId")), ("refs/heads/main", commit.as_str()));
    }
}
