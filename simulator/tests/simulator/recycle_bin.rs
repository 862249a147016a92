//! Deleted work items, repositories and projects, and what restores them; several work items in one batch.

use serde_json::Value;
use serde_json::json;

use crate::client::Answer;
use crate::client::Bench;

const WORK: &str = "/fabrikam/Fabrikam/_apis/wit";

async fn document(bench: &Bench, method: &str, path: &str, operations: Value) -> Answer {
    let request = bench.request(method, path).header("Content-Type", "application/json-patch+json");
    Answer::of(request.body(operations.to_string())).await
}

async fn bug(bench: &Bench, title: &str) -> Value {
    let title = json!([{ "op": "add", "path": "/fields/System.Title", "value": title }]);
    document(bench, "POST", &format!("{WORK}/workitems/$Bug"), title).await.expect(200)
}

#[tokio::test]
async fn a_deleted_work_item_is_restored_with_its_links() {
    let bench = Bench::new().await;
    let (one, other) = (bug(&bench, "one").await, bug(&bench, "other").await);
    let link = json!([{ "op": "add", "path": "/relations/-",
        "value": { "rel": "System.LinkTypes.Related", "url": other["url"] } }]);
    document(&bench, "PATCH", &format!("{WORK}/workitems/1"), link).await.expect(200);
    let deleted = bench.send("DELETE", &format!("{WORK}/workitems/1"), json!(null)).await.expect(200);
    assert_eq!((&deleted["name"], &deleted["resource"]["id"]), (&json!("one"), &json!(1)));
    assert_eq!(bench.get(&format!("{WORK}/workitems/1")).await.status, 404);
    let links = format!("{WORK}/workitems/2?$expand=relations");
    assert_eq!(bench.get(&links).await.expect(200).get("relations"), None);
    let listed = bench.get("/fabrikam/_apis/wit/recyclebin").await.expect(200);
    assert_eq!(listed["value"], json!([{ "id": 1, "url": deleted["url"] }]));
    assert_eq!(bench.get(&format!("{WORK}/recyclebin?ids=1,2")).await.expect(200)["value"][0]["type"], "Bug");
    let bin = format!("{WORK}/recyclebin/1");
    assert_eq!(bench.get(&bin).await.expect(200)["resource"]["fields"]["System.Title"], "one");
    bench.send("PATCH", &bin, json!({})).await.refused(
        400,
        "InvalidArgumentValueException",
        "Only IsDeleted",
    );
    bench.send("PATCH", &bin, json!({ "IsDeleted": false })).await.expect(200);
    let back = bench.get(&format!("{WORK}/workitems/1")).await.expect(200);
    assert_eq!((&back["fields"]["System.Title"], &back["rev"]), (&one["fields"]["System.Title"], &json!(3)));
    assert_eq!(bench.get(&links).await.expect(200)["relations"][0]["url"], one["url"]);
    bench.get(&bin).await.refused(404, "WorkItemUnauthorizedAccessException", "TF401232");
}

#[tokio::test]
async fn a_destroyed_work_item_is_gone() {
    let bench = Bench::new().await;
    for title in ["one", "two"] {
        bug(&bench, title).await;
    }
    let destroyed = bench.send("DELETE", &format!("{WORK}/workitems/1?destroy=true"), json!(null)).await;
    assert_eq!(destroyed.expect(200)["id"], 1);
    bench.send("DELETE", &format!("{WORK}/workitems/2"), json!(null)).await.expect(200);
    assert_eq!(bench.send("DELETE", &format!("{WORK}/recyclebin/2"), json!(null)).await.status, 204);
    assert_eq!(bench.get(&format!("{WORK}/recyclebin")).await.expect(200)["count"], 0);
}

#[tokio::test]
async fn a_batch_creates_and_links_work_items_and_each_part_has_its_result() {
    let bench = Bench::new().await;
    let part = |uri: &str, body: Value| {
        let headers = json!({ "Content-Type": "application/json-patch+json" });
        json!({ "method": "PATCH", "uri": uri, "headers": headers, "body": body })
    };
    let title = |text: &str| json!({ "op": "add", "path": "/fields/System.Title", "value": text });
    let new =
        |id: i64, text: &str| json!([{ "op": "add", "path": "/id", "value": id.to_string() }, title(text)]);
    let mut child = new(-2, "child");
    child.as_array_mut().unwrap().push(json!({ "op": "add", "path": "/relations/-", "value": {
        "rel": "System.LinkTypes.Hierarchy-Reverse",
        "url": format!("http://{}/fabrikam/_apis/wit/workItems/-1", bench.simulator.address()),
    } }));
    let create = "/Fabrikam/_apis/wit/workitems/$Task?api-version=7.1";
    let body = json!([
        part(create, new(-1, "parent")),
        part(create, child),
        part("/_apis/wit/workitems/9?api-version=7.1", json!([title("missing")])),
        part("/_apis/projects", json!([])),
    ]);
    let answer = bench.send("PATCH", "/fabrikam/_apis/wit/$batch", body).await.expect(200);
    let codes: Vec<u64> =
        answer["value"].as_array().unwrap().iter().map(|one| one["code"].as_u64().unwrap()).collect();
    assert_eq!((codes, &answer["count"]), (vec![200, 200, 404, 400], &json!(4)));
    let second: Value = serde_json::from_str(answer["value"][1]["body"].as_str().unwrap()).unwrap();
    assert_eq!((&second["id"], &second["fields"]["System.Title"]), (&json!(2), &json!("child")));
    let parent = bench.get(&format!("{WORK}/workitems/1?$expand=relations")).await.expect(200);
    assert_eq!(parent["relations"][0]["url"], second["url"]);
}

#[tokio::test]
async fn a_deleted_repository_is_restored_or_destroyed() {
    let bench = Bench::new().await;
    let code = "/fabrikam/Fabrikam/_apis/git";
    let id = bench.get(&format!("{code}/repositories/site")).await.expect(200)["id"].clone();
    let id = id.as_str().unwrap();
    let delete =
        async || bench.send("DELETE", &format!("{code}/repositories/{id}"), json!(null)).await.status;
    assert_eq!(delete().await, 204);
    let bin = format!("{code}/recycleBin/repositories/{id}");
    assert_eq!(bench.send("PATCH", &bin, json!({ "deleted": false })).await.expect(200)["name"], "site");
    assert_eq!(bench.get(&format!("{code}/repositories/site")).await.expect(200)["id"], id);
    assert_eq!(delete().await, 204);
    assert_eq!(bench.send("DELETE", &bin, json!(null)).await.status, 204);
    let gone = bench.send("PATCH", &bin, json!({ "deleted": false })).await;
    gone.refused(404, "GitRepositoryNotFoundException", "TF401019");
}

#[tokio::test]
async fn a_project_is_changed_deleted_and_restored_by_operations() {
    let bench = Bench::new().await;
    bug(&bench, "one").await;
    let id = bench.get("/fabrikam/_apis/projects/Fabrikam").await.expect(200)["id"].clone();
    let path = format!("/fabrikam/_apis/projects/{}", id.as_str().unwrap());
    let done = async |answer: Answer| {
        let operation = answer.expect(202);
        assert_eq!(operation["status"], "notSet");
        let path = format!("/fabrikam/_apis/operations/{}", operation["id"].as_str().unwrap());
        let status = async || bench.get(&path).await.expect(200)["status"].clone();
        // The hard world shows each operation in progress once.
        assert_eq!([status().await, status().await], ["inProgress", "succeeded"]);
    };
    let body = json!({ "name": "Renamed", "description": "d", "visibility": 2 });
    done(bench.send("PATCH", &path, body).await).await;
    let changed = bench.get(&path).await.expect(200);
    assert_eq!((&changed["name"], &changed["visibility"]), (&json!("Renamed"), &json!("public")));
    assert_eq!((&changed["description"], &changed["revision"]), (&json!("d"), &json!(2)));
    let fields = bench.get("/fabrikam/_apis/wit/workitems/1").await.expect(200)["fields"].clone();
    assert_eq!(
        (&fields["System.TeamProject"], &fields["System.AreaPath"]),
        (&json!("Renamed"), &json!("Renamed"))
    );
    let taken = bench.send("PATCH", &path, json!({ "name": "archive" })).await;
    taken.refused(400, "ProjectAlreadyExistsException", "TF200019");
    let by_name = bench.send("DELETE", "/fabrikam/_apis/projects/Renamed", json!(null)).await;
    by_name.refused(404, "ProjectDoesNotExistWithNameException", "TF200016");
    done(bench.send("DELETE", &path, json!(null)).await).await;
    assert_eq!(bench.get(&path).await.status, 404);
    let deleted = bench.get("/fabrikam/_apis/projects?stateFilter=4").await.expect(200);
    assert_eq!((&deleted["value"][0]["id"], &deleted["value"][0]["state"]), (&id, &json!("deleted")));
    done(bench.send("PATCH", &path, json!({ "state": "wellFormed" })).await).await;
    assert_eq!(bench.get(&path).await.expect(200)["state"], "wellFormed");
}
