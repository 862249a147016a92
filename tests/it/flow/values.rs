//! Outputs are values of the service: names and paths are complete and unescaped, in the spelling of the service.

use azdo_simulator::Fault;
use azdo_simulator::Organization;
use azdo_simulator::Project;
use serde_json::json;

use crate::flow::support::House;
use crate::flow::support::text;
use crate::flow::support::world;

/// A word with characters that messages escape: a joiner, and a mark that changes the direction
const WORD: &str = "caf\u{200d}e\u{200f}";

#[tokio::test]
async fn a_branch_and_a_path_are_never_shortened_or_escaped() {
    let house = House::connected().await;
    let branch = format!("release/{WORD}");
    let made = house.ok("createBranch", json!({ "repository": "site", "branch": branch })).await;
    assert_eq!(
        (text(&made, "name"), text(&made, "ref")),
        (branch.as_str(), format!("refs/heads/{branch}").as_str())
    );
    let path = format!("/{}/{WORD}.md", vec!["a".repeat(200); 8].join("/"));
    let files = json!({ path.as_str(): "x" });
    let commit = json!({ "repository": "site", "branch": branch, "message": "m", "files": files });
    assert_eq!(text(&house.ok("commitFiles", commit).await, "branch"), format!("refs/heads/{branch}"));
    let file =
        house.ok("getRepositoryFile", json!({ "repository": "site", "branch": branch, "path": path })).await;
    assert_eq!(text(&file, "path"), path);
    let gone = house.ok("deleteBranch", json!({ "repository": "site", "branch": branch })).await;
    assert_eq!(text(&gone, "name"), branch);
}

#[tokio::test]
async fn the_name_of_a_project_is_not_escaped() {
    let name = format!("Fabrikam {WORD}");
    let project = Project::with_site(&name);
    let house = House::with(world().organization(Organization::named("fabrikam").project(project))).await;
    let connected =
        house.connect(&house.root, None, json!({ "projectName": name })).await.expect("it connects");
    assert_eq!(text(&connected.outputs, "projectName"), name);
    let checked = house.ok("checkSession", json!({})).await;
    assert_eq!(text(&checked, "projectName"), name);
}

#[tokio::test]
async fn what_the_service_answered_is_returned_and_not_what_was_sent() {
    let house = House::connected().await;
    const JSON: [(&str, &str); 1] = [("Content-Type", "application/json")];
    let commit = "00000000000000000000000000000000000000aa";
    let answer = json!({ "count": 1, "value": [{ "success": true, "updateStatus": "succeeded", "newObjectId": commit }] });
    house.simulator.fault(Fault::on("POST */refs").answer(200, &JSON, answer.to_string()));
    let made = house.ok("createBranch", json!({ "repository": "site", "branch": "x" })).await;
    assert_eq!(text(&made, "commitId"), commit);
    let answer = json!({ "objectId": "1", "path": "/README.md", "content": "x" });
    house.simulator.fault(Fault::on("GET */items").answer(200, &JSON, answer.to_string()));
    let file = house.ok("getRepositoryFile", json!({ "repository": "site", "path": "/readme.md" })).await;
    assert_eq!(text(&file, "path"), "/README.md");
}

#[tokio::test]
async fn a_text_may_be_as_long_as_the_service_accepts() {
    let house = House::connected().await;
    house.ok("createBranch", json!({ "repository": "site", "branch": "next" })).await;
    let message = format!("First line\n\n{}", "a".repeat(20_000));
    let commit = json!({ "repository": "site", "branch": "next", "message": message, "files": { "a": "b" } });
    house.ok("commitFiles", commit).await;
    house
        .ok("createPullRequest", json!({ "repository": "site", "sourceBranch": "next", "title": "t" }))
        .await;
    house.ok("commentOnPullRequest", json!({ "id": 1, "text": "c".repeat(150_000) })).await;
    let error = house.error("commentOnPullRequest", json!({ "id": 1, "text": "c".repeat(150_001) })).await;
    assert!(error.message().contains("1 to 150,000 characters"), "{error}");
    let text = "d".repeat(1_048_576);
    house.ok("createWorkItem", json!({ "type": "Bug", "title": "t", "description": text })).await;
}
