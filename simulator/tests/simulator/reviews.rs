//! Changing repositories, imports, pull requests and policies.

use azdo_simulator::Organization;
use azdo_simulator::PolicyKind;
use azdo_simulator::Project;
use azdo_simulator::Repository;
use azdo_simulator::World;
use serde_json::Value;
use serde_json::json;

use crate::client::Bench;

const REPOSITORIES: &str = "/fabrikam/Fabrikam/_apis/git/repositories";
const SITE: &str = "/fabrikam/Fabrikam/_apis/git/repositories/site";

async fn bench(site: impl FnOnce(Repository) -> Repository) -> Bench {
    let repository =
        Repository::named("site").file("/a", "a").file_on("topic", "/b", "b").file_on("clash", "/a", "x");
    let project = Project::named("Fabrikam").repository(site(repository));
    Bench::of(World::hard().organization(Organization::named("fabrikam").project(project))).await
}

async fn open(bench: &Bench, source: &str) -> Value {
    let body = json!({
        "title": "A change", "sourceRefName": format!("refs/heads/{source}"), "targetRefName": "refs/heads/main"
    });
    bench.send("POST", &format!("{SITE}/pullrequests"), body).await.expect(201)
}

fn completed(pull_request: &Value, strategy: &str) -> Value {
    json!({
        "status": "completed",
        "lastMergeSourceCommit": pull_request["lastMergeSourceCommit"],
        "completionOptions": { "mergeStrategy": strategy, "deleteSourceBranch": true },
    })
}

#[tokio::test]
async fn a_repository_is_renamed_disabled_and_deleted_by_its_identifier() {
    let bench = bench(|site| site).await;
    let id = bench.get(SITE).await.expect(200)["id"].as_str().unwrap().to_owned();
    let by_name = bench.send("PATCH", SITE, json!({ "name": "x" })).await;
    by_name.refused(404, "GitRepositoryNotFoundException", "TF401019: ");
    let place = format!("{REPOSITORIES}/{id}");
    let renamed =
        bench.send("PATCH", &place, json!({ "name": "web", "defaultBranch": "refs/heads/topic" })).await;
    let renamed = renamed.expect(200);
    assert_eq!((&renamed["name"], &renamed["defaultBranch"]), (&json!("web"), &json!("refs/heads/topic")));
    let missing = bench.send("PATCH", &place, json!({ "defaultBranch": "refs/heads/no" })).await;
    missing.refused(404, "GitUnresolvableToCommitException", "TF401175:");
    assert_eq!(
        bench.send("PATCH", &place, json!({ "isDisabled": true })).await.expect(200)["isDisabled"],
        true
    );
    assert_eq!(bench.get(&format!("{place}/refs")).await.status, 404, "its content is not visible");
    assert_eq!(bench.get(&place).await.status, 200, "the repository itself is visible");
    assert_eq!(bench.send("DELETE", &place, json!({})).await.status, 204);
    assert_eq!(bench.get(&place).await.status, 404);
    let bin = bench.get("/fabrikam/Fabrikam/_apis/git/recycleBin/repositories").await.expect(200);
    assert_eq!(bin["value"][0]["id"], id.as_str());
}

#[tokio::test]
async fn an_import_has_states_and_needs_an_empty_repository() {
    let bench = bench(|site| site).await;
    let from = |url: &str| json!({ "parameters": { "gitSource": { "url": url } } });
    let full = bench.send("POST", &format!("{SITE}/importRequests"), from("https://example.com/a")).await;
    full.refused(409, "GitImportForbiddenOnNonEmptyRepository", "TF402508: ");
    for (name, url, end, files) in [
        ("copy", "https://dev.azure.com/fabrikam/Fabrikam/_git/site", "completed", 200),
        ("away", "https://nowhere.invalid/a", "failed", 404),
    ] {
        bench.send("POST", REPOSITORIES, json!({ "name": name })).await.expect(201);
        let place = format!("{REPOSITORIES}/{name}/importRequests");
        assert_eq!(bench.send("POST", &place, from(url)).await.expect(201)["status"], "queued");
        assert_eq!(bench.get(&format!("{place}/1")).await.expect(200)["status"], "inProgress");
        assert_eq!(bench.get(&format!("{place}/1")).await.expect(200)["status"], end);
        let item = bench.get(&format!("{REPOSITORIES}/{name}/items?path=/a")).await;
        assert_eq!(item.status, files, "{name}");
    }
}

/// The pull requests that a query finds for a commit.
async fn found(bench: &Bench, kind: &str, commit: &str) -> Vec<Value> {
    let query = json!({ "queries": [{ "type": kind, "items": [commit] }] });
    let answer = bench.send("POST", &format!("{SITE}/pullrequestquery"), query).await.expect(200);
    let all = answer["results"][0][commit].as_array().cloned().unwrap_or_default();
    all.iter().map(|one| one["pullRequestId"].clone()).collect()
}

#[tokio::test]
async fn a_completed_pull_request_moves_its_target_in_every_strategy() {
    for (strategy, parents) in [("noFastForward", 2), ("squash", 1), ("rebase", 1), ("rebaseMerge", 2)] {
        let bench = bench(|site| site).await;
        let opened = open(&bench, "topic").await;
        assert_eq!((&opened["status"], &opened["mergeStatus"]), (&json!("active"), &json!("queued")));
        let source = opened["lastMergeSourceCommit"]["commitId"].as_str().unwrap();
        assert_eq!(found(&bench, "commit", source).await, [] as [Value; 0], "it is not merged");
        let place = format!("{SITE}/pullrequests/1");
        let tried = bench.get(&place).await.expect(200);
        assert_eq!(tried["mergeStatus"], "succeeded");
        let commit = tried["lastMergeCommit"]["commitId"].as_str().unwrap();
        let commit = bench.get(&format!("{SITE}/commits/{commit}")).await.expect(200);
        assert_eq!(commit["comment"], "Merge pull request 1 from topic into main");
        let stale = json!({ "status": "completed", "lastMergeSourceCommit": { "commitId": "0".repeat(40) } });
        bench.send("PATCH", &place, stale).await.refused(409, "GitPullRequestStaleException", "TF401192: ");
        let answer = bench.send("PATCH", &place, completed(&opened, strategy)).await.expect(200);
        assert_eq!((&answer["status"], &answer["mergeStatus"]), (&json!("active"), &json!("queued")));
        assert_eq!(bench.get(&place).await.expect(200)["status"], "active");
        let done = bench.get(&place).await.expect(200);
        assert_eq!(done["status"], "completed", "{strategy}");
        let commits = bench.get(&format!("{SITE}/commits")).await.expect(200);
        assert_eq!(commits["value"][0]["commitId"], done["lastMergeCommit"]["commitId"], "{strategy}");
        let tip = commits["value"][0]["commitId"].as_str().unwrap();
        let tip = bench.get(&format!("{SITE}/commits/{tip}")).await.expect(200);
        assert_eq!(tip["parents"].as_array().unwrap().len(), parents, "{strategy}");
        assert_eq!(
            (&done["closedBy"], &done["completionOptions"]["mergeStrategy"]),
            (&opened["createdBy"], &json!(strategy))
        );
        assert_eq!(done["completionOptions"]["deleteSourceBranch"], true);
        let merged = done["lastMergeCommit"]["commitId"].as_str().unwrap();
        let tip = opened["lastMergeSourceCommit"]["commitId"].as_str().unwrap();
        assert_eq!(found(&bench, "lastMergeCommit", merged).await, [json!(1)], "{strategy}");
        assert_eq!(found(&bench, "commit", tip).await, [json!(1)], "{strategy}");
        let gone = bench.get(&format!("{SITE}/refs?filter=heads/topic")).await.expect(200);
        assert_eq!(gone["count"], 0, "the source is deleted");
        let closed = bench.send("PATCH", &place, json!({ "title": "x" })).await;
        closed.refused(400, "GitPullRequestNotEditableException", "TF401181: ");
    }
}

#[tokio::test]
async fn conflicts_and_policies_keep_a_pull_request_active() {
    let bench = bench(|site| site.policy(PolicyKind::MinimumReviewers { count: 1 }.on_main())).await;
    let main = bench.get(&format!("{SITE}/refs?filter=heads/main")).await.expect(200);
    let body = json!({
        "refUpdates": [{ "name": "refs/heads/main", "oldObjectId": main["value"][0]["objectId"] }],
        "commits": [{ "comment": "past it", "changes": [{ "changeType": "edit", "item": { "path": "/a" },
            "newContent": { "content": "y", "contentType": "rawtext" } }] }],
    });
    let pushed = bench.send("POST", &format!("{SITE}/pushes"), body).await;
    pushed.refused(403, "GitRefUpdateRejectedByPolicyException", "TF402455: ");
    let opened = open(&bench, "topic").await;
    let again =
        json!({ "title": "x", "sourceRefName": "refs/heads/topic", "targetRefName": "refs/heads/main" });
    let again = bench.send("POST", &format!("{SITE}/pullrequests"), again).await;
    again.refused(409, "GitPullRequestExistsException", "TF401179: ");
    let blocked = bench.send("PATCH", &format!("{SITE}/pullrequests/1"), completed(&opened, "squash")).await;
    assert_eq!(blocked.status, 409);
    let path = "/fabrikam/Fabrikam/_apis/policy/evaluations?artifactId=vstfs:///CodeReview/CodeReviewId/p/1";
    let evaluations = bench.get(&format!("{path}&api-version=7.1-preview.1")).await.expect(200);
    let one = &evaluations["value"][0];
    assert_eq!((&one["status"], &one["configuration"]["isBlocking"]), (&json!("running"), &json!(true)));
    let policy = one["configuration"]["id"].to_string();
    let place = format!("/fabrikam/Fabrikam/_apis/policy/configurations/{policy}");
    assert_eq!(bench.send("DELETE", &place, json!({})).await.status, 204);
    bench.send("PATCH", &format!("{SITE}/pullrequests/1"), completed(&opened, "squash")).await.expect(200);
}

#[tokio::test]
async fn a_completion_with_conflicts_changes_nothing() {
    let bench = bench(|site| site).await;
    let main = bench.get(&format!("{SITE}/refs?filter=heads/main")).await.expect(200);
    let tip = main["value"][0]["objectId"].clone();
    let body = json!({
        "refUpdates": [{ "name": "refs/heads/main", "oldObjectId": tip }],
        "commits": [{ "comment": "c", "changes": [{ "changeType": "edit", "item": { "path": "/a" },
            "newContent": { "content": "y", "contentType": "rawtext" } }] }],
    });
    let pushed = bench.send("POST", &format!("{SITE}/pushes"), body).await.expect(201);
    let opened = open(&bench, "clash").await;
    let place = format!("{SITE}/pullrequests/1");
    assert_eq!(bench.get(&place).await.expect(200)["mergeStatus"], "conflicts");
    let answer = bench.send("PATCH", &place, completed(&opened, "noFastForward")).await.expect(200);
    assert_eq!((&answer["status"], &answer["mergeStatus"]), (&json!("active"), &json!("conflicts")));
    let now = bench.get(&format!("{SITE}/refs?filter=heads/main")).await.expect(200);
    assert_eq!(now["value"][0]["objectId"], pushed["commits"][0]["commitId"]);
}

#[tokio::test]
async fn pull_requests_are_filtered_by_time_and_title() {
    let bench = bench(|site| site).await;
    open(&bench, "topic").await;
    let count = async |query: &str| {
        let path = format!("{SITE}/pullrequests?searchCriteria.status=all&{query}");
        bench.get(&path).await.expect(200)["count"].as_u64()
    };
    let (early, late) = ("2000-01-01T00:00:00Z", "2100-01-01T00:00:00Z");
    for (criteria, expected) in [
        (format!("searchCriteria.minTime={early}"), 1),
        (format!("searchCriteria.minTime={late}"), 0),
        (format!("searchCriteria.maxTime={early}"), 0),
        (format!("searchCriteria.minTime={early}&searchCriteria.queryTimeRangeType=closed"), 0),
        ("searchCriteria.title=CHANGE".to_owned(), 1),
        ("searchCriteria.title=other".to_owned(), 0),
        // Not an identifier, so no criterion.
        ("searchCriteria.repositoryId=site".to_owned(), 1),
        ("searchCriteria.repositoryId=00000000-0000-0000-0000-000000000000".to_owned(), 0),
    ] {
        assert_eq!(count(&criteria).await, Some(expected), "{criteria}");
    }
}

#[tokio::test]
async fn pushes_and_commits_are_filtered_by_user_time_and_path() {
    let bench = bench(|site| site).await;
    let refs = format!("{SITE}/refs");
    let main = bench.get(&format!("{refs}?filter=heads/main")).await.expect(200)["value"][0].clone();
    let update = |name: &str| json!([{ "name": name, "oldObjectId": "0".repeat(40), "newObjectId": main["objectId"] }]);
    bench.send("POST", &refs, update("refs/heads/one")).await.expect(200);
    let conflict = bench.send("POST", &refs, update("refs/heads/one/deeper")).await.expect(200);
    assert_eq!(conflict["value"][0]["updateStatus"], "refNameConflict");
    let query = "searchCriteria.refName=refs/heads/one&searchCriteria.includeRefUpdates=true";
    let pushes = bench.get(&format!("{SITE}/pushes?{query}")).await.expect(200);
    assert_eq!(pushes["value"][0]["refUpdates"][0]["newObjectId"], main["objectId"]);
    let later = "searchCriteria.fromDate=2100-01-01T00:00:00Z";
    assert_eq!(bench.get(&format!("{SITE}/pushes?{later}")).await.expect(200)["count"], 0);
    let count = async |query: &str| {
        let version = "searchCriteria.itemVersion.version=topic";
        bench.get(&format!("{SITE}/commits?{version}&{query}")).await.expect(200)["count"].as_u64()
    };
    assert_eq!(count("").await, Some(2));
    assert_eq!(count("searchCriteria.itemPath=/b").await, Some(1));
    assert_eq!(count("searchCriteria.author=bot").await, Some(2));
    assert_eq!(count("searchCriteria.author=nobody").await, Some(0));
    assert_eq!(count("searchCriteria.user=bot").await, Some(2));
    assert_eq!(count("searchCriteria.user=nobody").await, Some(0));
    let tip = main["objectId"].as_str().unwrap();
    assert_eq!(count(&format!("searchCriteria.ids={tip}")).await, Some(1));
    let version = "searchCriteria.itemVersion.version=topic&searchCriteria.showOldestCommitsFirst=true";
    let oldest = bench.get(&format!("{SITE}/commits?{version}")).await.expect(200);
    assert_eq!(oldest["value"][0]["commitId"], tip);
    assert_eq!(count(later).await, Some(0));
}
