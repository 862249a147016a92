//! Pull requests with reviewers, threads, labels, statuses, iterations and policies.

use azure_devops_rust_api::git::Client;
use azure_devops_rust_api::git::models::Comment;
use azure_devops_rust_api::git::models::GitPullRequestCommentThread;
use azure_devops_rust_api::git::models::GitPullRequestCreateOptions;
use azure_devops_rust_api::git::models::GitPullRequestQuery;
use azure_devops_rust_api::git::models::GitPullRequestStatus;
use azure_devops_rust_api::git::models::GitPullRequestUpdateOptions;
use azure_devops_rust_api::git::models::IdentityRefWithVote;
use azure_devops_rust_api::git::models::WebApiCreateTagRequestData;
use azure_devops_rust_api::policy::models::PolicyConfiguration;
use serde_json::Value;
use serde_json::json;

use crate::ORGANIZATION;
use crate::PROJECT;
use crate::body;
use crate::client;
use crate::does_not_pass;
use crate::git::push;
use crate::git::repository;
use crate::number;
use crate::refused_as;
use crate::seen;
use crate::text;

/// A repository with an open pull request: the identifier of the repository, and the pull request.
async fn opened(git: &Client, name: &str) -> (String, Value) {
    let (id, first) = repository(git, name).await;
    let update =
        body(json!({ "name": "refs/heads/topic", "oldObjectId": crate::git::NOTHING, "newObjectId": first }));
    seen(git.refs_client().update_refs(ORGANIZATION, vec![update], &id, PROJECT).await);
    push(git, &id, ("topic", &first), ("/NEWS.md", "New\n")).await;
    let made = seen(open(git, &id).await);
    (id, made)
}

async fn open(
    git: &Client,
    repository: &str,
) -> azure_core::Result<azure_devops_rust_api::git::models::GitPullRequest> {
    let options = body::<GitPullRequestCreateOptions>(json!({
        "title": "News", "description": "d", "sourceRefName": "refs/heads/topic", "targetRefName": "refs/heads/main"
    }));
    git.pull_requests_client().create(ORGANIZATION, repository, PROJECT, options).await
}

#[tokio::test]
async fn one_is_opened_listed_and_found() {
    let git = client!(git);
    let (id, made) = opened(&git, "rust-opened").await;
    assert_eq!((&made["status"], &made["mergeStatus"]), (&json!("active"), &json!("queued")));
    let requests = git.pull_requests_client();
    let listed = seen(requests.get_pull_requests(ORGANIZATION, &id, PROJECT).await);
    assert_eq!(listed["value"][0]["pullRequestId"], made["pullRequestId"]);
    let all = seen(
        requests.get_pull_requests_by_project(ORGANIZATION, PROJECT).search_criteria_repository_id(&id).await,
    );
    assert_eq!(all["value"].as_array().map(Vec::len), Some(1));
    let number = number(&made, "pullRequestId");
    let found = seen(requests.get_pull_request_by_id(ORGANIZATION, number, PROJECT).await);
    assert_eq!((&found["title"], &found["mergeStatus"]), (&json!("News"), &json!("succeeded")));
    let again = open(&git, &id).await;
    refused_as(again, 409, "GitPullRequestExistsException");
}

#[tokio::test]
async fn one_is_completed_automatically() {
    let git = client!(git);
    let (id, made) = opened(&git, "rust-completed").await;
    let number = number(&made, "pullRequestId");
    let requests = git.pull_requests_client();
    let found = seen(requests.get_pull_request(ORGANIZATION, &id, number, PROJECT).await);
    let options = body::<GitPullRequestUpdateOptions>(json!({
        "autoCompleteSetBy": made["createdBy"],
        "completionOptions": { "mergeStrategy": "squash", "deleteSourceBranch": true }
    }));
    seen(requests.update(ORGANIZATION, &id, PROJECT, number, options).await);
    let mut last = Value::Null;
    for _ in 0..4 {
        last = seen(requests.get_pull_request(ORGANIZATION, &id, number, PROJECT).await);
    }
    assert_eq!(
        (&last["status"], &last["completionOptions"]["mergeStrategy"]),
        (&json!("completed"), &json!("squash"))
    );
    let tip = text(&found["lastMergeSourceCommit"], "commitId");
    let query = body::<GitPullRequestQuery>(json!({ "queries": [{ "type": "commit", "items": [tip] }] }));
    let answer = seen(git.pull_request_query_client().get(ORGANIZATION, query, &id, PROJECT).await);
    assert_eq!(answer["results"][0][&tip][0]["pullRequestId"], number);
}

#[tokio::test]
async fn one_is_completed_at_once() {
    let git = client!(git);
    let (id, made) = opened(&git, "rust-at-once").await;
    let options = body::<GitPullRequestUpdateOptions>(json!({ "status": "completed" }));
    let number = number(&made, "pullRequestId");
    let completed = git.pull_requests_client().update(ORGANIZATION, &id, PROJECT, number, options).await;
    let reason = "the client cannot send `lastMergeSourceCommit`, which the service requires";
    does_not_pass("a completion at once", reason, completed);
}

#[tokio::test]
async fn reviewers_and_votes() {
    let git = client!(git);
    let (id, made) = opened(&git, "rust-reviewed").await;
    let number = number(&made, "pullRequestId");
    let me = text(&made["createdBy"], "id");
    let reviewers = git.pull_request_reviewers_client();
    let vote = body::<IdentityRefWithVote>(json!({ "id": me, "vote": 10 }));
    let voted =
        seen(reviewers.create_pull_request_reviewer(ORGANIZATION, vote, &id, number, &me, PROJECT).await);
    assert_eq!((&voted["vote"], &voted["displayName"]), (&json!(10), &json!("Ann Lee")));
    let found = seen(reviewers.get(ORGANIZATION, &id, number, &me, PROJECT).await);
    assert_eq!(found["vote"], 10);
    reviewers.delete(ORGANIZATION, &id, number, &me, PROJECT).await.expect("the reviewer is removed");
    let left = seen(reviewers.list(ORGANIZATION, &id, number, PROJECT).await);
    assert_eq!(left["value"], Value::Null);
    let gone = reviewers.get(ORGANIZATION, &id, number, &me, PROJECT).await;
    refused_as(gone, 404, "reviewer");
}

#[tokio::test]
async fn threads_and_their_comments() {
    let git = client!(git);
    let (id, made) = opened(&git, "rust-threads").await;
    let request = number(&made, "pullRequestId");
    let threads = git.pull_request_threads_client();
    let thread = json!({ "comments": [{ "content": "Why?", "commentType": "text" }], "status": "active",
        "threadContext": { "filePath": "/NEWS.md", "rightFileStart": { "line": 1, "offset": 1 }, "rightFileEnd": { "line": 1, "offset": 2 } } });
    let thread = body::<GitPullRequestCommentThread>(thread);
    let made = seen(threads.create(ORGANIZATION, thread, &id, request, PROJECT).await);
    assert_eq!(made["threadContext"]["filePath"], "/NEWS.md");
    let number = number(&made, "id");
    let comments = git.pull_request_thread_comments_client();
    let reply = body::<Comment>(json!({ "content": "Because", "parentCommentId": 1, "commentType": "text" }));
    let reply = seen(comments.create(ORGANIZATION, reply, &id, request, number, PROJECT).await);
    let change = body::<Comment>(json!({ "content": "Because of it" }));
    seen(
        comments
            .update(ORGANIZATION, change, &id, request, number, crate::number(&reply, "id"), PROJECT)
            .await,
    );
    let listed = seen(comments.list(ORGANIZATION, &id, request, number, PROJECT).await);
    assert_eq!(listed["value"][1]["content"], "Because of it");
    let fixed = body::<GitPullRequestCommentThread>(json!({ "status": "fixed" }));
    assert_eq!(
        seen(threads.update(ORGANIZATION, fixed, &id, request, number, PROJECT).await)["status"],
        "fixed"
    );
    comments
        .delete(ORGANIZATION, &id, request, number, crate::number(&reply, "id"), PROJECT)
        .await
        .expect("it is deleted");
    let missing = threads.get(ORGANIZATION, &id, request, 9999, PROJECT).await;
    refused_as(missing, 404, "GitPullRequestThreadNotFoundException");
}

#[tokio::test]
async fn labels_and_statuses() {
    let git = client!(git);
    let (id, made) = opened(&git, "rust-labels").await;
    let number = number(&made, "pullRequestId");
    let labels = git.pull_request_labels_client();
    let label = body::<WebApiCreateTagRequestData>(json!({ "name": "urgent" }));
    assert_eq!(seen(labels.create(ORGANIZATION, label, &id, number, PROJECT).await)["name"], "urgent");
    assert_eq!(seen(labels.get(ORGANIZATION, &id, number, "urgent", PROJECT).await)["active"], true);
    labels.delete(ORGANIZATION, &id, number, "urgent", PROJECT).await.expect("it is removed");
    assert_eq!(seen(labels.list(ORGANIZATION, &id, number, PROJECT).await)["value"], Value::Null);
    let statuses = git.pull_request_statuses_client();
    let status = body::<GitPullRequestStatus>(json!({ "state": "succeeded", "context": { "name": "rust" } }));
    let made = seen(statuses.create(ORGANIZATION, status, &id, number, PROJECT).await);
    let found = seen(statuses.get(ORGANIZATION, &id, number, crate::number(&made, "id"), PROJECT).await);
    assert_eq!(found["context"]["name"], "rust");
}

#[tokio::test]
async fn iterations_commits_and_work_items() {
    let git = client!(git);
    let (id, made) = opened(&git, "rust-iterations").await;
    let number = number(&made, "pullRequestId");
    let iterations =
        seen(git.pull_request_iterations_client().list(ORGANIZATION, &id, number, PROJECT).await);
    assert_eq!(iterations["value"][0]["id"], 1);
    let changes =
        git.pull_request_iteration_changes_client().get(ORGANIZATION, &id, number, 1, PROJECT).await;
    assert_eq!(seen(changes)["changeEntries"][0]["item"]["path"], "/NEWS.md");
    let commits =
        git.pull_request_commits_client().get_pull_request_commits(ORGANIZATION, &id, number, PROJECT).await;
    assert_eq!(seen(commits)["value"][0]["comment"], "add /NEWS.md");
    let items = seen(git.pull_request_work_items_client().list(ORGANIZATION, &id, number, PROJECT).await);
    assert_eq!(items["value"], Value::Null);
}

#[tokio::test]
async fn a_policy_blocks_a_completion() {
    let git = client!(git);
    let (id, made) = opened(&git, "rust-guarded").await;
    let policies = client!(policy);
    let given = json!({ "type": { "id": "fa4e907d-c16b-4a4c-9dfa-4906e5d171dd", "displayName": "", "url": "" }, "isBlocking": true, "isEnabled": true,
        "settings": { "minimumApproverCount": 1, "creatorVoteCounts": false,
            "scope": [{ "repositoryId": id, "refName": "refs/heads/main", "matchKind": "exact" }] } });
    let policy = policies
        .configurations_client()
        .create(ORGANIZATION, body::<PolicyConfiguration>(given), PROJECT)
        .await;
    let policy = number(&seen(policy), "id");
    let number = number(&made, "pullRequestId");
    let requests = git.pull_requests_client();
    let options = body::<GitPullRequestUpdateOptions>(json!({ "autoCompleteSetBy": made["createdBy"] }));
    seen(requests.update(ORGANIZATION, &id, PROJECT, number, options).await);
    for _ in 0..4 {
        let waiting = seen(requests.get_pull_request(ORGANIZATION, &id, number, PROJECT).await);
        assert_eq!(waiting["status"], "active");
    }
    let project = text(&made["repository"]["project"], "id");
    let artifact = format!("vstfs:///CodeReview/CodeReviewId/{project}/{number}");
    let evaluations = seen(policies.evaluations_client().list(ORGANIZATION, PROJECT, artifact).await);
    assert_eq!(evaluations["value"][0]["status"], "running");
    policies.configurations_client().delete(ORGANIZATION, PROJECT, policy).await.expect("it is deleted");
    refused_as(policies.configurations_client().get(ORGANIZATION, PROJECT, policy).await, 404, "Policy");
    let types = seen(policies.types_client().list(ORGANIZATION, PROJECT).await);
    assert!(types["value"].as_array().is_some_and(|types| types.len() > 2), "{types}");
}
