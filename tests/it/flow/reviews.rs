//! Reviewers and auto-complete of pull requests.

use azdo_bot::contract::Dictionary;
use azdo_bot::contract::ErrorCode;
use azdo_bot::contract::Value;
use azdo_simulator::Fault;
use azdo_simulator::Organization;
use azdo_simulator::PolicyKind;
use azdo_simulator::Project;
use azdo_simulator::Repository;
use azdo_simulator::TokenOptions;
use azdo_simulator::User;
use serde_json::json;

use crate::flow::files::column;
use crate::flow::support::House;
use crate::flow::support::integer;
use crate::flow::support::text;
use crate::flow::support::world;

/// A pull request of `topic`, which an approval of another user completes
async fn house() -> House {
    let site = Repository::named("site").file("/a.md", "a").file_on("topic", "/b.md", "b");
    let site = site.policy(PolicyKind::MinimumReviewers { count: 1 }.on_main());
    let organization = Organization::named("fabrikam")
        .user(User::named("Bot Runner"))
        .user(User::named("Ann Lee"))
        .user(User::named("Ben Roe"))
        .token(TokenOptions::full().for_user("Ann Lee").named("ann"))
        .token(TokenOptions::with_scopes(["vso.code_write"]).for_user("Bot Runner").named("code"))
        .project(Project::named("Fabrikam").repository(site));
    let house = House::with(world().organization(organization)).await;
    house.connect_root().await;
    let request = json!({ "repository": "site", "sourceBranch": "topic", "title": "A change" });
    assert_eq!(integer(&house.ok("createPullRequest", request).await, "id"), 1);
    house
}

async fn reviewers(house: &House) -> Dictionary {
    house.ok("listPullRequestReviewers", json!({ "id": 1 })).await
}

/// Connects a session `name` with the token of that name
async fn connect_as(house: &House, name: &str) {
    let token = house.simulator.token_named("fabrikam", name).expect("the token is there");
    let target = azdo_bot::contract::SessionTarget::Local(crate::flow::support::name(name));
    let inputs = json!({ "personalAccessToken": { "insecure": token } });
    house.connect(&house.root, Some(target), inputs).await.expect("it connects");
}

#[tokio::test]
async fn reviewers_are_added_by_name_mail_or_id_listed_and_removed() {
    let house = house().await;
    assert!(column(&reviewers(&house).await, "reviewers", "name").is_empty(), "none at first");
    let add = |reviewer: &str, is_required: bool| json!({ "id": 1, "reviewer": reviewer, "isRequired": is_required });
    let ann = house.ok("addPullRequestReviewer", add("ann lee", true)).await;
    assert_eq!((text(&ann, "name"), ann.get("isRequired")), ("Ann Lee", Some(&Value::from(true))));
    let ben = house.ok("addPullRequestReviewer", add("ben.roe@fabrikam.example", false)).await;
    assert_eq!((text(&ben, "name"), ben.get("isRequired")), ("Ben Roe", Some(&Value::from(false))));
    assert_eq!(column(&reviewers(&house).await, "reviewers", "name"), ["Ann Lee", "Ben Roe"]);

    house.simulator.clear_journal();
    house.ok("addPullRequestReviewer", add(text(&ben, "id"), false)).await;
    let is_plain = |request: &String| request.starts_with("GET") && !request.contains("identities");
    assert!(house.requests().iter().all(is_plain), "an id is not looked up, and nothing changes");
    let required = house.ok("addPullRequestReviewer", add("Ben Roe", true)).await;
    assert_eq!(required.get("isRequired"), Some(&Value::from(true)));

    let gone = house.ok("removePullRequestReviewer", json!({ "id": 1, "reviewer": "ANN LEE" })).await;
    assert_eq!(text(&gone, "id"), text(&ann, "id"));
    assert_eq!(column(&reviewers(&house).await, "reviewers", "name"), ["Ben Roe"]);
}

#[tokio::test]
async fn a_reviewer_who_is_not_there_is_named_with_similar_names() {
    let house = house().await;
    house.ok("addPullRequestReviewer", json!({ "id": 1, "reviewer": "Ann Lee" })).await;
    for action in ["addPullRequestReviewer", "removePullRequestReviewer"] {
        let error = house.error(action, json!({ "id": 1, "reviewer": "Ann Lea" })).await;
        assert_eq!(error.code(), ErrorCode::ResourceNotFound, "{action}: {error:?}");
        assert!(error.message().contains("Ann Lea"), "{action}: {error}");
        assert!(error.help_text().contains("\"Ann Lee\""), "{action}: {}", error.help_text());
        let error = house.error(action, json!({ "id": 77, "reviewer": "Ann Lee" })).await;
        assert_eq!(error.code(), ErrorCode::ResourceNotFound, "{action}: {error:?}");
        assert!(error.message().contains("77"), "{action}: {error}");
    }
    let error = house.error("listPullRequestReviewers", json!({ "id": 77 })).await;
    assert!(error.message().contains("77"), "{error}");
}

#[tokio::test]
async fn a_lookup_by_name_needs_a_token_scope_that_its_error_names() {
    let house = house().await;
    connect_as(&house, "code").await;
    let inputs = json!({ "session": "code", "id": 1, "reviewer": "Ann Lee" });
    let error = house.error("addPullRequestReviewer", inputs).await;
    assert_eq!(error.code(), ErrorCode::AuthScopeMissing, "{error:?}");
    assert!(format!("{error} {}", error.help_text()).contains("Identity (read)"), "{error:?}");
}

#[tokio::test]
async fn a_reviewer_who_has_voted_keeps_the_vote() {
    let house = house().await;
    connect_as(&house, "ann").await;
    house.ok("voteOnPullRequest", json!({ "session": "ann", "id": 1, "vote": "WAIT_FOR_AUTHOR" })).await;
    let inputs = json!({ "id": 1, "reviewer": "Ann Lee", "isRequired": true });
    let error = house.error("addPullRequestReviewer", inputs).await;
    assert_eq!(error.code(), ErrorCode::ResourceConflict, "{error:?}");
    let same = house.ok("addPullRequestReviewer", json!({ "id": 1, "reviewer": "Ann Lee" })).await;
    assert_eq!(integer(&same, "vote"), -5);
}

#[tokio::test]
async fn auto_complete_waits_for_the_policies_and_can_be_cancelled() {
    let house = house().await;
    connect_as(&house, "ann").await;
    let inputs = json!({ "id": 1, "mergeStrategy": "SQUASH", "deleteSourceBranch": true });
    let set = house.ok("setAutoComplete", inputs.clone()).await;
    assert_eq!((text(&set, "status"), text(&set, "autoCompleteSetBy")), ("active", "Bot Runner"));
    let cancelled = house.ok("cancelAutoComplete", json!({ "id": 1 })).await;
    assert!(!cancelled.contains_key("autoCompleteSetBy"), "{cancelled:?}");
    house.simulator.clear_journal();
    house.ok("cancelAutoComplete", json!({ "id": 1 })).await;
    assert!(house.requests().iter().all(|request| request.starts_with("GET")), "there is nothing to cancel");

    house.ok("setAutoComplete", inputs.clone()).await;
    house.ok("voteOnPullRequest", json!({ "session": "ann", "id": 1, "vote": "APPROVE" })).await;
    for _ in 0..5 {
        house.ok("getPullRequest", json!({ "id": 1 })).await;
    }
    let merged = house.ok("setAutoComplete", inputs).await;
    assert_eq!(text(&merged, "status"), "completed");
    let commits = house.ok("listCommits", json!({ "repository": "site", "limit": 1 })).await;
    assert_eq!(column(&commits, "commits", "commitId"), [text(&merged, "mergeCommitId")]);

    let request = json!({ "repository": "site", "sourceBranch": "topic", "title": "Again" });
    let gone = house.error("createPullRequest", request).await;
    assert_eq!(gone.code(), ErrorCode::ResourceNotFound, "the source branch is deleted: {gone:?}");
}

#[tokio::test]
async fn a_lost_response_to_a_review_is_settled_by_the_state() {
    for (action, inputs) in [
        ("addPullRequestReviewer", json!({ "id": 1, "reviewer": "Ben Roe", "isRequired": true })),
        ("removePullRequestReviewer", json!({ "id": 1, "reviewer": "Ann Lee" })),
        ("setAutoComplete", json!({ "id": 1, "commitMessage": "Merged by a bot" })),
        ("cancelAutoComplete", json!({ "id": 1 })),
    ] {
        let house = house().await;
        house.ok("addPullRequestReviewer", json!({ "id": 1, "reviewer": "Ann Lee" })).await;
        if action == "cancelAutoComplete" {
            house.ok("setAutoComplete", json!({ "id": 1 })).await;
        }
        let method = match action {
            "addPullRequestReviewer" => "PUT",
            "removePullRequestReviewer" => "DELETE",
            _ => "PATCH",
        };
        house.simulator.fault(Fault::on(&format!("{method} *")).lose_answer());
        house.simulator.clear_journal();
        house.ok(action, inputs).await;
        let changes = house.requests().iter().filter(|request| request.starts_with(method)).count();
        assert_eq!(changes, 1, "{action}: the change is not sent again");
    }
}
