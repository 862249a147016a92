//! Git tags: listed, created with and without a message, and deleted.

use azdo_bot::contract::ErrorCode;
use azdo_bot::contract::Value;
use azdo_simulator::Fault;
use azdo_simulator::Permission;
use azdo_simulator::Project;
use azdo_simulator::Repository;
use azdo_simulator::TokenOptions;
use azdo_simulator::User;
use serde_json::json;

use crate::flow::files::column;
use crate::flow::support::House;
use crate::flow::support::text;

#[tokio::test]
async fn a_tag_is_created_listed_read_from_and_deleted() {
    let house = House::connected().await;
    let all = json!({ "repository": "site" });
    assert!(column(&house.ok("listGitTags", all.clone()).await, "tags", "name").is_empty());
    let plain = house.ok("createGitTag", json!({ "repository": "site", "tag": "v1.0" })).await;
    assert_eq!(
        (text(&plain, "ref"), plain.get("isAnnotated")),
        ("refs/tags/v1.0", Some(&Value::from(false)))
    );
    let commit = text(&plain, "commitId");
    let inputs = json!({ "repository": "site", "tag": "refs/tags/v1.1", "fromCommit": commit, "message": "The first" });
    let annotated = house.ok("createGitTag", inputs).await;
    assert_eq!((text(&annotated, "name"), annotated.get("isAnnotated")), ("v1.1", Some(&Value::from(true))));
    house.ok("createGitTag", json!({ "repository": "site", "tag": "next", "fromBranch": "main" })).await;

    let list = house.ok("listGitTags", all.clone()).await;
    assert_eq!(column(&list, "tags", "name"), ["next", "v1.0", "v1.1"]);
    assert_eq!(column(&list, "tags", "commitId"), [commit; 3], "an annotated tag has its commit too");
    let first = house.ok("listGitTags", json!({ "repository": "site", "prefix": "v1.", "limit": 1 })).await;
    assert_eq!(
        (column(&first, "tags", "name"), first.get("more")),
        (vec!["v1.0".to_owned()], Some(&Value::from(true)))
    );
    for tag in ["v1.0", "v1.1"] {
        let read =
            json!({ "repository": "site", "path": "/README.md", "branch": format!("refs/tags/{tag}") });
        assert_eq!(text(&house.ok("getRepositoryFile", read).await, "path"), "/README.md");
    }

    for tag in ["v1.0", "v1.1"] {
        let gone = house.ok("deleteGitTag", json!({ "repository": "site", "tag": tag })).await;
        assert_eq!(text(&gone, "commitId"), commit);
    }
    assert_eq!(column(&house.ok("listGitTags", all).await, "tags", "name"), ["next"]);
    let branches = house.ok("listBranches", json!({ "repository": "site" })).await;
    assert_eq!(column(&branches, "branches", "name"), ["main"], "a tag is no branch");
}

#[tokio::test]
async fn a_tag_that_exists_or_does_not_is_named() {
    let house = House::connected().await;
    house.ok("createGitTag", json!({ "repository": "site", "tag": "v1.0" })).await;
    for message in [None, Some("Again")] {
        let mut inputs = json!({ "repository": "site", "tag": "v1.0" });
        if let Some(message) = message {
            inputs["message"] = message.into();
        }
        let error = house.error("createGitTag", inputs).await;
        assert_eq!(error.code(), ErrorCode::ResourceConflict, "{error:?}");
        assert!(error.message().contains("tag \"v1.0\""), "{error}");
    }
    let error = house.error("deleteGitTag", json!({ "repository": "site", "tag": "v1.00" })).await;
    assert_eq!(error.code(), ErrorCode::ResourceNotFound, "{error:?}");
    assert!(error.message().contains("no tag \"v1.00\""), "{error}");
    assert!(error.help_text().contains("\"v1.0\""), "{}", error.help_text());
    let branch = json!({ "repository": "site", "tag": "v2", "fromBranch": "mian" });
    let error = house.error("createGitTag", branch).await;
    assert!(error.help_text().contains("\"main\""), "{}", error.help_text());
    let unknown = json!({ "repository": "site", "tag": "v2", "fromCommit": "0123456789".repeat(4) });
    assert_eq!(house.error("createGitTag", unknown.clone()).await.code(), ErrorCode::ResourceNotFound);
    let mut with_message = unknown;
    with_message["message"] = "The second".into();
    assert_eq!(house.error("createGitTag", with_message).await.code(), ErrorCode::ResourceNotFound);
    let near = house.error("listGitTags", json!({ "repository": "sight" })).await;
    assert!(near.help_text().contains("\"site\""), "{}", near.help_text());
}

#[tokio::test]
async fn a_user_without_the_permission_is_refused_in_words() {
    let site = Repository::named("site").file("/a", "a");
    let organization = azdo_simulator::Organization::named("fabrikam")
        .user(User::named("Bot Runner"))
        .user(User::named("Reader").without(Permission::CreateTag))
        .token(TokenOptions::full().for_user("Reader").named("reader"))
        .project(Project::named("Fabrikam").repository(site));
    let house = House::with(crate::flow::support::world().organization(organization)).await;
    let token = house.simulator.token_named("fabrikam", "reader").expect("the token is there");
    let inputs = json!({ "personalAccessToken": { "insecure": token } });
    house.connect(&house.root, None, inputs).await.expect("it connects");
    for inputs in [
        json!({ "repository": "site", "tag": "v1.0" }),
        json!({ "repository": "site", "tag": "v1.0", "message": "The first" }),
    ] {
        let error = house.error("createGitTag", inputs).await;
        assert_eq!(error.code(), ErrorCode::PermissionDenied, "{error:?}");
        assert!(error.message().contains("tag"), "{error}");
    }
}

#[tokio::test]
async fn a_lost_response_about_a_tag_is_settled() {
    for (action, inputs) in [
        ("createGitTag", json!({ "repository": "site", "tag": "v1.0" })),
        ("createGitTag", json!({ "repository": "site", "tag": "v1.0", "message": "The first" })),
        ("deleteGitTag", json!({ "repository": "site", "tag": "v0.9" })),
    ] {
        let house = House::connected().await;
        house.ok("createGitTag", json!({ "repository": "site", "tag": "v0.9" })).await;
        house.simulator.fault(Fault::on("POST *").lose_answer());
        house.simulator.clear_journal();
        house.ok(action, inputs).await;
        let posts = house.requests().iter().filter(|request| request.starts_with("POST")).count();
        assert_eq!(posts, 1, "{action}: the change is not sent again");
    }
}
