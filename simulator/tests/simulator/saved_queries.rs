//! Saved queries: their folders, their paths, their text and their result.

use serde_json::Value;
use serde_json::json;

use crate::client::Answer;
use crate::client::Bench;

const BASE: &str = "/fabrikam/Fabrikam/_apis/wit";

async fn saved(bench: &Bench, parent: &str, body: Value) -> Value {
    bench.send("POST", &format!("{BASE}/queries/{parent}"), body).await.expect(201)
}

fn names(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_query_is_saved_in_a_folder_found_by_path_and_run() {
    let bench = Bench::new().await;
    saved(&bench, "Shared%20Queries", json!({ "name": "Team", "isFolder": true })).await;
    let wiql = "SELECT [System.Id] FROM WorkItems WHERE [System.Title] = 'It fails'";
    let made = saved(&bench, "Shared%20Queries/Team", json!({ "name": "Failures", "wiql": wiql })).await;
    assert_eq!((&made["path"], &made["wiql"]), (&json!("Shared Queries/Team/Failures"), &json!(wiql)));
    let id = made["id"].as_str().unwrap();
    for path in ["Shared%20Queries/Team/Failures", "shared%20queries%2FTEAM%2Ffailures", id] {
        let found = bench.get(&format!("{BASE}/queries/{path}")).await.expect(200);
        assert_eq!((&found["id"], found.get("wiql")), (&json!(id), None), "{path}");
    }
    for expand in ["wiql", "1", "ALL"] {
        let found = bench.get(&format!("{BASE}/queries/{id}?$expand={expand}")).await.expect(200);
        assert_eq!(
            (&found["wiql"], &found["columns"][0]["referenceName"]),
            (&json!(wiql), &json!("System.Id"))
        );
    }
    let bug = bench
        .request("POST", &format!("{BASE}/workitems/$Bug"))
        .header("Content-Type", "application/json-patch+json")
        .body(r#"[{"op":"add","path":"/fields/System.Title","value":"It fails"}]"#);
    Answer::of(bug).await.expect(200);
    for place in ["/fabrikam/_apis", "/fabrikam/Fabrikam/_apis", "/fabrikam/Fabrikam/Fabrikam%20Team/_apis"] {
        let result = bench.get(&format!("{place}/wit/wiql/{id}")).await.expect(200);
        assert_eq!(result["workItems"][0]["id"], 1, "{place}");
    }
    bench.get(&format!("/fabrikam/Archive/_apis/wit/wiql/{id}")).await.refused(
        404,
        "QueryItemNotFoundException",
        "TF401243",
    );
}

#[tokio::test]
async fn folders_are_listed_to_a_depth_and_queries_are_searched() {
    let bench = Bench::new().await;
    let wiql = "SELECT [System.Id] FROM WorkItems";
    saved(&bench, "Shared%20Queries", json!({ "name": "Team", "isFolder": true })).await;
    saved(&bench, "Shared%20Queries/Team", json!({ "name": "All bugs", "wiql": wiql })).await;
    saved(&bench, "My%20Queries", json!({ "name": "My bugs", "wiql": wiql })).await;
    let roots = bench.get(&format!("{BASE}/queries")).await.expect(200);
    assert_eq!(names(&roots["value"]), ["My Queries", "Shared Queries"]);
    assert!(roots["value"][1].get("children").is_none() && roots["value"][1]["hasChildren"] == true);
    let deep = bench.get(&format!("{BASE}/queries/Shared%20Queries?$depth=2")).await.expect(200);
    assert_eq!(deep["children"][0]["children"][0]["name"], "All bugs");
    bench.get(&format!("{BASE}/queries?$depth=3")).await.refused(
        400,
        "InvalidArgumentValueException",
        "The $depth",
    );
    let found = bench.get(&format!("{BASE}/queries?$filter=BUGS&$top=1")).await.expect(200);
    assert_eq!((names(&found["value"]), &found["hasMore"]), (vec!["All bugs"], &json!(true)));
    let folder = deep["children"][0]["id"].clone();
    let body = json!({ "ids": [folder, "00000000-0000-0000-0000-000000000001"], "errorPolicy": 2 });
    let several = bench.send("POST", &format!("{BASE}/queriesbatch"), body.clone()).await.expect(200);
    assert_eq!(names(&several["value"]), ["Team"]);
    let strict = json!({ "ids": body["ids"] });
    bench.send("POST", &format!("{BASE}/queriesbatch"), strict).await.refused(
        404,
        "QueryItemNotFoundException",
        "TF401243",
    );
}

#[tokio::test]
async fn a_query_is_changed_moved_deleted_and_restored() {
    let bench = Bench::new().await;
    let wiql = "SELECT [System.Id] FROM WorkItems";
    let made = saved(&bench, "Shared%20Queries", json!({ "name": "All", "wiql": wiql })).await;
    let path = format!("{BASE}/queries/{}", made["id"].as_str().unwrap());
    let other = "SELECT [System.Title] FROM WorkItems";
    let changed = bench.send("PATCH", &path, json!({ "name": "Titles", "wiql": other })).await.expect(200);
    assert_eq!((&changed["name"], &changed["wiql"]), (&json!("Titles"), &json!(other)));
    let wrong = bench.send("PATCH", &path, json!({ "wiql": "SELECT nothing" })).await;
    wrong.refused(400, "WorkItemTrackingQueryException", "TF51006");
    saved(&bench, "Shared%20Queries", json!({ "name": "Team", "isFolder": true })).await;
    let team = format!("{BASE}/queries/Shared%20Queries/Team");
    let moved = bench.send("POST", &team, json!({ "id": made["id"] })).await.expect(200);
    assert_eq!(moved["path"], "Shared Queries/Team/Titles");
    let twice = bench.send("POST", &team, json!({ "name": "titles", "wiql": wiql })).await;
    twice.refused(400, "WorkItemTrackingQueryItemException", "TF237018");
    assert_eq!(bench.send("DELETE", &team, json!(null)).await.status, 204);
    bench.get(&path).await.refused(404, "QueryItemNotFoundException", "TF401243");
    let deleted = bench.get(&format!("{path}?$includeDeleted=true")).await.expect(200);
    assert_eq!(deleted["isDeleted"], true);
    let restored = bench.send("PATCH", &path, json!({ "isDeleted": false })).await.expect(200);
    assert_eq!(restored.get("isDeleted"), None);
    let root = bench.send("DELETE", &format!("{BASE}/queries/Shared%20Queries"), json!(null)).await;
    root.refused(400, "WorkItemTrackingQueryItemException", "My Queries and Shared Queries");
}
