//! Pull requests: created, changed, voted and commented on, completed, and what blocks their completion.

use azdo_bot::contract::ErrorCode;
use azdo_bot::contract::Value;
use azdo_simulator::Fault;
use azdo_simulator::Organization;
use azdo_simulator::PolicyBuild;
use azdo_simulator::PolicyKind;
use azdo_simulator::Project;
use azdo_simulator::Repository;
use azdo_simulator::TokenOptions;
use azdo_simulator::User;
use azdo_simulator::World;
use serde_json::json;

use crate::flow::support::House;
use crate::flow::support::integer;
use crate::flow::support::text;

/// `site` with a branch `topic` that adds a file, and one that changes a file of `main`
fn world(site: impl FnOnce(Repository) -> Repository) -> World {
    let repository =
        Repository::named("site").file("/a", "a").file_on("topic", "/b", "b").file_on("clash", "/a", "x");
    let organization = Organization::named("fabrikam")
        .user(User::named("Bot Runner"))
        .user(User::named("Ann Lee"))
        .token(TokenOptions::full().for_user("Ann Lee").named("ann"))
        .project(Project::named("Fabrikam").repository(site(repository)));
    crate::flow::support::world().organization(organization)
}

async fn house(site: impl FnOnce(Repository) -> Repository) -> House {
    let house = House::with(world(site)).await;
    house.connect_root().await;
    house
}

/// Creates a pull request and returns its id
async fn open(house: &House, source: &str) -> i64 {
    let inputs = json!({ "repository": "site", "sourceBranch": source, "title": "A change" });
    integer(&house.ok("createPullRequest", inputs).await, "id")
}

fn posts(house: &House, method: &str) -> usize {
    house.requests().iter().filter(|request| request.starts_with(method)).count()
}

#[tokio::test]
async fn a_pull_request_is_created_found_changed_and_abandoned() {
    let house = house(|site| site).await;
    let inputs = json!({ "repository": "site", "sourceBranch": "topic", "targetBranch": "main",
                         "title": "A change", "description": "Why", "isDraft": true });
    let made = house.ok("createPullRequest", inputs.clone()).await;
    assert_eq!((text(&made, "status"), text(&made, "targetBranch")), ("active", "refs/heads/main"));
    assert_eq!(text(&made, "webUrl"), "https://dev.azure.com/fabrikam/Fabrikam/_git/site/pullrequest/1");
    let again = house.error("createPullRequest", inputs).await;
    assert_eq!(again.code(), ErrorCode::ResourceConflict);

    let draft = house.error("completePullRequest", json!({ "id": 1 })).await;
    assert_eq!(draft.code(), ErrorCode::ResourceConflict);
    assert!(draft.message().contains("draft"), "{draft}");
    let changed =
        house.ok("updatePullRequest", json!({ "id": 1, "title": "Better", "isDraft": false })).await;
    assert_eq!((text(&changed, "title"), text(&changed, "description")), ("Better", "Why"));

    open(&house, "clash").await;
    let list = |inputs: serde_json::Value| async {
        let list = house.ok("listPullRequests", inputs).await;
        let Some(Value::List(found)) = list.get("pullRequests") else { panic!("a list") };
        let ids = found.iter().map(|one| integer(one.as_dictionary().expect("an entry"), "id"));
        (ids.collect::<Vec<_>>(), list.get("more") == Some(&Value::from(true)))
    };
    assert_eq!(list(json!({})).await, (vec![2, 1], false));
    assert_eq!(list(json!({ "limit": 1, "createdByMe": true })).await, (vec![2], true));
    assert_eq!(list(json!({ "repository": "site", "sourceBranch": "topic" })).await, (vec![1], false));
    let given_up = house.ok("abandonPullRequest", json!({ "id": 1 })).await;
    assert_eq!(text(&given_up, "status"), "abandoned");
    assert_eq!(text(&house.ok("abandonPullRequest", json!({ "id": 1 })).await, "status"), "abandoned");
    assert_eq!(list(json!({ "status": "ABANDONED" })).await, (vec![1], false));
    let closed = house.error("updatePullRequest", json!({ "id": 1, "title": "x" })).await;
    assert_eq!(closed.code(), ErrorCode::ResourceConflict);
    let raw = house.ok("getPullRequest", json!({ "id": 2, "includeRaw": true })).await;
    assert_eq!(raw["raw"].as_dictionary().expect("a record")["pullRequestId"], Value::from(2));
}

#[tokio::test]
async fn the_error_for_a_missing_resource_names_it() {
    let house = house(|site| site).await;
    for (action, inputs, words) in [
        ("getPullRequest", json!({ "id": 77 }), "77"),
        ("completePullRequest", json!({ "id": 77 }), "77"),
        (
            "createPullRequest",
            json!({ "repository": "site", "sourceBranch": "topci", "title": "x" }),
            "topci",
        ),
        (
            "createPullRequest",
            json!({ "repository": "sight", "sourceBranch": "topic", "title": "x" }),
            "sight",
        ),
        ("listPullRequests", json!({ "repository": "sight" }), "sight"),
    ] {
        let error = house.error(action, inputs.clone()).await;
        assert_eq!(error.code(), ErrorCode::ResourceNotFound, "{action} {inputs}: {error:?}");
        assert!(error.message().contains(words), "{action} {inputs}: {error}");
    }
    let near = json!({ "repository": "site", "sourceBranch": "topci", "title": "x" });
    let near = house.error("createPullRequest", near).await;
    assert!(near.help_text().contains("\"topic\""), "{}", near.help_text());
}

#[tokio::test]
async fn a_completion_waits_until_the_target_has_moved() {
    for (strategy, message) in [("NO_FAST_FORWARD", None), ("SQUASH", Some("One commit")), ("REBASE", None)] {
        let house = house(|site| site).await;
        let id = open(&house, "topic").await;
        let mut inputs = json!({ "id": id, "mergeStrategy": strategy, "deleteSourceBranch": true });
        if let Some(message) = message {
            inputs["commitMessage"] = message.into();
        }
        let done = house.ok("completePullRequest", inputs.clone()).await;
        assert_eq!(text(&done, "status"), "completed", "{strategy}");
        let branches = house.ok("listBranches", json!({ "repository": "site", "prefix": "main" })).await;
        let Some(Value::List(branches)) = branches.get("branches") else { panic!("a list") };
        let main = branches[0].as_dictionary().expect("a branch");
        assert_eq!(text(main, "commitId"), text(&done, "mergeCommitId"), "{strategy}");
        let file = json!({ "repository": "site", "path": "/b", "branch": "main" });
        assert_eq!(text(&house.ok("getRepositoryFile", file).await, "content"), "b", "{strategy}");
        if let Some(message) = message {
            let commits = house.ok("listCommits", json!({ "repository": "site", "limit": 1 })).await;
            let Some(Value::List(commits)) = commits.get("commits") else { panic!("a list") };
            assert_eq!(text(commits[0].as_dictionary().expect("a commit"), "message"), message);
        }
        let gone = house.error("deleteBranch", json!({ "repository": "site", "branch": "topic" })).await;
        assert_eq!(gone.code(), ErrorCode::ResourceNotFound, "{strategy}");
        assert_eq!(text(&house.ok("completePullRequest", inputs).await, "status"), "completed", "again");
    }
}

#[tokio::test]
async fn unmet_policies_are_named() {
    let policies = |site: Repository| {
        site.policy(PolicyKind::MinimumReviewers { count: 1 }.on_main())
            .policy(PolicyKind::Comments.on_main())
            .policy(PolicyKind::Build { result: PolicyBuild::Approved }.on_main())
    };
    let house = house(policies).await;
    let id = open(&house, "topic").await;
    let comment = json!({ "id": id, "text": "Why?" });
    house.ok("commentOnPullRequest", comment).await;
    let error = house.error("completePullRequest", json!({ "id": id })).await;
    assert_eq!(error.code(), ErrorCode::PermissionDenied);
    assert_eq!(
        error.context_value("policies"),
        Some("\"Minimum number of reviewers\" (1) is not met yet; \"Comment requirements\" is not met")
    );
    assert!(error.message().contains("Minimum number of reviewers"), "{error}");
    let push = json!({ "repository": "site", "branch": "main", "message": "x", "files": { "a": "b" } });
    assert_eq!(
        house.error("commitFiles", push).await.code(),
        ErrorCode::PermissionDenied,
        "a push cannot bypass the policies"
    );

    let house = self::house(|site| site.policy(PolicyKind::MinimumReviewers { count: 1 }.on_main())).await;
    let id = open(&house, "topic").await;
    let token = house.simulator.token_named("fabrikam", "ann").expect("it was made");
    let ann = house.child();
    let inputs = json!({ "personalAccessToken": { "insecure": token } });
    house.connect(&ann, None, inputs).await.expect("it connects");
    let vote = |vote: &str| json!({ "id": id, "vote": vote });
    for (word, number) in [("REJECT", -10), ("WAIT_FOR_AUTHOR", -5), ("APPROVE", 10)] {
        let outcome = house.execute(&ann, "voteOnPullRequest", vote(word)).await.expect("it counts");
        assert_eq!(integer(&outcome.outputs, "vote"), number);
    }
    house.ok("completePullRequest", json!({ "id": id })).await;
}

#[tokio::test]
async fn conflicts_are_reported_and_nothing_is_merged() {
    let house = house(|site| site).await;
    let push = json!({ "repository": "site", "branch": "main", "message": "x", "files": { "a": "y" } });
    house.ok("commitFiles", push).await;
    let id = open(&house, "clash").await;
    let error = house.error("completePullRequest", json!({ "id": id })).await;
    assert_eq!(error.code(), ErrorCode::ResourceConflict);
    assert!(error.message().contains("conflict"), "{error}");
    assert_eq!(text(&house.ok("getPullRequest", json!({ "id": id })).await, "mergeStatus"), "conflicts");
}

#[tokio::test]
async fn a_lost_response_is_settled_by_the_state_and_nothing_is_sent_twice() {
    let house = house(|site| site).await;
    let rows = [
        ("POST", "createPullRequest", json!({ "repository": "site", "sourceBranch": "topic", "title": "x" })),
        ("POST", "commentOnPullRequest", json!({ "id": 1, "text": "Well done" })),
        ("PATCH", "updatePullRequest", json!({ "id": 1, "title": "y" })),
        ("PUT", "voteOnPullRequest", json!({ "id": 1, "vote": "APPROVE" })),
        ("PATCH", "completePullRequest", json!({ "id": 1 })),
    ];
    for (method, action, inputs) in rows {
        house.simulator.clear_journal();
        house.simulator.fault(Fault::on(&format!("{method} *")).lose_answer());
        house.ok(action, inputs).await;
        assert_eq!(posts(&house, method), 1, "{action}");
    }
    open(&house, "clash").await;
    house.simulator.fault(Fault::on("PATCH *").lose_answer());
    house.ok("abandonPullRequest", json!({ "id": 2 })).await;
    // A request that never arrived has no result, so the outcome stays unknown.
    house.simulator.fault(Fault::on("POST *").answer(502, &[], "<html>"));
    let again = json!({ "repository": "site", "sourceBranch": "clash", "title": "x" });
    let error = house.error("createPullRequest", again).await;
    assert_eq!(error.code(), ErrorCode::ServiceOutcomeUnknown);
}

#[tokio::test]
async fn a_forbidden_merge_strategy_is_told_with_the_allowed_ones() {
    let policy = PolicyKind::MergeStrategies {
        no_fast_forward: false,
        squash: true,
        rebase: false,
        rebase_merge: true,
    };
    let house = self::house(|site| site.policy(policy.on_main())).await;
    house
        .ok("createPullRequest", json!({ "repository": "site", "sourceBranch": "topic", "title": "t" }))
        .await;
    for strategy in ["NO_FAST_FORWARD", "REBASE"] {
        let error = house.error("completePullRequest", json!({ "id": 1, "mergeStrategy": strategy })).await;
        assert_eq!(error.code(), ErrorCode::PermissionDenied, "{error:?}");
        assert!(
            error
                .message()
                .contains(&format!("forbids the merge strategy {strategy}; it allows SQUASH, REBASE_MERGE")),
            "{error}"
        );
        assert_eq!(error.context_value("allowed"), Some("SQUASH, REBASE_MERGE"));
    }
    let done = house.ok("completePullRequest", json!({ "id": 1, "mergeStrategy": "SQUASH" })).await;
    assert_eq!(text(&done, "status"), "completed");
}

#[tokio::test]
async fn a_pull_request_onto_its_own_source_branch_is_refused_in_words() {
    let house = self::house(|site| site).await;
    let own = json!({ "repository": "site", "sourceBranch": "topic", "targetBranch": "refs/heads/topic", "title": "t" });
    let error = house.error("createPullRequest", own).await;
    assert_eq!(error.code(), ErrorCode::InputInvalid);
    assert!(error.message().contains("the source branch \"topic\" is also the target branch"), "{error}");
    let default = json!({ "repository": "site", "sourceBranch": "main", "title": "t" });
    let error = house.error("createPullRequest", default).await;
    assert!(error.message().contains("since it is the default branch"), "{error}");
    house
        .ok("createPullRequest", json!({ "repository": "site", "sourceBranch": "topic", "title": "t" }))
        .await;
    let error = house.error("updatePullRequest", json!({ "id": 1, "targetBranch": "topic" })).await;
    assert_eq!(error.code(), ErrorCode::InputInvalid, "{error:?}");
}
