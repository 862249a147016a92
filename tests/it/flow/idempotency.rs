//! Run pipeline with an idempotency key: one run for all calls with the key.

use azdo_bot::contract::Dictionary;
use azdo_bot::contract::ErrorCode;
use azdo_simulator::Fault;
use serde_json::Value;
use serde_json::json;

use crate::flow::support::House;
use crate::flow::support::integer;

/// Returns the number of runs that were requested since the journal was last cleared
fn requested(house: &House) -> usize {
    house.journal().iter().filter(|entry| entry.method == "POST" && entry.path.ends_with("/runs")).count()
}

fn nightly(pipeline: &str) -> Value {
    json!({ "pipeline": pipeline, "idempotencyKey": "nightly 2026-11-30" })
}

fn id(outputs: &Dictionary) -> i64 {
    integer(outputs, "id")
}

/// Ends a call whose request is in flight by the end of its bot run
async fn ends_in_flight(house: &House, inputs: Value) {
    let child = house.child();
    house.connect(&child, None, json!({})).await.expect("it connects");
    house.simulator.clear_journal();
    let end = async {
        while requested(house) == 0 {
            tokio::task::yield_now().await;
        }
        house.dispatcher.end(&child).expect("it ends");
    };
    let (outcome, ()) = tokio::join!(house.execute(&child, "runPipeline", inputs), end);
    outcome.expect_err("its bot run has ended");
}

#[tokio::test]
async fn of_many_calls_with_one_key_one_starts_the_run_and_all_return_it() {
    let house = House::connected().await;
    house.simulator.clear_journal();
    let calls = (0..12).map(|_| house.ok("runPipeline", nightly("1")));
    let runs: Vec<i64> = futures_util::future::join_all(calls).await.iter().map(id).collect();
    assert!(runs.iter().all(|run| *run == runs[0]), "{runs:?}");
    assert_eq!(requested(&house), 1);
    // Another key and no key are other runs.
    let other = json!({ "pipeline": "1", "idempotencyKey": "nightly 2026-12-01" });
    for inputs in [other, json!({ "pipeline": "1" })] {
        let run = id(&house.ok("runPipeline", inputs.clone()).await);
        assert!(!runs.contains(&run), "{inputs}");
    }
    assert_eq!(id(&house.ok("runPipeline", nightly("site")).await), runs[0], "the name is the same pipeline");
}

#[tokio::test]
async fn another_value_of_an_input_with_one_key_is_an_error_that_names_the_input() {
    let house = House::connected().await;
    let base = json!({
        "pipeline": "1", "branch": "main", "idempotencyKey": "k",
        "templateParameters": { "environment": "test" }, "variables": { "system.debug": true },
    });
    let run = id(&house.ok("runPipeline", base.clone()).await);
    // Equal inputs in another form
    let mut equal = base.clone();
    equal["branch"] = json!("refs/heads/main");
    equal["variables"] = json!({ "system.debug": "true" });
    assert_eq!(id(&house.ok("runPipeline", equal).await), run);
    house.simulator.clear_journal();
    for (name, value) in [
        ("branch", json!("topic")),
        ("commit", json!("a".repeat(40))),
        ("templateParameters", json!({ "environment": "production" })),
        ("variables", json!({})),
        ("stagesToSkip", json!(["Deploy"])),
    ] {
        let mut inputs = base.clone();
        inputs[name] = value;
        let error = house.error("runPipeline", inputs).await;
        assert_eq!(error.code(), ErrorCode::InputInvalid, "{error:?}");
        assert!(error.message().contains(&format!("`{name}`")), "{}", error.message());
    }
    assert_eq!(requested(&house), 0);
}

#[tokio::test]
async fn a_run_that_was_not_started_leaves_the_key_free() {
    let house = House::connected().await;
    house.simulator.fault(Fault::on("POST */runs").answer(400, &[], "{}"));
    let error = house.error("runPipeline", nightly("1")).await;
    assert_ne!(error.code(), ErrorCode::ServiceOutcomeUnknown, "{error:?}");
    house.ok("runPipeline", nightly("1")).await;
}

#[tokio::test]
async fn a_run_whose_response_is_lost_and_found_is_returned_to_the_others() {
    let house = House::connected().await;
    house.simulator.fault(Fault::on("POST */runs").lose_answer());
    let inputs = json!({ "pipeline": "1", "branch": "main", "idempotencyKey": "k" });
    house.simulator.clear_journal();
    let first = id(&house.ok("runPipeline", inputs.clone()).await);
    assert_eq!(id(&house.ok("runPipeline", inputs).await), first);
    assert_eq!(requested(&house), 1);
}

#[tokio::test]
async fn a_call_that_ended_in_flight_leaves_an_unknown_outcome_and_names_the_candidates() {
    let house = House::connected().await;
    // The service starts the run, and its response never arrives.
    house.simulator.fault(Fault::on("POST */runs").stall());
    ends_in_flight(&house, nightly("1")).await;
    for _ in 0..2 {
        let error = house.error("runPipeline", nightly("1")).await;
        assert_eq!(error.code(), ErrorCode::ServiceOutcomeUnknown, "{error:?}");
        assert!(error.message().contains("nightly 2026-11-30"), "{}", error.message());
    }
    assert_eq!(requested(&house), 1, "nothing is started twice");
}

#[tokio::test]
async fn the_run_of_a_call_that_ended_in_flight_is_found_by_its_mark() {
    let house = House::connected().await;
    let edit = json!({
        "pipeline": "site",
        "variables": { "AzdoBot.Request": "none" },
        "settableVariables": ["AzdoBot.Request"],
    });
    house.ok("editPipeline", edit).await;
    house.simulator.fault(Fault::on("POST */runs").stall());
    ends_in_flight(&house, nightly("site")).await;
    // An equal run without the mark is not taken for it.
    let other = id(&house.ok("runPipeline", json!({ "pipeline": "site" })).await);
    let found = id(&house.ok("runPipeline", nightly("site")).await);
    assert!(found < other, "{found}");
    assert_eq!(id(&house.ok("runPipeline", nightly("site")).await), found);
    assert_eq!(requested(&house), 2, "the call that ended, and the one without a key");
}
