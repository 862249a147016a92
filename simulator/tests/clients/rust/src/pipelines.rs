//! Pipelines, their runs and the approvals of these.

use azure_devops_rust_api::approvals_and_checks::models::ApprovalStatus;
use azure_devops_rust_api::approvals_and_checks::models::ApprovalUpdateParameters;
use azure_devops_rust_api::pipelines::models::CreatePipelineParameters;
use azure_devops_rust_api::pipelines::models::RunPipelineParameters;
use serde_json::Value;
use serde_json::json;

use crate::ORGANIZATION;
use crate::PROJECT;
use crate::body;
use crate::client;
use crate::does_not_pass;
use crate::names;
use crate::number;
use crate::refused_as;
use crate::seen;
use crate::text;

/// The number of the pipeline `site` of a project.
pub(crate) async fn site(project: &str) -> i32 {
    let listed = seen(client!(pipelines).pipelines_client().list(ORGANIZATION, project).await);
    let all = listed["value"].as_array().into_iter().flatten();
    number(all.into_iter().find(|one| one["name"] == "site").expect("the pipeline"), "id")
}

/// Starts a run and returns its number.
pub(crate) async fn start(project: &str) -> i32 {
    let runs = client!(pipelines).runs_client();
    let run = runs.run_pipeline(
        ORGANIZATION,
        body::<RunPipelineParameters>(json!({})),
        project,
        site(project).await,
    );
    number(&seen(run.await), "id")
}

#[tokio::test]
async fn pipelines_are_listed_and_found() {
    let pipelines = client!(pipelines).pipelines_client();
    let listed = seen(pipelines.list(ORGANIZATION, PROJECT).await);
    assert!(names(&listed).contains(&"site"), "{listed}");
    let found = seen(pipelines.get(ORGANIZATION, PROJECT, site(PROJECT).await).await);
    assert_eq!((&found["folder"], &found["configuration"]["type"]), (&json!("\\"), &json!("yaml")));
}

#[tokio::test]
async fn a_new_pipeline() {
    let repository = client!(git).repositories_client().get_repository(ORGANIZATION, "site", PROJECT).await;
    let configuration = json!({ "type": "yaml", "path": "/azure-pipelines.yml",
        "repository": { "id": text(&seen(repository), "id"), "type": "azureReposGit" } });
    let given = json!({ "name": "rust-made", "folder": "\\clients", "configuration": configuration });
    let made = client!(pipelines).pipelines_client();
    let made = made.create(ORGANIZATION, body::<CreatePipelineParameters>(given), PROJECT).await;
    let reason = "the client sends the configuration without its path and repository, to every service";
    does_not_pass("a new pipeline", reason, made);
}

#[tokio::test]
async fn a_run_advances_to_its_result() {
    let runs = client!(pipelines).runs_client();
    let (pipeline, run) = (site(PROJECT).await, start(PROJECT).await);
    let mut states = Vec::new();
    for _ in 0..5 {
        states.push(text(&seen(runs.get(ORGANIZATION, PROJECT, pipeline, run).await), "state"));
    }
    assert_eq!(states.last().map(String::as_str), Some("completed"), "{states:?}");
    let last = seen(runs.get(ORGANIZATION, PROJECT, pipeline, run).await);
    assert_eq!(last["result"], "succeeded");
    let listed = seen(runs.list(ORGANIZATION, PROJECT, pipeline).await);
    let all: Vec<&Value> = listed["value"].as_array().into_iter().flatten().map(|one| &one["id"]).collect();
    assert!(all.contains(&&json!(run)), "{listed}");
}

#[tokio::test]
async fn a_preview() {
    let yaml = "steps: [{script: echo}]";
    let given = body::<RunPipelineParameters>(json!({ "previewRun": true, "yamlOverride": yaml }));
    let shown =
        client!(pipelines).preview_client().preview(ORGANIZATION, given, PROJECT, site(PROJECT).await).await;
    assert_eq!(seen(shown)["finalYaml"], yaml);
}

#[tokio::test]
async fn a_pipeline_and_a_run_that_are_missing() {
    let client = client!(pipelines);
    let missing = client.pipelines_client().get(ORGANIZATION, PROJECT, 9999).await;
    refused_as(missing, 404, "PipelineNotFoundException");
    let run = client.runs_client().get(ORGANIZATION, PROJECT, site(PROJECT).await, 9999).await;
    refused_as(run, 404, "NotFound");
}

#[tokio::test]
async fn an_approval_is_given() {
    let run = start("Archive").await;
    for _ in 0..4 {
        seen(client!(build).builds_client().get(ORGANIZATION, "Archive", run).await);
    }
    let approvals = client!(approvals_and_checks).approvals_client();
    // The client's records do not have the run; no other step starts one here.
    let waiting = seen(approvals.query(ORGANIZATION, "Archive").state(ApprovalStatus::Pending).await);
    let pending = text(&waiting["value"][0], "id");
    let decision = body::<ApprovalUpdateParameters>(
        json!({ "approvalId": pending, "status": "approved", "comment": "green" }),
    );
    let given = seen(approvals.update(ORGANIZATION, vec![decision.clone()], "Archive").await);
    assert_eq!(given["value"][0]["status"], "approved");
    let again = approvals.update(ORGANIZATION, vec![decision], "Archive").await;
    refused_as(again, 400, "ApprovalUpdateException");
}
