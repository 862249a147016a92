//! Work items, their comments, history, links, queries and types.

use azure_devops_rust_api::wit::Client;
use azure_devops_rust_api::wit::models::CommentCreate;
use azure_devops_rust_api::wit::models::CommentUpdate;
use azure_devops_rust_api::wit::models::JsonPatchOperation;
use azure_devops_rust_api::wit::models::QueryHierarchyItem;
use azure_devops_rust_api::wit::models::Wiql;
use azure_devops_rust_api::wit::models::WorkItemBatchGetRequest;
use azure_devops_rust_api::wit::models::WorkItemDeleteUpdate;
use azure_devops_rust_api::wit::models::WorkItemExpand;
use serde_json::Value;
use serde_json::json;

use crate::ORGANIZATION;
use crate::PROJECT;
use crate::body;
use crate::client;
use crate::does_not_pass;
use crate::names;
use crate::number;
use crate::refused_as;
use crate::seen;
use crate::text;

fn set(field: &str, value: &str) -> JsonPatchOperation {
    body(json!({ "op": "add", "path": format!("/fields/{field}"), "value": value }))
}

async fn create(wit: &Client, title: &str) -> Value {
    let document = vec![set("System.Title", title)];
    seen(wit.work_items_client().create(ORGANIZATION, document, PROJECT, "Task").await)
}

#[tokio::test]
async fn one_is_created_changed_and_read() {
    let wit = client!(wit);
    let items = wit.work_items_client();
    let made = create(&wit, "Made with Rust").await;
    assert_eq!(made["fields"]["System.State"], "New");
    let id = number(&made, "id");
    let at_rev = body::<JsonPatchOperation>(json!({ "op": "test", "path": "/rev", "value": 1 }));
    let document = vec![at_rev, set("System.State", "Active")];
    let changed = seen(items.update(ORGANIZATION, document.clone(), id, PROJECT).await);
    assert_eq!((&changed["rev"], &changed["fields"]["System.State"]), (&json!(2), &json!("Active")));
    let late = items.update(ORGANIZATION, document, id, PROJECT).await;
    refused_as(late, 412, "VS403351");
    let read = seen(items.get_work_item(ORGANIZATION, id, PROJECT).expand(WorkItemExpand::All).await);
    assert_eq!(read["fields"]["System.Id"], id);
    let named = items.list(ORGANIZATION, id.to_string(), PROJECT).fields("System.Title").await;
    assert_eq!(seen(named)["value"][0]["fields"]["System.Title"], "Made with Rust");
}

#[tokio::test]
async fn errors_of_fields_types_and_identifiers() {
    let wit = client!(wit);
    let items = wit.work_items_client();
    let unknown = vec![set("System.Title", "x"), set("System.Nothing", "x")];
    refused_as(items.create(ORGANIZATION, unknown, PROJECT, "Task").await, 400, "TF51535");
    let kind = items.create(ORGANIZATION, vec![set("System.Title", "x")], PROJECT, "Nothing").await;
    refused_as(kind, 404, "WorkItemTypeNotFoundException");
    refused_as(items.get_work_item(ORGANIZATION, 9999, PROJECT).await, 404, "TF401232");
}

#[tokio::test]
async fn links_have_a_reverse_side() {
    let wit = client!(wit);
    let (one, two) = (create(&wit, "one").await, create(&wit, "two").await);
    let relation = json!({ "rel": "System.LinkTypes.Hierarchy-Forward", "url": two["url"] });
    let link = body::<JsonPatchOperation>(json!({ "op": "add", "path": "/relations/-", "value": relation }));
    seen(wit.work_items_client().update(ORGANIZATION, vec![link], number(&one, "id"), PROJECT).await);
    let read = wit.work_items_client().get_work_item(ORGANIZATION, number(&two, "id"), PROJECT);
    let read = seen(read.expand(WorkItemExpand::Relations).await);
    assert_eq!(read["relations"][0]["rel"], "System.LinkTypes.Hierarchy-Reverse");
    let types = seen(wit.work_item_relation_types_client().list(ORGANIZATION).await);
    assert!(names(&types).contains(&"Child"), "{types}");
}

#[tokio::test]
async fn comments() {
    let wit = client!(wit);
    let id = number(&create(&wit, "comments").await, "id");
    let comments = wit.comments_client();
    let given = body::<CommentCreate>(json!({ "text": "first" }));
    let made = seen(comments.add_comment(ORGANIZATION, given, PROJECT, id).await);
    let change = body::<CommentUpdate>(json!({ "text": "changed" }));
    seen(comments.update_comment(ORGANIZATION, change, PROJECT, id, number(&made, "id")).await);
    let found = seen(comments.get_comment(ORGANIZATION, PROJECT, id, number(&made, "id")).await);
    assert_eq!((&found["text"], &found["version"]), (&json!("changed"), &json!(2)));
    comments.delete(ORGANIZATION, PROJECT, id, number(&made, "id")).await.expect("it is deleted");
    let gone = comments.get_comment(ORGANIZATION, PROJECT, id, 9999).await;
    refused_as(gone, 404, "Comment");
}

#[tokio::test]
async fn a_list_of_comments() {
    let wit = client!(wit);
    let id = number(&create(&wit, "list").await, "id");
    let listed = wit.comments_client().get_comments(ORGANIZATION, PROJECT, id).await;
    let reason = "the client requires `url` in the list, which the service's published examples do not have";
    does_not_pass("a list of comments", reason, listed);
}

#[tokio::test]
async fn revisions_and_updates() {
    let wit = client!(wit);
    let id = number(&create(&wit, "before").await, "id");
    seen(wit.work_items_client().update(ORGANIZATION, vec![set("System.Title", "after")], id, PROJECT).await);
    let revisions = seen(wit.revisions_client().list(ORGANIZATION, id, PROJECT).await);
    assert_eq!(revisions["value"][0]["fields"]["System.Title"], "before");
    let updates = seen(wit.updates_client().list(ORGANIZATION, id, PROJECT).await);
    assert_eq!(updates["value"][1]["fields"]["System.Title"]["newValue"], "after");
}

#[tokio::test]
async fn one_is_deleted_and_restored() {
    let wit = client!(wit);
    let id = number(&create(&wit, "deleted").await, "id");
    seen(wit.work_items_client().delete(ORGANIZATION, id, PROJECT).await);
    let bin = seen(wit.recyclebin_client().get(ORGANIZATION, id, PROJECT).await);
    assert_eq!(bin["id"], id);
    let back = body::<WorkItemDeleteUpdate>(json!({ "isDeleted": false }));
    seen(wit.recyclebin_client().restore_work_item(ORGANIZATION, back, id, PROJECT).await);
    assert_eq!(seen(wit.work_items_client().get_work_item(ORGANIZATION, id, PROJECT).await)["id"], id);
}

#[tokio::test]
async fn queries_and_batches() {
    let wit = client!(wit);
    let id = number(&create(&wit, "Rust finds this").await, "id");
    let text_of = "SELECT [System.Id] FROM WorkItems WHERE [System.Title] CONTAINS 'Rust finds this'";
    let found =
        wit.wiql_client().query_by_wiql(ORGANIZATION, body::<Wiql>(json!({ "query": text_of })), PROJECT, "");
    let found = seen(found.await);
    assert_eq!(found["workItems"][0]["id"], id);
    let batch = body::<WorkItemBatchGetRequest>(json!({ "ids": [id], "fields": ["System.Title"] }));
    let read = seen(wit.work_items_client().get_work_items_batch(ORGANIZATION, batch, PROJECT).await);
    assert_eq!(read["value"][0]["fields"]["System.Title"], "Rust finds this");
    let wrong = body::<Wiql>(json!({ "query": "SELECT [System.Nothing] FROM WorkItems" }));
    refused_as(wit.wiql_client().query_by_wiql(ORGANIZATION, wrong, PROJECT, "").await, 400, "TF5");
    let saved = body::<QueryHierarchyItem>(json!({ "name": "Rust", "wiql": text_of, "url": "" }));
    let made = seen(wit.queries_client().create(ORGANIZATION, saved, PROJECT, "Shared Queries").await);
    let again = seen(wit.queries_client().get(ORGANIZATION, PROJECT, text(&made, "id")).await);
    assert_eq!(again["path"], "Shared Queries/Rust");
    wit.queries_client().delete(ORGANIZATION, PROJECT, text(&made, "id")).await.expect("it is deleted");
}

#[tokio::test]
async fn types_states_fields_and_areas() {
    let wit = client!(wit);
    let types = seen(wit.work_item_types_client().list(ORGANIZATION, PROJECT).await);
    assert!(names(&types).contains(&"User Story"), "{types}");
    let bug = seen(wit.work_item_types_client().get(ORGANIZATION, PROJECT, "Bug").await);
    assert_eq!(bug["referenceName"], "Microsoft.VSTS.WorkItemTypes.Bug");
    let states = seen(wit.work_item_type_states_client().list(ORGANIZATION, PROJECT, "Bug").await);
    assert_eq!(names(&states), ["New", "Active", "Resolved", "Closed"]);
    let fields = seen(wit.fields_client().list(ORGANIZATION, PROJECT).await);
    assert!(
        fields["value"]
            .as_array()
            .is_some_and(|all| all.iter().any(|one| one["referenceName"] == "System.Title"))
    );
    let nodes = seen(wit.classification_nodes_client().get_root_nodes(ORGANIZATION, PROJECT).await);
    assert_eq!(names(&nodes), [PROJECT, PROJECT]);
}

#[tokio::test]
async fn attachments() {
    let wit = client!(wit);
    let made = wit.attachments_client().create(ORGANIZATION, "Some text", PROJECT).file_name("a.txt");
    let made = seen(made.await);
    let read = wit.attachments_client().get(ORGANIZATION, text(&made, "id"), PROJECT).send().await;
    let (_, _, content) = read.expect("the attachment").into_raw_response().deconstruct();
    assert!(String::from_utf8_lossy(&content).contains("Some text"));
}
