//! Builds and build definitions.

use azure_devops_rust_api::build::models::Build;
use azure_devops_rust_api::build::models::BuildDefinition;
use azure_devops_rust_api::build::models::Folder;
use azure_devops_rust_api::build::models::NewRetentionLease;
use serde_json::Value;
use serde_json::json;

use crate::ORGANIZATION;
use crate::PROJECT;
use crate::body;
use crate::client;
use crate::does_not_pass;
use crate::number;
use crate::pipelines::site;
use crate::pipelines::start;
use crate::refused_as;
use crate::seen;
use crate::text;

/// A run after its end.
async fn finished() -> i32 {
    let run = start(PROJECT).await;
    for _ in 0..5 {
        let build = seen(client!(build).builds_client().get(ORGANIZATION, PROJECT, run).await);
        if build["status"] == "completed" {
            assert_eq!(build["result"], "succeeded");
            return run;
        }
    }
    panic!("the run goes on");
}

#[tokio::test]
async fn a_definition_and_its_revisions() {
    let definitions = client!(build).definitions_client();
    let id = site(PROJECT).await;
    let found = seen(definitions.get(ORGANIZATION, PROJECT, id).await);
    assert_eq!((&found["name"], &found["queueStatus"]), (&json!("site"), &json!("enabled")));
    let revisions = seen(definitions.get_definition_revisions(ORGANIZATION, PROJECT, id).await);
    assert_eq!(revisions["value"].as_array().map(Vec::len), Some(1));
    let missing = definitions.get(ORGANIZATION, PROJECT, 9999).await;
    refused_as(missing, 404, "DefinitionNotFoundException");
}

#[tokio::test]
async fn a_new_definition() {
    let definitions = client!(build).definitions_client();
    let mut definition = seen(definitions.get(ORGANIZATION, PROJECT, site(PROJECT).await).await);
    definition["name"] = json!("rust-definition");
    let made = definitions.create(ORGANIZATION, body::<BuildDefinition>(definition), PROJECT).await;
    does_not_pass(
        "a new build definition",
        "the client sends its process without the file, to every service",
        made,
    );
}

#[tokio::test]
async fn a_run_is_found_and_cancelled() {
    let builds = client!(build).builds_client();
    let run = start(PROJECT).await;
    let mut build = seen(builds.get(ORGANIZATION, PROJECT, run).await);
    assert_eq!(build["definition"]["name"], "site");
    build["status"] = json!("cancelling");
    let cancelled = builds.update_build(ORGANIZATION, body::<Build>(build), PROJECT, run).await;
    assert_eq!(seen(cancelled)["status"], "cancelling");
    let listed = seen(builds.list(ORGANIZATION, PROJECT).definitions(site(PROJECT).await.to_string()).await);
    let all: Vec<&Value> = listed["value"].as_array().into_iter().flatten().map(|one| &one["id"]).collect();
    assert!(all.contains(&&json!(run)), "{listed}");
}

#[tokio::test]
async fn a_run_is_queued() {
    let builds = client!(build).builds_client();
    let template = seen(builds.get(ORGANIZATION, PROJECT, start(PROJECT).await).await);
    let queued = seen(builds.queue(ORGANIZATION, body::<Build>(template), PROJECT).await);
    assert_eq!(
        (&queued["status"], &queued["sourceBranch"]),
        (&json!("notStarted"), &json!("refs/heads/main"))
    );
}

#[tokio::test]
async fn a_missing_run() {
    let missing = client!(build).builds_client().get(ORGANIZATION, PROJECT, 9999).await;
    refused_as(missing, 404, "BuildNotFoundException");
}

#[tokio::test]
async fn logs_timeline_changes_and_report() {
    let client = client!(build);
    let run = finished().await;
    let builds = client.builds_client();
    let logs = seen(builds.get_build_logs(ORGANIZATION, PROJECT, run).await);
    let log = number(&logs["value"][0], "id");
    let read = builds
        .get_build_log(ORGANIZATION, PROJECT, run, log)
        .send()
        .await
        .expect("a log")
        .into_raw_response();
    let (_, _, content) = read.deconstruct();
    assert!(!content.is_empty());
    let changes = seen(builds.get_build_changes(ORGANIZATION, PROJECT, run).await);
    // The commits since the run before, of which there may be none.
    assert!(changes["value"].is_null() || changes["value"][0]["type"] == "TfsGit", "{changes}");
    assert_eq!(seen(client.report_client().get(ORGANIZATION, PROJECT, run).await)["buildId"], run);
    let artifacts = seen(client.artifacts_client().list(ORGANIZATION, PROJECT, run).await);
    assert_eq!(artifacts["value"], Value::Null, "there are none");
}

#[tokio::test]
async fn tags() {
    let added = client!(build).tags_client();
    let added = added.add_build_tags(ORGANIZATION, vec!["rust".to_owned()], PROJECT, finished().await).await;
    let reason = "the client requires a list without `count` and `value`, which the service does not send";
    does_not_pass("a tag of a build", reason, added);
}

#[tokio::test]
async fn leases() {
    let client = client!(build);
    let run = finished().await;
    let lease = json!({ "daysValid": 7, "definitionId": site(PROJECT).await, "ownerId": "rust",
        "protectPipeline": false, "runId": run });
    let leases = client.leases_client();
    let made = seen(leases.add(ORGANIZATION, vec![body::<NewRetentionLease>(lease)], PROJECT).await);
    assert_eq!(made["value"][0]["ownerId"], "rust");
    let held = seen(client.builds_client().get_retention_leases_for_build(ORGANIZATION, PROJECT, run).await);
    assert_eq!(held["value"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn folders() {
    let folders = client!(build).folders_client();
    let folder = |path: &str| body::<Folder>(json!({ "path": path, "description": "d" }));
    let made = seen(folders.create(ORGANIZATION, folder("\\rust"), PROJECT, "rust").await);
    assert_eq!(text(&made, "path"), "\\rust");
    let listed = seen(folders.list(ORGANIZATION, PROJECT, "rust").await);
    assert_eq!(listed["value"][0]["description"], "d");
    folders.delete(ORGANIZATION, PROJECT, "rust").await.expect("it is deleted");
    let gone = folders.update(ORGANIZATION, folder("\\rust"), PROJECT, "rust").await;
    refused_as(gone, 404, "FolderNotFoundException");
}
