//! Release definitions, releases and their approvals.

use azure_devops_rust_api::release::Client;
use azure_devops_rust_api::release::models::ReleaseApproval;
use azure_devops_rust_api::release::models::ReleaseDefinition;
use azure_devops_rust_api::release::models::ReleaseEnvironmentUpdateMetadata;
use azure_devops_rust_api::release::models::ReleaseStartMetadata;
use azure_devops_rust_api::release::models::ReleaseUpdateMetadata;
use serde_json::Value;
use serde_json::json;

use crate::ORGANIZATION;
use crate::PROJECT;
use crate::body;
use crate::client;
use crate::number;
use crate::pipelines::site;
use crate::pipelines::start;
use crate::refused_as;
use crate::seen;
use crate::text;

/// Creates a definition with one stage, which waits for the caller if it has an approver.
async fn definition(client: &Client, name: &str, approver: Option<String>) -> Value {
    let step = match approver {
        Some(id) => json!({ "rank": 1, "isAutomated": false, "approver": { "id": id } }),
        None => json!({ "rank": 1, "isAutomated": true }),
    };
    let stage = json!({ "name": "Test", "preDeployApprovals": { "approvals": [step] },
        "retentionPolicy": { "daysToKeep": 30, "releasesToKeep": 3, "retainBuild": true } });
    let artifact = json!({ "alias": "site", "type": "Build", "isPrimary": true,
        "definitionReference": { "definition": { "id": site(PROJECT).await.to_string(), "name": "site" } } });
    let given = json!({ "name": name, "environments": [stage], "artifacts": [artifact] });
    seen(client.definitions_client().create(ORGANIZATION, body::<ReleaseDefinition>(given), PROJECT).await)
}

async fn release(client: &Client, definition: &Value) -> Value {
    let run = start(PROJECT).await;
    let given = json!({ "definitionId": definition["id"],
        "artifacts": [{ "alias": "site", "instanceReference": { "id": run.to_string() } }] });
    seen(client.releases_client().create(ORGANIZATION, body::<ReleaseStartMetadata>(given), PROJECT).await)
}

#[tokio::test]
async fn a_definition_is_created_changed_and_deleted() {
    let client = client!(release);
    let definitions = client.definitions_client();
    let mut made = definition(&client, "rust", None).await;
    let id = number(&made, "id");
    made["name"] = json!("rust-2");
    let changed = seen(definitions.update(ORGANIZATION, body::<ReleaseDefinition>(made), PROJECT).await);
    assert_eq!((&changed["name"], &changed["revision"]), (&json!("rust-2"), &json!(2)));
    let listed = seen(definitions.list(ORGANIZATION, PROJECT).search_text("rust-2").await);
    assert_eq!(number(&listed["value"][0], "id"), id);
    let history = seen(definitions.get_release_definition_history(ORGANIZATION, PROJECT, id).await);
    assert_eq!(history["value"].as_array().map(Vec::len), Some(2));
    definitions.delete(ORGANIZATION, PROJECT, id).await.expect("it is deleted");
    let gone = definitions.get(ORGANIZATION, PROJECT, id).await;
    refused_as(gone, 404, "ReleaseDefinitionNotFoundException");
}

#[tokio::test]
async fn a_release_is_deployed_and_abandoned() {
    let client = client!(release);
    let made = definition(&client, "rust-deployed", None).await;
    let release = release(&client, &made).await;
    let (id, stage) = (number(&release, "id"), number(&release["environments"][0], "id"));
    let releases = client.releases_client();
    let deploy = body::<ReleaseEnvironmentUpdateMetadata>(json!({ "status": "inProgress" }));
    let begun = seen(releases.update_release_environment(ORGANIZATION, deploy, PROJECT, id, stage).await);
    assert_eq!(begun["name"], "Test");
    let mut last = Value::Null;
    for _ in 0..5 {
        last = seen(releases.get_release(ORGANIZATION, PROJECT, id).await);
    }
    assert_eq!(last["environments"][0]["status"], "succeeded");
    let one = seen(releases.get_release_environment(ORGANIZATION, PROJECT, id, stage).await);
    assert_eq!(one["status"], "succeeded");
    let abandoned = body::<ReleaseUpdateMetadata>(json!({ "status": "abandoned" }));
    let abandoned = seen(releases.update_release_resource(ORGANIZATION, abandoned, PROJECT, id).await);
    assert_eq!(abandoned["status"], "abandoned");
}

#[tokio::test]
async fn an_approval_is_given() {
    let client = client!(release);
    let users = seen(client!(graph).users_client().list(ORGANIZATION).await);
    let key =
        client!(graph).storage_keys_client().get(text(&users["value"][0], "descriptor"), ORGANIZATION).await;
    let made = definition(&client, "rust-approved", Some(text(&seen(key), "value"))).await;
    let release = release(&client, &made).await;
    let (id, stage) = (number(&release, "id"), number(&release["environments"][0], "id"));
    let deploy = body::<ReleaseEnvironmentUpdateMetadata>(json!({ "status": "inProgress" }));
    seen(client.releases_client().update_release_environment(ORGANIZATION, deploy, PROJECT, id, stage).await);
    let waiting =
        seen(client.approvals_client().list(ORGANIZATION, PROJECT).release_ids_filter(id.to_string()).await);
    let mut approval = waiting["value"][0].clone();
    approval["status"] = json!("approved");
    let number = number(&approval, "id");
    let given = client
        .approvals_client()
        .update(ORGANIZATION, body::<ReleaseApproval>(approval), PROJECT, number)
        .await;
    assert_eq!(seen(given)["status"], "approved");
}

#[tokio::test]
async fn a_missing_release() {
    let missing = client!(release).releases_client().get_release(ORGANIZATION, PROJECT, 9999).await;
    refused_as(missing, 404, "ReleaseNotFoundException");
}
