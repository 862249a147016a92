//! The details of changes: properties, comments of revisions, changes of a commit, parameters of a run.

use azdo_simulator::Organization;
use azdo_simulator::Project;
use azdo_simulator::ReleasePipeline;
use azdo_simulator::ReleaseStage;
use azdo_simulator::Repository;
use azdo_simulator::World;
use serde_json::Value;
use serde_json::json;

use crate::client::Bench;

const BASE: &str = "/fabrikam/Fabrikam/_apis";

fn text(value: &str) -> Value {
    json!({ "$type": "System.String", "$value": value })
}

#[tokio::test]
async fn a_thread_keeps_properties_with_their_types() {
    let site = Repository::named("site").file("/a", "x").file_on("topic", "/b", "y");
    let project = Project::named("Fabrikam").repository(site);
    let bench = Bench::of(World::hard().organization(Organization::named("fabrikam").project(project))).await;
    let place = format!("{BASE}/git/repositories/site/pullrequests");
    let body =
        json!({ "title": "t", "sourceRefName": "refs/heads/topic", "targetRefName": "refs/heads/main" });
    bench.send("POST", &place, body).await.expect(201);
    let threads = format!("{place}/1/threads");
    let thread = |properties: Value| json!({ "comments": [{ "content": "Why?" }], "properties": properties });
    let given = json!({ "a.b": "c", "n": 1, "yes": true, "typed": text("x"), "nothing": null });
    let kept = json!({
        "a.b": text("c"),
        "n": { "$type": "System.Int32", "$value": 1 },
        "yes": { "$type": "System.Boolean", "$value": true },
        "typed": text("x"),
    });
    assert_eq!(bench.send("POST", &threads, thread(given)).await.expect(200)["properties"], kept);
    bench.send("POST", &threads, json!({ "comments": [{ "content": "Why?" }] })).await.expect(200);
    let bad = bench.send("POST", &threads, thread(json!({ "list": [1] }))).await;
    bad.refused(400, "InvalidArgumentValueException", "The value of the property 'list'");
    let seen = bench.get(&threads).await.expect(200);
    assert_eq!((&seen["value"][0]["properties"], &seen["count"]), (&kept, &json!(2)));
    assert_eq!(seen["value"][1]["properties"], json!({}));
}

#[tokio::test]
async fn a_release_and_its_pipeline_show_the_requested_properties() {
    let deploy = ReleasePipeline::named("deploy", "site").stage(ReleaseStage::named("Test"));
    let project = Project::with_site("Fabrikam").release_pipeline(deploy);
    let bench = Bench::of(World::hard().organization(Organization::named("fabrikam").project(project))).await;
    bench.send("POST", &format!("{BASE}/pipelines/1/runs"), json!({})).await.expect(200);
    for _ in 0..4 {
        bench.get(&format!("{BASE}/build/builds/1")).await.expect(200);
    }
    let releases = format!("{BASE}/release/releases");
    let made = json!({ "definitionId": 1, "properties": { "one": "1", "two": "2" } });
    bench.send("POST", &releases, made).await.expect(200);
    let definitions = format!("{BASE}/release/definitions");
    let stage = json!([{ "name": "A", "retentionPolicy": {} }]);
    let made = json!({ "name": "other", "environments": stage, "properties": { "one": "1" } });
    bench.send("POST", &definitions, made).await.expect(200);
    for (list, one) in [(&releases, 1), (&definitions, 2)] {
        for query in ["?propertyFilters=One,three", ""] {
            let expected = if query.is_empty() { Value::Null } else { json!({ "one": text("1") }) };
            let all = bench.get(&format!("{list}{query}")).await.expect(200);
            let newest = all["value"].as_array().unwrap().iter().find(|found| found["id"] == one);
            assert_eq!(newest.unwrap()["properties"], expected, "{list}{query}");
            let alone = bench.get(&format!("{list}/{one}{query}")).await.expect(200);
            assert_eq!(alone["properties"], expected, "{list}/{one}{query}");
        }
    }
}

#[tokio::test]
async fn the_history_of_a_definition_has_authors_and_comments() {
    for kept in [true, false] {
        let deploy = ReleasePipeline::named("deploy", "site").stage(ReleaseStage::named("Test"));
        let project = Project::with_site("Fabrikam").release_pipeline(deploy);
        let world = World::hard().organization(Organization::named("fabrikam").project(project));
        let bench = Bench::of(world.switches(|switches| switches.unverified.revision_comments = kept)).await;
        let shown = |comment: &str| if kept { json!(comment) } else { Value::Null };
        for (list, changed) in
            [("build/definitions", "build/definitions/1"), ("release/definitions", "release/definitions")]
        {
            let one = format!("{BASE}/{list}/1");
            let mut body = bench.get(&one).await.expect(200);
            assert_eq!(body["comment"], Value::Null);
            body["comment"] = json!("Because");
            bench.send("PUT", &format!("{BASE}/{changed}"), body.clone()).await.expect(200);
            body["revision"] = json!(2);
            body["name"] = json!("renamed");
            body["comment"] = json!("");
            bench.send("PUT", &format!("{BASE}/{changed}"), body).await.expect(200);
            let history = bench.get(&format!("{one}/revisions")).await.expect(200)["value"].clone();
            let numbers: Vec<_> =
                history.as_array().unwrap().iter().map(|one| one["revision"].as_u64().unwrap()).collect();
            assert_eq!(numbers, [1, 2, 3], "{list}");
            let changes: Vec<_> = (0..3).map(|at| history[at]["changeType"].as_str().unwrap()).collect();
            assert_eq!(changes, ["add", "update", "update"], "{list}");
            assert_eq!(history[1]["comment"], shown("Because"), "{list}");
            assert_eq!(history[2]["comment"], Value::Null, "{list}");
            assert!(history[1]["changedBy"]["id"].is_string() && history[1]["changedDate"].is_string());
        }
    }
}

#[tokio::test]
async fn a_list_shortens_messages_and_a_single_commit_has_its_changes() {
    let site = Repository::named("site").file("/old/a", "a\n").file("/gone", "x");
    let project = Project::named("Fabrikam").repository(site);
    let bench = Bench::of(World::hard().organization(Organization::named("fabrikam").project(project))).await;
    let place = format!("{BASE}/git/repositories/site");
    let main = bench.get(&format!("{place}/refs?filter=heads/main")).await.expect(200);
    let message = format!("{}\n\nWhy it was done", "m".repeat(120));
    let change = |kind: &str, path: &str| json!({ "changeType": kind, "item": { "path": path } });
    let with = |mut change: Value, content: &str| {
        change["newContent"] = json!({ "content": content, "contentType": "rawtext" });
        change
    };
    let changes = json!([
        with(change("add", "/new/b"), "b\n"),
        with(change("edit", "/old/a"), "hello\n"),
        change("delete", "/gone"),
    ]);
    let body = json!({
        "refUpdates": [{ "name": "refs/heads/main", "oldObjectId": main["value"][0]["objectId"] }],
        "commits": [{ "comment": message, "changes": changes }],
    });
    let pushed = bench.send("POST", &format!("{place}/pushes"), body).await.expect(201);
    let id = pushed["commits"][0]["commitId"].as_str().unwrap().to_owned();
    let listed = bench.get(&format!("{place}/commits")).await.expect(200)["value"].clone();
    assert_eq!(
        (&listed[0]["comment"], &listed[0]["commentTruncated"]),
        (&json!("m".repeat(100)), &json!(true))
    );
    assert_eq!((&listed[1]["commentTruncated"], &listed[0]["parents"]), (&Value::Null, &Value::Null));
    let one = bench.get(&format!("{place}/commits/{id}")).await.expect(200);
    assert_eq!((&one["comment"], &one["parents"][0]), (&json!(message), &main["value"][0]["objectId"]));
    let changes = bench.get(&format!("{place}/commits/{id}/changes")).await.expect(200);
    assert_eq!(changes["changeCounts"], json!({ "Add": 2, "Delete": 1, "Edit": 2 }));
    let rows = changes["changes"].as_array().unwrap().iter().map(|one| {
        let item = &one["item"];
        (item["path"].as_str().unwrap(), one["changeType"].as_str().unwrap(), item["isFolder"] == true)
    });
    assert_eq!(
        rows.collect::<Vec<_>>(),
        [
            ("/gone", "delete", false),
            ("/new", "add", true),
            ("/new/b", "add", false),
            ("/old", "edit", true),
            ("/old/a", "edit", false),
        ]
    );
    // printf 'hello\n' | git hash-object --stdin
    assert_eq!(changes["changes"][4]["item"]["objectId"], "ce013625030ba8dba906f756967f9e9ca394464a");
}

#[tokio::test]
async fn only_a_single_run_shows_its_parameters() {
    let bench = Bench::of(World::hard().switches(|switches| switches.only_settable_variables = false)).await;
    let runs = format!("{BASE}/pipelines/1/runs");
    let body =
        json!({ "templateParameters": { "environment": "test" }, "variables": { "a": { "value": "b" } } });
    bench.send("POST", &runs, body).await.expect(200);
    let alone = bench.get(&format!("{runs}/1")).await.expect(200);
    assert_eq!(alone["templateParameters"]["environment"], "test");
    assert_eq!(alone["variables"]["a"]["value"], "b");
    let listed = bench.get(&runs).await.expect(200)["value"][0].clone();
    assert_eq!(
        (&listed["id"], &listed["templateParameters"], &listed["variables"]),
        (&json!(1), &Value::Null, &Value::Null)
    );
}
