//! Areas of the client that the simulator does not have.

use azure_devops_rust_api::git::models::GitAsyncRefOperationParameters;
use serde_json::json;

use crate::ORGANIZATION;
use crate::PROJECT;
use crate::body;
use crate::client;
use crate::does_not_pass;

#[tokio::test]
async fn cherry_picks() {
    let parameters = json!({ "ontoRefName": "refs/heads/main", "generatedRefName": "refs/heads/picked",
        "source": { "commitList": [{ "commitId": "1".repeat(40) }] } });
    let picked = client!(git).cherry_picks_client();
    let picked = picked
        .create(ORGANIZATION, body::<GitAsyncRefOperationParameters>(parameters), PROJECT, "site")
        .await;
    does_not_pass("a cherry-pick", "cherry-picks and reverts are not imitated", picked);
}

#[tokio::test]
async fn groups() {
    let groups = client!(graph).groups_client().list(ORGANIZATION).await;
    does_not_pass("groups of users", "graph groups and memberships are not imitated", groups);
}

#[tokio::test]
async fn metrics() {
    let metrics = client!(build).metrics_client().get_project_metrics(ORGANIZATION, PROJECT, "Daily").await;
    does_not_pass("metrics of builds", "badges and metrics of pipelines are not imitated", metrics);
}
