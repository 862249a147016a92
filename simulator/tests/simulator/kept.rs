//! What a client sends is kept and shown again, in the service's words.

use serde_json::Value;
use serde_json::json;

use crate::client::Answer;
use crate::client::Bench;
use crate::walk_world;

const CODE: &str = "/fabrikam/Fabrikam/_apis/git/repositories/site";

async fn bench() -> Bench {
    Bench::of(walk_world::world(Vec::new())).await
}

async fn work_item(bench: &Bench) -> Value {
    let request = bench
        .request("POST", "/fabrikam/Fabrikam/_apis/wit/workitems/$Bug")
        .header("Content-Type", "application/json-patch+json")
        .body(r#"[{"op":"add","path":"/fields/System.Title","value":"t"}]"#);
    Answer::of(request).await.expect(200)
}

#[tokio::test]
async fn a_new_pull_request_keeps_labels_reviewers_work_items_and_options() {
    let bench = bench().await;
    work_item(&bench).await;
    let who = bench.get("/fabrikam/_apis/connectionData?api-version=7.1-preview.1").await.expect(200);
    let me = who["authenticatedUser"]["id"].clone();
    let body = json!({
        "title": "t", "description": "d", "sourceRefName": "refs/heads/topic", "targetRefName": "refs/heads/main",
        "labels": [{ "name": "urgent" }], "reviewers": [{ "id": me, "isRequired": true }],
        "workItemRefs": [{ "id": "1" }],
        "completionOptions": { "mergeStrategy": 2, "deleteSourceBranch": true, "transitionWorkItems": true },
        "autoCompleteSetBy": { "id": me },
    });
    let made = bench.send("POST", &format!("{CODE}/pullrequests"), body).await.expect(201);
    assert_eq!(made["mergeStatus"], "queued");
    let path = format!("{CODE}/pullrequests/1?includeWorkItemRefs=true&includeCommits=true");
    let one = bench.get(&path).await.expect(200);
    assert_eq!(one["labels"][0]["name"], "urgent");
    assert_eq!((&one["reviewers"][0]["id"], &one["reviewers"][0]["isRequired"]), (&me, &json!(true)));
    assert_eq!(one["workItemRefs"][0]["id"], "1");
    assert_eq!(one["commits"].as_array().unwrap().len(), 1);
    let options =
        json!({ "mergeStrategy": "squash", "deleteSourceBranch": true, "transitionWorkItems": true });
    assert_eq!((&one["completionOptions"], &one["autoCompleteSetBy"]["id"]), (&options, &me));
    let item = bench.get("/fabrikam/_apis/wit/workitems/1?$expand=1").await.expect(200);
    assert_eq!(item["relations"][0]["attributes"]["name"], "Pull Request");
}

#[tokio::test]
async fn completion_options_that_were_set_before_apply_to_the_completion() {
    let bench = bench().await;
    let body =
        json!({ "title": "t", "sourceRefName": "refs/heads/topic", "targetRefName": "refs/heads/main" });
    let made = bench.send("POST", &format!("{CODE}/pullrequests"), body).await.expect(201);
    let path = format!("{CODE}/pullrequests/1");
    let options = json!({ "completionOptions": { "squashMerge": true, "mergeCommitMessage": "All of it" } });
    let kept = bench.send("PATCH", &path, options).await.expect(200);
    assert_eq!(kept["completionOptions"]["mergeStrategy"], "squash");
    let body = json!({ "status": 3, "lastMergeSourceCommit": { "commitId": made["lastMergeSourceCommit"]["commitId"] } });
    bench.send("PATCH", &path, body).await.expect(200);
    bench.get(&path).await.expect(200);
    let one = bench.get(&path).await.expect(200);
    assert_eq!(
        (&one["status"], &one["lastMergeCommit"]["comment"]),
        (&json!("completed"), &json!("All of it"))
    );
}

#[tokio::test]
async fn a_thread_keeps_its_file_its_lines_and_all_its_comments() {
    let bench = bench().await;
    let body =
        json!({ "title": "t", "sourceRefName": "refs/heads/topic", "targetRefName": "refs/heads/main" });
    bench.send("POST", &format!("{CODE}/pullrequests"), body).await.expect(201);
    let threads = format!("{CODE}/pullrequests/1/threads");
    let context = json!({ "filePath": "/NEWS.md", "rightFileStart": { "line": 1, "offset": 1 }, "rightFileEnd": { "line": 1, "offset": 4 } });
    let iterations = json!({ "changeTrackingId": 1, "iterationContext": { "firstComparingIteration": 1, "secondComparingIteration": 1 } });
    let body = json!({
        "comments": [{ "content": "a", "commentType": 2 }, { "content": "b", "parentCommentId": 1 }],
        "status": 1, "threadContext": context, "pullRequestThreadContext": iterations,
    });
    let made = bench.send("POST", &threads, body).await.expect(200);
    let thread = format!("{threads}/{}", made["id"]);
    bench.send("POST", &format!("{thread}/comments"), json!({ "content": "c" })).await.expect(200);
    bench.send("PATCH", &format!("{thread}/comments/2"), json!({ "content": "B" })).await.expect(200);
    assert_eq!(bench.send("DELETE", &format!("{thread}/comments/3"), json!(null)).await.status, 200);
    bench.send("PATCH", &thread, json!({ "properties": { "mark": "x" }, "status": 2 })).await.expect(200);
    let seen = bench.get(&thread).await.expect(200);
    assert_eq!((&seen["threadContext"], &seen["pullRequestThreadContext"]), (&context, &iterations));
    assert_eq!((&seen["status"], &seen["properties"]["mark"]["$value"]), (&json!("fixed"), &json!("x")));
    let texts: Vec<_> =
        seen["comments"].as_array().unwrap().iter().map(|one| one["content"].clone()).collect();
    assert_eq!(texts, [json!("a"), json!("B"), json!(null)]);
    assert_eq!(seen["comments"][0]["commentType"], "codeChange");
    assert_eq!(seen["comments"][2]["isDeleted"], true);
}

#[tokio::test]
async fn a_preview_uses_the_yaml_that_replaces_the_file() {
    let bench = bench().await;
    let pipeline = "/fabrikam/Fabrikam/_apis/pipelines/1";
    let yaml = "steps:\n- script: echo other\n";
    let body = json!({ "yamlOverride": yaml });
    let seen = bench.send("POST", &format!("{pipeline}/preview"), body).await.expect(200);
    assert_eq!(seen, json!({ "finalYaml": yaml }));
    let body = json!({ "yamlOverride": yaml, "previewRun": true });
    let seen = bench.send("POST", &format!("{pipeline}/runs"), body).await.expect(200);
    assert_eq!(seen["finalYaml"], yaml);
    let seen = bench.send("POST", &format!("{pipeline}/preview"), json!({ "yamlOverride": "" })).await;
    assert_eq!(seen.expect(200)["finalYaml"], "steps: []\n", "an empty text leaves the committed file");
}

#[tokio::test]
async fn an_enumeration_is_accepted_by_number_and_shown_in_words() {
    let bench = bench().await;
    let base = "/fabrikam/Fabrikam/_apis";
    let site = bench.get(CODE).await.expect(200)["id"].clone();
    let body = json!({
        "name": "new", "repository": { "id": site }, "process": { "type": 2, "yamlFilename": "/a.yml" },
        "queueStatus": 1, "jobAuthorizationScope": 2, "triggers": [{ "triggerType": 2 }, { "triggerType": "pullRequest" }],
    });
    let made = bench.send("POST", &format!("{base}/build/definitions"), body).await.expect(200);
    assert_eq!((&made["queueStatus"], &made["jobAuthorizationScope"]), (&json!("paused"), &json!("project")));
    assert_eq!(made["triggers"][0]["triggerType"], "continuousIntegration");
    assert_eq!(made["triggers"][1]["triggerType"], "pullRequest");
    let body = json!({ "definition": { "id": 1 }, "priority": 1, "reason": 8 });
    let run = bench.send("POST", &format!("{base}/build/builds"), body).await.expect(200);
    assert_eq!((&run["priority"], &run["reason"]), (&json!("high"), &json!("schedule")));
    for (query, count) in [
        ("reasonFilter=8", 1),
        ("reasonFilter=schedule,manual", 1),
        ("reasonFilter=1", 0),
        ("statusFilter=47", 1),
        ("resultFilter=8", 0),
    ] {
        let list = bench.get(&format!("{base}/build/builds?{query}")).await.expect(200);
        assert_eq!(list["count"], count, "{query}");
    }
    let body = json!({
        "name": "numbers",
        "configuration": { "type": 1, "path": "/azure-pipelines.yml", "repository": { "id": site, "type": 2 } },
    });
    bench.send("POST", &format!("{base}/pipelines"), body).await.expect(200);
    let all = bench.get("/fabrikam/_apis/projects?stateFilter=-1").await.expect(200);
    assert_eq!(all["count"], 1);
    let files = bench.get(&format!("{CODE}/items?scopePath=/&recursionLevel=120")).await.expect(200);
    assert_eq!(files["count"], 3, "the folder and its two files");
}

#[tokio::test]
async fn a_project_is_created_with_any_spelling_and_has_the_types_of_its_process() {
    let bench = Bench::new().await;
    for (name, control, process, kind, state) in [
        ("Basic", json!("git"), "b8a3a935-7e91-48b8-a94c-606d37c3e9f2", "Issue", "To Do"),
        ("Scrum", json!("GIT"), "6b724908-ef14-45cf-84f8-768b5384da45", "Product Backlog Item", "New"),
        ("CMMI", json!(2), "27450541-8e31-4150-9947-dc59f998fc01", "Requirement", "Proposed"),
        ("Agile", json!("Git"), "adcc42ab-9882-485e-a3ed-7678f01f66bc", "User Story", "New"),
    ] {
        let body = json!({
            "name": name, "visibility": 0,
            "capabilities": { "versioncontrol": { "sourceControlType": control }, "processTemplate": { "templateTypeId": process } },
        });
        let made = bench.send("POST", "/fabrikam/_apis/projects", body).await.expect(202);
        assert_eq!(made["status"], "notSet");
        let project =
            bench.get(&format!("/fabrikam/_apis/projects/{name}?includeCapabilities=true")).await.expect(200);
        assert_eq!(project["capabilities"]["processTemplate"]["templateName"], name);
        let types = bench.get(&format!("/fabrikam/{name}/_apis/wit/workitemtypes/{kind}")).await.expect(200);
        assert_eq!(types["states"][0]["name"], state, "{kind}");
        let request = bench
            .request("POST", &format!("/fabrikam/{name}/_apis/wit/workitems/${kind}"))
            .header("Content-Type", "application/json-patch+json")
            .body(r#"[{"op":"add","path":"/fields/System.Title","value":"t"}]"#);
        assert_eq!(Answer::of(request).await.expect(200)["fields"]["System.State"], state);
        bench.get(&format!("/fabrikam/{name}/_apis/wit/workitemtypes/Nothing")).await.expect(404);
    }
}

#[tokio::test]
async fn a_pushed_file_may_be_base64_with_line_breaks() {
    let bench = bench().await;
    let tip = bench.get(&format!("{CODE}/stats/branches?name=main")).await.expect(200);
    let push = json!({
        "refUpdates": [{ "name": "refs/heads/main", "oldObjectId": tip["commit"]["commitId"] }],
        "commits": [{ "comment": "c", "changes": [{
            "changeType": 1, "item": { "path": "/x" }, "newContent": { "content": "aGVs\r\nbG8=\n", "contentType": 1 },
        }] }],
    });
    bench.send("POST", &format!("{CODE}/pushes"), push).await.expect(201);
    assert_eq!(bench.get(&format!("{CODE}/items?path=/x&$format=text")).await.text(), "hello");
}
