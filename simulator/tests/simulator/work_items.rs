//! Work items: patch documents, queries, attachments.

use azdo_simulator::Organization;
use azdo_simulator::Permission;
use azdo_simulator::User;
use azdo_simulator::World;
use serde_json::Value;
use serde_json::json;

use crate::client::Answer;
use crate::client::Bench;

const WIT: &str = "/fabrikam/Fabrikam/_apis/wit";

async fn patch(bench: &Bench, method: &str, path: &str, document: Value) -> Answer {
    let request = bench.request(method, &format!("{WIT}/{path}"));
    Answer::of(request.header("Content-Type", "application/json-patch+json").body(document.to_string())).await
}

fn title(text: &str) -> Value {
    json!([{ "op": "add", "path": "/fields/System.Title", "value": text }])
}

#[tokio::test]
async fn a_patch_document_is_applied_as_a_whole_or_not_at_all() {
    let bench = Bench::new().await;
    let made = patch(&bench, "POST", "workitems/$User%20Story", title("one")).await.expect(200);
    assert_eq!(
        (&made["id"], &made["rev"], &made["fields"]["System.WorkItemType"]),
        (&json!(1), &json!(1), &json!("User Story"))
    );
    let half = json!([
        { "op": "add", "path": "/fields/System.Title", "value": "two" },
        { "op": "test", "path": "/rev", "value": 7 },
    ]);
    let message = "VS403351: Test Operation for path /rev failed, value 1 was not equal to test value 7.";
    patch(&bench, "PATCH", "workitems/1", half).await.refused(
        412,
        "TestPatchOperationFailedException",
        message,
    );
    let read = bench.get(&format!("{WIT}/workitems/1")).await.expect(200);
    assert_eq!((&read["fields"]["System.Title"], &read["rev"]), (&json!("one"), &json!(1)));
    patch(&bench, "POST", "workitems/$Bgu", title("x")).await.refused(
        404,
        "WorkItemTypeNotFoundException",
        "VS402323",
    );
    bench.get(&format!("{WIT}/workitems/9")).await.refused(
        404,
        "WorkItemUnauthorizedAccessException",
        "TF401232",
    );
    let plain = bench.send("POST", &format!("{WIT}/workitems/$Bug"), title("x")).await;
    plain.refused(415, "VssRequestContentTypeNotSupportedException", "The request indicated");
}

#[tokio::test]
async fn several_work_items_are_read_at_once_and_found_by_queries() {
    let bench = Bench::new().await;
    for text in ["one", "two"] {
        patch(&bench, "POST", "workitems/$Bug", title(text)).await.expect(200);
    }
    let batch = json!({ "ids": [2, 9, 1], "fields": ["System.Title"], "errorPolicy": "omit" });
    let found = bench.send("POST", &format!("{WIT}/workitemsbatch"), batch).await.expect(200);
    assert_eq!(found["value"][0]["fields"], json!({ "System.Title": "two" }));
    assert_eq!((&found["value"][1], &found["value"][2]["id"]), (&Value::Null, &json!(1)));
    let strict = bench.send("POST", &format!("{WIT}/workitemsbatch"), json!({ "ids": [1, 9] })).await;
    strict.refused(404, "WorkItemUnauthorizedAccessException", "TF401232: Work item 9");
    let many: Vec<u32> = (1..=201).collect();
    let many = bench.send("POST", &format!("{WIT}/workitemsbatch"), json!({ "ids": many })).await;
    assert_eq!(many.status, 400);
    let query = json!({ "query": "Select [System.Id] From WorkItems Where [System.Title] = 'TWO'" });
    let found = bench.send("POST", &format!("{WIT}/wiql"), query).await.expect(200);
    assert_eq!(found["workItems"].as_array().map(Vec::len), Some(1));
    let unknown = json!({ "query": "Select [System.Id] From WorkItems Where [System.Sprint] = 1" });
    bench.send("POST", &format!("{WIT}/wiql"), unknown).await.refused(
        400,
        "WorkItemTrackingQueryException",
        "TF51005",
    );
}

#[tokio::test]
async fn a_work_item_is_read_as_it_was_at_a_time() {
    let bench = Bench::new().await;
    let made = patch(&bench, "POST", "workitems/$Bug", title("before")).await.expect(200);
    patch(&bench, "PATCH", "workitems/1", title("after")).await.expect(200);
    let then = made["fields"]["System.ChangedDate"].as_str().unwrap();
    let read = bench.get(&format!("{WIT}/workitems/1?asOf={then}")).await.expect(200);
    assert_eq!((&read["rev"], &read["fields"]["System.Title"]), (&json!(1), &json!("before")));
    let path = format!("{WIT}/workitems?ids=1&fields=System.Title&asOf={then}");
    assert_eq!(bench.get(&path).await.expect(200)["value"][0]["fields"]["System.Title"], "before");
    let batch = json!({ "ids": [1], "asOf": then });
    let batch = bench.send("POST", &format!("{WIT}/workitemsbatch"), batch).await.expect(200);
    assert_eq!(batch["value"][0]["rev"], 1);
    let early = bench.get(&format!("{WIT}/workitems/1?asOf=2000-01-01T00:00:00Z")).await;
    early.refused(404, "WorkItemUnauthorizedAccessException", "TF401232: ");
}

#[tokio::test]
async fn an_attachment_is_stored_as_it_was_sent() {
    let bench = Bench::new().await;
    let request = bench.request("POST", &format!("{WIT}/attachments?fileName=a%20b.bin"));
    let request = request.header("Content-Type", "application/octet-stream").body(vec![0, 1, 255]);
    let sent = Answer::of(request).await.expect(201);
    let id = sent["id"].as_str().unwrap();
    assert_eq!(bench.get(&format!("{WIT}/attachments/{id}")).await.body, [0, 1, 255]);
    assert!(sent["url"].as_str().unwrap().ends_with("?fileName=a%20b.bin"));
    assert_eq!(bench.get(&format!("{WIT}/attachments/1")).await.status, 404);
}

#[tokio::test]
async fn work_items_are_hidden_without_read_and_refused_without_write() {
    let denied = |permission| {
        World::hard().organization(Organization::fabrikam().user(User::named("Ann").without(permission)))
    };
    let bench = Bench::of(denied(Permission::WorkItemWrite)).await;
    patch(&bench, "POST", "workitems/$Bug", title("x")).await.refused(
        403,
        "WorkItemTrackingServiceException",
        "TF237111",
    );
    let bench = Bench::of(denied(Permission::WorkItemRead)).await;
    patch(&bench, "POST", "workitems/$Bug", title("x")).await.expect(200);
    bench.get(&format!("{WIT}/workitems/1")).await.refused(
        404,
        "WorkItemUnauthorizedAccessException",
        "TF401232",
    );
    let query = json!({ "query": "SELECT [System.Id] FROM WorkItems" });
    assert_eq!(bench.send("POST", &format!("{WIT}/wiql"), query).await.expect(200)["workItems"], json!([]));
}
