//! Tags of pipeline runs and of work items, one by one, and runs that are kept.

use azdo_bot::contract::Dictionary;
use azdo_bot::contract::ErrorCode;
use azdo_bot::contract::Value;
use azdo_simulator::Fault;
use serde_json::json;

use crate::flow::support::House;
use crate::flow::support::integer;
use crate::flow::support::text;

fn tags(outputs: &Dictionary) -> Vec<&str> {
    let Some(Value::List(all)) = outputs.get("tags") else { panic!("there is no list: {outputs:?}") };
    all.iter().map(|tag| tag.as_text().expect("a text")).collect()
}

async fn running() -> House {
    let house = House::connected().await;
    for _ in 0..2 {
        house.ok("runPipeline", json!({ "pipeline": "site" })).await;
    }
    house.ok("createWorkItem", json!({ "type": "Bug", "title": "one", "tags": ["a", "b"] })).await;
    house
}

fn sent(house: &House, method: &str) -> usize {
    house.requests().iter().filter(|request| request.starts_with(method)).count()
}

#[tokio::test]
async fn a_run_is_tagged_and_found_by_its_tags() {
    let house = running().await;
    let none: Vec<&str> = Vec::new();
    assert_eq!(tags(&house.ok("getPipelineRun", json!({ "id": 1 })).await), none);
    house.ok("tagPipelineRun", json!({ "id": 1, "tags": ["released", "1.0"] })).await;
    house.simulator.fault(Fault::on("POST */tags*").lose_answer());
    let tagged = house.ok("tagPipelineRun", json!({ "id": 1, "tags": ["Released", "late"] })).await;
    assert_eq!((integer(&tagged, "id"), tags(&tagged)), (1, vec!["released", "1.0", "late"]));
    let found = house.ok("listPipelineRuns", json!({ "tags": ["released", "late"] })).await;
    let Some(Value::List(found)) = found.get("pipelineRuns") else { panic!("there is no list") };
    let run = found[0].as_dictionary().expect("a dictionary");
    assert_eq!((found.len(), integer(run, "id"), tags(run).len()), (1, 1, 3));

    house.simulator.clear_journal();
    house.simulator.fault(Fault::on("DELETE */tags*").lose_answer());
    let left = house.ok("removePipelineRunTag", json!({ "id": 1, "tag": "LATE" })).await;
    assert_eq!((tags(&left), sent(&house, "DELETE")), (vec!["released", "1.0"], 1));
    let error = house.error("removePipelineRunTag", json!({ "id": 1, "tag": "relaesed" })).await;
    assert_eq!(
        (error.code(), error.context_value("near")),
        (ErrorCode::ResourceNotFound, Some("\"released\""))
    );
    let error = house.error("tagPipelineRun", json!({ "id": 77, "tags": ["x"] })).await;
    assert_eq!(error.code(), ErrorCode::ResourceNotFound);
    assert!(error.message().contains("the pipeline run 77"), "{error}");
    let error = house.error("tagPipelineRun", json!({ "id": 1, "tags": [] })).await;
    assert_eq!(error.code(), ErrorCode::InputInvalid);
}

#[tokio::test]
async fn a_run_is_retained_once_whatever_happens_to_the_response() {
    let house = running().await;
    let kept = house.ok("retainPipelineRun", json!({ "id": 1, "days": 7 })).await;
    assert_eq!((integer(&kept, "id"), integer(&kept, "leaseId")), (1, 1));
    assert_eq!(kept["protectsPipeline"], Value::Boolean(false));
    house.simulator.clear_journal();
    house.simulator.fault(Fault::on("POST */leases*").lose_answer());
    let kept = house.ok("retainPipelineRun", json!({ "id": 1, "protectPipeline": true })).await;
    assert_eq!((integer(&kept, "leaseId"), sent(&house, "POST")), (2, 1));
    assert!(text(&kept, "validUntil").starts_with("21"), "{kept:?}");
    house.simulator.fault(Fault::on("POST */leases*").refuse());
    let error = house.error("retainPipelineRun", json!({ "id": 1 })).await;
    assert_eq!(error.code(), ErrorCode::ServiceOutcomeUnknown);
    assert_eq!(
        house.error("retainPipelineRun", json!({ "id": 77 })).await.code(),
        ErrorCode::ResourceNotFound
    );
    let error = house.error("retainPipelineRun", json!({ "id": 1, "days": 0 })).await;
    assert_eq!(error.code(), ErrorCode::InputInvalid);
}

#[tokio::test]
async fn one_tag_of_a_work_item_is_added_and_removed() {
    let house = running().await;
    house.simulator.fault(Fault::on("PATCH */workitems/1").lose_answer());
    let tagged = house.ok("addWorkItemTag", json!({ "id": 1, "tag": "c" })).await;
    assert_eq!((tags(&tagged), integer(&tagged, "revision")), (vec!["a", "b", "c"], 2));
    house.simulator.clear_journal();
    let same = house.ok("addWorkItemTag", json!({ "id": 1, "tag": "C" })).await;
    assert_eq!((integer(&same, "revision"), sent(&house, "PATCH")), (2, 0));
    house.simulator.fault(Fault::on("PATCH */workitems/1").lose_answer());
    let left = house.ok("removeWorkItemTag", json!({ "id": 1, "tag": "A" })).await;
    assert_eq!((tags(&left), sent(&house, "PATCH")), (vec!["b", "c"], 1));
    house.ok("addWorkItemTag", json!({ "id": 1, "tag": "release 1.0" })).await;
    let error = house.error("removeWorkItemTag", json!({ "id": 1, "tag": "relaese 1.0" })).await;
    assert_eq!(
        (error.code(), error.context_value("near")),
        (ErrorCode::ResourceNotFound, Some("\"release 1.0\""))
    );
    for tag in ["b", "c", "release 1.0"] {
        house.ok("removeWorkItemTag", json!({ "id": 1, "tag": tag })).await;
    }
    let none: Vec<&str> = Vec::new();
    assert_eq!(tags(&house.ok("getWorkItem", json!({ "id": 1 })).await), none);
    let error = house.error("addWorkItemTag", json!({ "id": 77, "tag": "x" })).await;
    assert_eq!(error.code(), ErrorCode::ResourceNotFound);
}
