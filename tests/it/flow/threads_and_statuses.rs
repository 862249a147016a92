//! Threads of pull requests, and statuses of commits.

use azdo_bot::contract::Dictionary;
use azdo_bot::contract::ErrorCode;
use azdo_bot::contract::Value;
use azdo_simulator::Fault;
use serde_json::json;

use crate::flow::files::column;
use crate::flow::support::House;
use crate::flow::support::integer;
use crate::flow::support::text;

/// A pull request of a new branch
async fn house() -> House {
    let house = House::connected().await;
    house.ok("createBranch", json!({ "repository": "site", "branch": "topic" })).await;
    let request = json!({ "repository": "site", "sourceBranch": "topic", "title": "A change" });
    house.ok("createPullRequest", request).await;
    house
}

fn list<'a>(outputs: &'a Dictionary, name: &str) -> Vec<&'a Dictionary> {
    let Some(Value::List(all)) = outputs.get(name) else { panic!("a list {name} in {outputs:?}") };
    all.iter().map(|one| one.as_dictionary().expect("an entry")).collect()
}

#[tokio::test]
async fn a_thread_is_listed_answered_resolved_and_made_active_again() {
    let house = house().await;
    let all = json!({ "id": 1 });
    assert!(list(&house.ok("listPullRequestThreads", all.clone()).await, "threads").is_empty());
    let thread =
        integer(&house.ok("commentOnPullRequest", json!({ "id": 1, "text": "Why?" })).await, "threadId");
    house.ok("commentOnPullRequest", json!({ "id": 1, "text": "Well done", "isResolved": true })).await;
    let reply = json!({ "id": 1, "thread": thread, "text": "Since it was asked for" });
    assert_eq!(integer(&house.ok("replyToPullRequestThread", reply).await, "parentCommentId"), 1);

    let threads = house.ok("listPullRequestThreads", all.clone()).await;
    let threads = list(&threads, "threads");
    assert_eq!(column(threads[0], "comments", "content"), ["Why?", "Since it was asked for"]);
    assert_eq!(column(threads[0], "comments", "author"), ["Bot Runner", "Bot Runner"]);
    assert_eq!((text(threads[0], "status"), text(threads[1], "status")), ("active", "closed"));
    let open = json!({ "id": 1, "onlyOpen": true });
    assert_eq!(list(&house.ok("listPullRequestThreads", open.clone()).await, "threads").len(), 1);
    let cut = house.ok("listPullRequestThreads", json!({ "id": 1, "limit": 1 })).await;
    assert_eq!((list(&cut, "threads").len(), cut.get("more")), (1, Some(&Value::from(true))));

    let resolve = json!({ "id": 1, "thread": thread });
    assert_eq!(text(&house.ok("resolvePullRequestThread", resolve.clone()).await, "status"), "fixed");
    house.simulator.clear_journal();
    house.ok("resolvePullRequestThread", resolve).await;
    assert!(house.requests().iter().all(|request| request.starts_with("GET")), "it is resolved already");
    assert!(list(&house.ok("listPullRequestThreads", open).await, "threads").is_empty());
    let again = json!({ "id": 1, "thread": thread, "status": "ACTIVE" });
    assert_eq!(text(&house.ok("resolvePullRequestThread", again).await, "status"), "active");
}

#[tokio::test]
async fn a_status_of_a_commit_is_set_and_listed() {
    let house = house().await;
    let of_branch = json!({ "repository": "site", "branch": "topic" });
    assert!(list(&house.ok("listCommitStatuses", of_branch.clone()).await, "statuses").is_empty());
    let status = |name: &str, state: &str| {
        json!({ "repository": "site", "branch": "topic", "name": name, "genre": "nightly", "state": state,
                "description": "All links", "targetUrl": "https://example.com/1" })
    };
    house.ok("setCommitStatus", status("links", "PENDING")).await;
    let set = house.ok("setCommitStatus", status("links", "SUCCEEDED")).await;
    assert_eq!((text(&set, "state"), text(&set, "genre")), ("succeeded", "nightly"));
    house.ok("setCommitStatus", status("style", "NOT_APPLICABLE")).await;
    let latest = house.ok("listCommitStatuses", of_branch).await;
    assert_eq!(column(&latest, "statuses", "name"), ["style", "links"]);
    assert_eq!(column(&latest, "statuses", "state"), ["notApplicable", "succeeded"]);
    let commit = text(&set, "commitId");
    let all = json!({ "repository": "site", "commit": commit, "includeFormer": true });
    let all = house.ok("listCommitStatuses", all).await;
    assert_eq!(column(&all, "statuses", "state"), ["notApplicable", "succeeded", "pending"]);
    let cut = json!({ "repository": "site", "commit": commit, "limit": 1 });
    assert_eq!(house.ok("listCommitStatuses", cut).await.get("more"), Some(&Value::from(true)));
}

#[tokio::test]
async fn what_is_not_there_is_named() {
    let house = house().await;
    let unknown = "0123456789".repeat(4);
    for (action, inputs, words) in [
        ("listPullRequestThreads", json!({ "id": 77 }), "77"),
        ("replyToPullRequestThread", json!({ "id": 1, "thread": 66, "text": "So" }), "66"),
        ("resolvePullRequestThread", json!({ "id": 1, "thread": 66 }), "66"),
        ("listCommitStatuses", json!({ "repository": "site", "commit": unknown }), unknown.as_str()),
        (
            "setCommitStatus",
            json!({ "repository": "site", "branch": "topci", "name": "a", "state": "ERROR" }),
            "topci",
        ),
        ("setCommitStatus", json!({ "repository": "sight", "name": "a", "state": "ERROR" }), "sight"),
    ] {
        let error = house.error(action, inputs.clone()).await;
        assert_eq!(error.code(), ErrorCode::ResourceNotFound, "{action} {inputs}: {error:?}");
        assert!(error.message().contains(words), "{action} {inputs}: {error}");
    }
    let near = json!({ "repository": "site", "branch": "topci", "name": "a", "state": "ERROR" });
    let near = house.error("setCommitStatus", near).await;
    assert!(near.help_text().contains("\"topic\""), "{}", near.help_text());
}

#[tokio::test]
async fn a_lost_response_about_a_thread_or_a_status_is_settled() {
    for (method, action, inputs) in [
        ("POST", "replyToPullRequestThread", json!({ "id": 1, "thread": 1, "text": "So it is" })),
        ("PATCH", "resolvePullRequestThread", json!({ "id": 1, "thread": 1, "status": "WONT_FIX" })),
        ("POST", "setCommitStatus", json!({ "repository": "site", "name": "links", "state": "FAILED" })),
    ] {
        let house = house().await;
        house.ok("commentOnPullRequest", json!({ "id": 1, "text": "Why?" })).await;
        house.simulator.fault(Fault::on(&format!("{method} *")).lose_answer());
        house.simulator.clear_journal();
        house.ok(action, inputs).await;
        let changes = house.requests().iter().filter(|request| request.starts_with(method)).count();
        assert_eq!(changes, 1, "{action}: the change is not sent again");
    }
}
