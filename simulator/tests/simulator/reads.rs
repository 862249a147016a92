//! What can be read besides the records: trees, differences, histories, teams, and what is derived from them.

use serde_json::Value;
use serde_json::json;

use crate::client::Answer;
use crate::client::Bench;
use crate::walk_world;

const BASE: &str = "/fabrikam/Fabrikam/_apis";
const CODE: &str = "/fabrikam/Fabrikam/_apis/git/repositories/site";

async fn bench() -> Bench {
    Bench::of(walk_world::world(Vec::new())).await
}

async fn push(bench: &Bench, branch: &str, path: &str) -> Value {
    let tip = bench.get(&format!("{CODE}/stats/branches?name={branch}")).await.expect(200);
    let body = json!({
        "refUpdates": [{ "name": format!("refs/heads/{branch}"), "oldObjectId": tip["commit"]["commitId"] }],
        "commits": [{ "comment": "c", "changes": [{ "changeType": "add", "item": { "path": path }, "newContent": { "content": "x" } }] }],
    });
    bench.send("POST", &format!("{CODE}/pushes"), body).await.expect(201)["commits"][0].clone()
}

fn texts(list: &Value, name: &str) -> Vec<String> {
    list.as_array().unwrap().iter().map(|one| one[name].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_tree_lists_its_folder_or_everything_below_it() {
    let bench = bench().await;
    let commit = push(&bench, "main", "/src/deep/a.txt").await;
    let path = format!("{CODE}/trees/{}", commit["treeId"].as_str().unwrap());
    let tree = bench.get(&path).await.expect(200);
    assert_eq!(texts(&tree["treeEntries"], "relativePath"), ["README.md", "azure-pipelines.yml", "src"]);
    assert_eq!(texts(&tree["treeEntries"], "mode"), ["100644", "100644", "40000"]);
    let below =
        format!("{CODE}/trees/{}?recursive=true", tree["treeEntries"][2]["objectId"].as_str().unwrap());
    let below = bench.get(&below).await.expect(200);
    assert_eq!(texts(&below["treeEntries"], "relativePath"), ["deep", "deep/a.txt"]);
    // A tree's own size: for each entry its mode, a space, its name, a zero and 20 bytes.
    assert_eq!((&below["size"], &below["treeEntries"][0]["size"]), (&json!(31), &json!(33)));
    assert_eq!(below["_links"]["treeEntries"][1]["href"], below["treeEntries"][1]["url"]);
    bench.get(&format!("{CODE}/trees/{}", "1".repeat(40))).await.refused(
        404,
        "GitObjectDoesNotExistException",
        "TF401035: ",
    );
}

#[tokio::test]
async fn differences_begin_at_the_common_commit() {
    let bench = bench().await;
    push(&bench, "main", "/only-main.txt").await;
    let path = format!("{CODE}/diffs/commits?baseVersion=main&targetVersion=topic");
    let shown = bench.get(&path).await.expect(200);
    assert_eq!((&shown["aheadCount"], &shown["behindCount"]), (&json!(1), &json!(1)));
    assert_eq!(
        (&shown["changeCounts"], &shown["changes"][0]["item"]["path"]),
        (&json!({ "Add": 1 }), &json!("/NEWS.md"))
    );
    let direct = bench.get(&format!("{path}&diffCommonCommit=false")).await.expect(200);
    assert_eq!(direct["changeCounts"], json!({ "Add": 1, "Delete": 1 }));
}

#[tokio::test]
async fn a_pull_request_has_commits_and_statuses() {
    let bench = bench().await;
    let body =
        json!({ "title": "t", "sourceRefName": "refs/heads/topic", "targetRefName": "refs/heads/main" });
    bench.send("POST", &format!("{CODE}/pullrequests"), body).await.expect(201);
    push(&bench, "topic", "/second.txt").await;
    let path = format!("{CODE}/pullrequests/1");
    assert_eq!(bench.get(&format!("{path}/commits")).await.expect(200)["count"], 2);
    assert_eq!(bench.get(&format!("{path}/iterations/1/commits")).await.expect(200)["count"], 1);
    let status =
        json!({ "state": 2, "context": { "name": "links", "genre": "docs" }, "description": "all work" });
    let made = bench.send("POST", &format!("{path}/statuses"), status).await.expect(200);
    assert_eq!(bench.get(&format!("{path}/statuses/1")).await.expect(200), made);
    assert_eq!((&made["state"], &made["context"]["genre"]), (&json!("succeeded"), &json!("docs")));
    bench.get(&format!("{path}/statuses/2")).await.refused(404, "GitPullRequestStatusNotFoundException", "");
}

#[tokio::test]
async fn the_history_of_a_work_item_shows_what_each_revision_changed_until_it_is_deleted() {
    let bench = bench().await;
    let send = async |method: &str, path: &str, document: Value| {
        let request = bench.request(method, &format!("{BASE}/wit/workitems/{path}"));
        let request =
            request.header("Content-Type", "application/json-patch+json").body(document.to_string());
        Answer::of(request).await.expect(200)
    };
    let set =
        |name: &str, value: &str| json!({ "op": "add", "path": format!("/fields/{name}"), "value": value });
    send("POST", "$Bug", json!([set("System.Title", "a"), set("System.AreaPath", "Fabrikam\\Site")])).await;
    send("PATCH", "1", json!([set("System.Title", "b"), set("System.State", "Active")])).await;
    let updates = bench.get(&format!("{BASE}/wit/workitems/1/updates")).await.expect(200);
    assert_eq!(updates["count"], 2);
    let fields = &updates["value"][1]["fields"];
    assert_eq!(fields["System.Title"], json!({ "oldValue": "a", "newValue": "b" }));
    assert!(
        fields.get("System.TeamProject").is_none()
            && fields.get("Microsoft.VSTS.Common.StateChangeDate").is_some(),
        "{fields}"
    );
    let revisions = bench.get(&format!("{BASE}/wit/workitems/1/revisions")).await.expect(200);
    assert_eq!(
        (&revisions["value"][0]["fields"]["System.Title"], &revisions["value"][1]["rev"]),
        (&json!("a"), &json!(2))
    );
    let areas = bench.get(&format!("{BASE}/wit/classificationnodes/areas?$depth=1")).await.expect(200);
    assert_eq!(
        (&areas["name"], &areas["children"][0]["path"]),
        (&json!("Fabrikam"), &json!("\\Fabrikam\\Area\\Site"))
    );
    let field = bench.get(&format!("{BASE}/wit/fields/system.title")).await.expect(200);
    assert_eq!((&field["referenceName"], &field["type"]), (&json!("System.Title"), &json!("string")));

    send(
        "POST",
        "$Task",
        json!([set("System.Title", "c"), { "op": "add", "path": "/relations/-",
        "value": { "rel": "System.LinkTypes.Related", "url": "http://x/fabrikam/_apis/wit/workItems/1" } }]),
    )
    .await;
    let gone = bench.send("DELETE", &format!("{BASE}/wit/workitems/1"), json!(null)).await.expect(200);
    assert_eq!((&gone["id"], &gone["name"], &gone["type"]), (&json!(1), &json!("b"), &json!("Bug")));
    assert_eq!(bench.get(&format!("{BASE}/wit/workitems/1")).await.status, 404);
    let other = bench.get(&format!("{BASE}/wit/workitems/2?$expand=relations")).await.expect(200);
    assert!(other.get("relations").is_none(), "{other}");
}

#[tokio::test]
async fn the_changes_of_a_run_are_the_commits_since_the_run_before() {
    let bench = bench().await;
    let run = async || bench.send("POST", &format!("{BASE}/pipelines/1/runs"), json!({})).await.expect(200);
    run().await;
    let commit = push(&bench, "main", "/new.txt").await;
    run().await;
    run().await;
    let changes = async |id: u32| bench.get(&format!("{BASE}/build/builds/{id}/changes")).await.expect(200);
    assert_eq!(changes(1).await["count"], 1, "the first run has its latest commit");
    assert_eq!(changes(2).await["value"][0]["id"], commit["commitId"]);
    assert_eq!(changes(3).await["count"], 0);
}

#[tokio::test]
async fn a_project_has_one_team_and_the_organization_has_pools_and_namespaces() {
    let bench = bench().await;
    let teams = bench.get("/fabrikam/_apis/projects/Fabrikam/teams").await.expect(200);
    let project = bench.get("/fabrikam/_apis/projects/Fabrikam").await.expect(200);
    assert_eq!((&teams["count"], &teams["value"][0]["id"]), (&json!(1), &project["defaultTeam"]["id"]));
    let members =
        bench.get("/fabrikam/_apis/projects/Fabrikam/teams/fabrikam%20team/members").await.expect(200);
    assert_eq!(
        (&members["value"][0]["identity"]["displayName"], &members["value"][0]["isTeamAdmin"]),
        (&json!("Owner"), &json!(true))
    );
    let none = bench.get("/fabrikam/_apis/projects/Fabrikam/teams/Nothing").await;
    none.refused(404, "TeamNotFoundException", "");
    let pool = bench.get("/fabrikam/_apis/distributedtask/pools?poolName=ONE").await.expect(200);
    let queue = bench.get(&format!("{BASE}/distributedtask/queues/2")).await.expect(200);
    assert_eq!(pool["value"][0], queue["pool"]);
    let git = bench
        .get("/fabrikam/_apis/securitynamespaces/2e9eb7ed-3c0a-47d4-87c1-0ffdd275fd87")
        .await
        .expect(200);
    let actions = &git["value"][0]["actions"];
    assert!(
        actions.as_array().unwrap().iter().any(|one| one["name"] == "ForcePush" && one["bit"] == 8),
        "{actions}"
    );
    let types = bench.get(&format!("{BASE}/policy/types")).await.expect(200);
    assert_eq!(texts(&types["value"], "displayName")[2], "Require a merge strategy");
}
