//! Branches and repositories: created, changed, deleted, and the outcome of each after a lost response.

use azdo_bot::contract::ErrorCode;
use azdo_bot::contract::Value;
use azdo_simulator::Fault;
use azdo_simulator::PolicyKind;
use azdo_simulator::Project;
use azdo_simulator::Repository;
use azdo_simulator::TokenOptions;
use azdo_simulator::User;
use serde_json::json;

use crate::flow::support::House;
use crate::flow::support::text;

fn names(list: Option<&Value>) -> Vec<String> {
    let Some(Value::List(list)) = list else { panic!("a list") };
    list.iter().map(|one| text(one.as_dictionary().expect("an entry"), "name").to_owned()).collect()
}

#[tokio::test]
async fn a_branch_is_created_listed_and_deleted() {
    let house = House::connected().await;
    let branch = |name: &str| json!({ "repository": "site", "branch": name });
    let made = house.ok("createBranch", branch("release/7")).await;
    assert_eq!((text(&made, "name"), text(&made, "ref")), ("release/7", "refs/heads/release/7"));
    let from = json!({ "repository": "site", "branch": "release/8", "fromBranch": "release/7" });
    let second = house.ok("createBranch", from).await;
    assert_eq!(text(&second, "commitId"), text(&made, "commitId"));
    let commit = json!({ "repository": "site", "branch": "topic", "fromCommit": text(&made, "commitId") });
    house.ok("createBranch", commit).await;

    let list = house.ok("listBranches", json!({ "repository": "site", "prefix": "release/" })).await;
    assert_eq!(names(list.get("branches")), ["release/7", "release/8"]);
    let cut = house.ok("listBranches", json!({ "repository": "site", "limit": 2 })).await;
    assert_eq!((names(cut.get("branches")).len(), cut.get("more")), (2, Some(&Value::from(true))));

    let gone = house.ok("deleteBranch", branch("release/7")).await;
    assert_eq!(text(&gone, "commitId"), text(&made, "commitId"));
    let error = house.error("deleteBranch", branch("release/7")).await;
    assert_eq!(error.code(), ErrorCode::ResourceNotFound);
    assert!(error.help_text().contains("\"release/8\""), "{}", error.help_text());
}

#[tokio::test]
async fn a_refusal_with_status_200_is_not_a_success() {
    let policy = PolicyKind::Comments.on_main();
    let site = Repository::named("site").file("/a", "a").file_on("topic", "/b", "b").policy(policy);
    let organization = azdo_simulator::Organization::named("fabrikam")
        .user(User::named("Bot Runner"))
        .user(User::named("Reader").without(azdo_simulator::Permission::CreateBranch))
        .token(TokenOptions::full().for_user("Reader").named("reader"))
        .project(Project::named("Fabrikam").repository(site));
    let house = House::with(crate::flow::support::world().organization(organization)).await;
    house.connect_root().await;
    let branch = |name: &str| json!({ "repository": "site", "branch": name });
    let rows = [
        ("createBranch", branch("topic"), ErrorCode::ResourceConflict, "exists already"),
        (
            "createBranch",
            branch("topic/deeper"),
            ErrorCode::ResourceConflict,
            "conflicts with another branch",
        ),
        ("deleteBranch", branch("main"), ErrorCode::PermissionDenied, "policy"),
        (
            "createBranch",
            json!({ "repository": "site", "branch": "x", "fromCommit": "1".repeat(40) }),
            ErrorCode::ResourceNotFound,
            "commit",
        ),
        (
            "createBranch",
            json!({ "repository": "site", "branch": "x", "fromBranch": "topci" }),
            ErrorCode::ResourceNotFound,
            "topci",
        ),
        (
            "createBranch",
            json!({ "repository": "sight", "branch": "x" }),
            ErrorCode::ResourceNotFound,
            "sight",
        ),
        ("createBranch", branch("refs/tags/x"), ErrorCode::InputInvalid, "refs/tags/x"),
    ];
    for (action, inputs, code, words) in rows {
        let error = house.error(action, inputs.clone()).await;
        assert_eq!(error.code(), code, "{action} {inputs}: {error:?}");
        assert!(error.message().contains(words), "{action} {inputs}: {error}");
    }
    let token = house.simulator.token_named("fabrikam", "reader").expect("it was made");
    let reader = house.child();
    let inputs = json!({ "personalAccessToken": { "insecure": token } });
    house.connect(&reader, None, inputs).await.expect("it connects");
    let error = house.execute(&reader, "createBranch", branch("new")).await.expect_err("it may not").error;
    assert_eq!(error.code(), ErrorCode::PermissionDenied);
    assert!(error.message().contains("Create branch"), "{error}");
}

#[tokio::test]
async fn a_lost_response_is_settled_by_the_push_or_by_the_deletion() {
    let house = House::connected().await;
    let branch = json!({ "repository": "site", "branch": "topic" });
    for action in ["createBranch", "deleteBranch"] {
        house.simulator.clear_journal();
        house.simulator.fault(Fault::on("POST *").lose_answer());
        let done = house.ok(action, branch.clone()).await;
        assert_eq!(text(&done, "name"), "topic", "{action}");
        let posts = house.requests().iter().filter(|request| request.starts_with("POST")).count();
        assert_eq!(posts, 1, "{action}");
    }
    // A response of a gateway; the service never got the request.
    house.simulator.fault(Fault::on("POST *").answer(502, &[], "<html>"));
    let error = house.error("createBranch", branch.clone()).await;
    assert_eq!(error.code(), ErrorCode::ServiceOutcomeUnknown);
}

#[tokio::test]
async fn a_repository_is_renamed_disabled_and_enabled() {
    let house = House::connected().await;
    house.ok("createBranch", json!({ "repository": "site", "branch": "next" })).await;
    let inputs = json!({ "repository": "site", "newName": "web", "defaultBranch": "next" });
    let renamed = house.ok("updateRepository", inputs).await;
    assert_eq!((text(&renamed, "name"), text(&renamed, "defaultBranch")), ("web", "refs/heads/next"));
    let disabled = house.ok("updateRepository", json!({ "repository": "web", "isDisabled": true })).await;
    assert_eq!(disabled.get("isDisabled"), Some(&Value::from(true)));
    let error = house.error("listBranches", json!({ "repository": "web" })).await;
    assert_eq!(error.code(), ErrorCode::ResourceNotFound);
    house.ok("updateRepository", json!({ "repository": "web", "isDisabled": false })).await;

    for (inputs, code) in [
        (json!({ "repository": "web" }), ErrorCode::InputInvalid),
        (json!({ "repository": "wbe", "newName": "x" }), ErrorCode::ResourceNotFound),
        (json!({ "repository": "web", "defaultBranch": "gone" }), ErrorCode::ResourceNotFound),
    ] {
        assert_eq!(house.error("updateRepository", inputs.clone()).await.code(), code, "{inputs}");
    }
    house.ok("createRepository", json!({ "name": "other" })).await;
    let taken = house.error("updateRepository", json!({ "repository": "other", "newName": "web" })).await;
    assert_eq!(taken.code(), ErrorCode::ResourceConflict);
    house.simulator.fault(Fault::on("PATCH *").lose_answer());
    let lost = house.ok("updateRepository", json!({ "repository": "other", "newName": "another" })).await;
    assert_eq!(text(&lost, "name"), "another", "the requested name is set");
}

#[tokio::test]
async fn a_repository_is_deleted_only_by_its_exact_name() {
    let house = House::connected().await;
    let error = house.error("deleteRepository", json!({ "repository": "SITE" })).await;
    assert_eq!(error.code(), ErrorCode::InputInvalid);
    assert!(error.message().contains("\"site\""), "{error}");
    let error = house.error("deleteRepository", json!({ "repository": "sit" })).await;
    assert_eq!(error.code(), ErrorCode::ResourceNotFound);
    assert!(error.help_text().contains("\"site\""), "{}", error.help_text());
    house.simulator.fault(Fault::on("DELETE *").lose_answer());
    let deleted = house.ok("deleteRepository", json!({ "repository": "site" })).await;
    assert_eq!(deleted.get("inRecycleBin"), Some(&Value::from(true)));
    assert_eq!(
        house.error("getRepository", json!({ "repository": "site" })).await.code(),
        ErrorCode::ResourceNotFound
    );
}

#[tokio::test]
async fn a_repository_is_forked_or_imported() {
    let house = House::connected().await;
    let fork = house.ok("createRepository", json!({ "name": "fork", "forkOf": "site" })).await;
    assert_eq!(text(&fork, "defaultBranch"), "refs/heads/main");
    let near = house.error("createRepository", json!({ "name": "x", "forkOf": "sites" })).await;
    assert!(near.help_text().contains("\"site\""), "{}", near.help_text());
    let inputs = json!({ "name": "copy", "sourceUrl": "https://git.example.com/a/_git/site" });
    let imported = house.ok("importRepository", inputs).await;
    assert_eq!(text(&imported, "defaultBranch"), "refs/heads/main");
    let inputs = json!({ "name": "away", "sourceUrl": "https://nowhere.invalid/a" });
    let error = house.error("importRepository", inputs).await;
    assert_eq!(error.code(), ErrorCode::ServiceRejected);
    assert!(error.message().contains("nowhere.invalid") && error.help_text().contains("\"away\""), "{error}");
    house.simulator.fault(Fault::on("POST *importRequests").lose_answer());
    let inputs = json!({ "name": "lost", "sourceUrl": "https://git.example.com/b" });
    assert_eq!(text(&house.ok("importRepository", inputs).await, "defaultBranch"), "refs/heads/main");
}

#[tokio::test]
async fn a_repository_after_a_lost_response_is_named_and_not_returned() {
    let house = House::connected().await;
    house.simulator.fault(Fault::on("POST *").lose_answer());
    let error = house.error("createRepository", json!({ "name": "perhaps" })).await;
    assert_eq!(error.code(), ErrorCode::ServiceOutcomeUnknown);
    let candidates = error.context_value("candidates").expect("it is there");
    assert!(candidates.contains("perhaps") && candidates.contains("_git/perhaps"), "{candidates}");
}
