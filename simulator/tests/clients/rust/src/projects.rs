//! Projects, processes, teams and users.

use azure_devops_rust_api::core::models::TeamProject;
use azure_devops_rust_api::core::models::WebApiTeam;
use serde_json::json;

use crate::ORGANIZATION;
use crate::PROJECT;
use crate::body;
use crate::client;
use crate::names;
use crate::refused;
use crate::refused_as;
use crate::seen;
use crate::text;

#[tokio::test]
async fn projects_are_listed() {
    let projects = client!(core).projects_client();
    let listed = seen(projects.list(ORGANIZATION).await);
    // The simulator's pages have three.
    assert_eq!(listed["value"].as_array().map(Vec::len), Some(3));
    let second = seen(projects.list(ORGANIZATION).skip(3).await);
    assert!(!names(&second).is_empty());
}

#[tokio::test]
async fn a_project_with_its_capabilities() {
    let projects = client!(core).projects_client();
    let found = seen(projects.get(ORGANIZATION, PROJECT).include_capabilities(true).await);
    assert_eq!(found["name"], PROJECT);
    assert_eq!(found["capabilities"]["versioncontrol"]["sourceControlType"], "Git");
    assert_eq!(found["defaultTeam"]["name"], "Fabrikam Team");
}

#[tokio::test]
async fn a_missing_project() {
    let found = client!(core).projects_client().get(ORGANIZATION, "nobodys").await;
    refused_as(found, 404, "ProjectDoesNotExistWithNameException");
}

#[tokio::test]
async fn a_project_is_created_changed_and_deleted() {
    let client = client!(core);
    let projects = client.projects_client();
    let given = json!({ "name": "Made with Rust", "visibility": "private", "capabilities": {
        "versioncontrol": { "sourceControlType": "Git" },
        "processTemplate": { "templateTypeId": "adcc42ab-9882-485e-a3ed-7678f01f66bc" } } });
    let begun = seen(projects.create(ORGANIZATION, body::<TeamProject>(given)).await);
    let operations = client!(operations).operations_client();
    let mut state = text(&begun, "status");
    for _ in 0..3 {
        state = text(&seen(operations.get(text(&begun, "id"), ORGANIZATION).await), "status");
    }
    assert_eq!(state, "succeeded");
    let id = text(&seen(projects.get(ORGANIZATION, "Made with Rust").await), "id");
    let change = json!({ "name": "Made with Rust", "description": "Changed", "visibility": "private" });
    seen(projects.update(ORGANIZATION, body::<TeamProject>(change), &id).await);
    let changed = seen(projects.get(ORGANIZATION, &id).await);
    assert_eq!(changed["description"], "Changed");
    seen(projects.delete(ORGANIZATION, &id).await);
    assert_eq!(refused(projects.get(ORGANIZATION, &id).await).0, 404);
}

#[tokio::test]
async fn a_name_in_use() {
    let given = json!({ "name": PROJECT, "visibility": "private", "capabilities": {
        "versioncontrol": { "sourceControlType": "Git" },
        "processTemplate": { "templateTypeId": "adcc42ab-9882-485e-a3ed-7678f01f66bc" } } });
    let projects = client!(core).projects_client();
    let made = projects.create(ORGANIZATION, body::<TeamProject>(given)).await;
    refused_as(made, 400, "TF200019");
}

#[tokio::test]
async fn processes() {
    let processes = client!(core).processes_client();
    let listed = seen(processes.list(ORGANIZATION).await);
    assert!(names(&listed).contains(&"Agile"), "{listed}");
    let found = seen(processes.get(ORGANIZATION, "adcc42ab-9882-485e-a3ed-7678f01f66bc").await);
    assert_eq!(found["name"], "Agile");
}

#[tokio::test]
async fn teams_and_their_members() {
    let teams = client!(core).teams_client();
    let listed = seen(teams.get_teams(ORGANIZATION, PROJECT).await);
    assert!(names(&listed).contains(&"Fabrikam Team"));
    let members =
        seen(teams.get_team_members_with_extended_properties(ORGANIZATION, PROJECT, "Fabrikam Team").await);
    assert_eq!(members["value"][0]["identity"]["displayName"], "Ann Lee");
    assert!(names(&seen(teams.get_all_teams(ORGANIZATION).await)).contains(&"Fabrikam Team"));
}

#[tokio::test]
async fn a_team_is_created_renamed_and_deleted() {
    let teams = client!(core).teams_client();
    let made =
        seen(teams.create(ORGANIZATION, body::<WebApiTeam>(json!({ "name": "Rust" })), "Archive").await);
    let id = text(&made, "id");
    let change = body::<WebApiTeam>(json!({ "name": "Rust 2" }));
    assert_eq!(seen(teams.update(ORGANIZATION, change, "Archive", &id).await)["name"], "Rust 2");
    teams.delete(ORGANIZATION, "Archive", &id).await.expect("it is deleted");
    assert_eq!(refused(teams.get(ORGANIZATION, "Archive", &id).await).0, 404);
}

#[tokio::test]
async fn users_and_their_descriptors() {
    let graph = client!(graph);
    let listed = seen(graph.users_client().list(ORGANIZATION).await);
    let descriptor = text(&listed["value"][0], "descriptor");
    let found = seen(graph.users_client().get(ORGANIZATION, &descriptor).await);
    assert_eq!(found["displayName"], "Ann Lee");
    let key = seen(graph.storage_keys_client().get(&descriptor, ORGANIZATION).await);
    let again = seen(graph.descriptors_client().get(text(&key, "value"), ORGANIZATION).await);
    assert_eq!(again["value"], descriptor.as_str());
}

#[tokio::test]
async fn a_token_that_is_not_accepted() {
    let projects = client!(core, "simulator-revoked-token".to_owned()).projects_client();
    // This client does not ask for a 401, so the service leads it to the page for signing in.
    assert_eq!(refused(projects.list(ORGANIZATION).await).0, 302);
}

#[tokio::test]
async fn a_token_without_the_scope() {
    let repositories = client!(git, "simulator-token-with-scopes.vso.build".to_owned()).repositories_client();
    assert_eq!(refused(repositories.list(ORGANIZATION, PROJECT).await).0, 302);
}
