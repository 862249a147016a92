//! More actions than a process runs at once: a further one is refused at once, and those that run complete.

use azdo_bot::contract::ErrorCode;
use azdo_bot::contract::Retry;
use futures_util::FutureExt as _;
use serde_json::json;

use crate::flow::support::House;

/// The actions that run at once in this test
const CAPACITY: usize = 20;

#[tokio::test]
async fn at_twice_the_capacity_half_is_refused_at_once_and_the_other_half_completes() {
    let house = House::connected().await;
    let house = House { dispatcher: house.dispatcher.with_capacity(CAPACITY), ..house };
    house.simulator.clear_journal();
    let call = || Box::pin(house.execute(&house.root, "listRepositories", json!({})));
    let mut running = Vec::new();
    for number in 0..2 * CAPACITY {
        let mut call = call();
        // Polled once, so that only an outcome that waits for nothing is there.
        match (&mut call).now_or_never() {
            None => running.push(call),
            Some(outcome) => {
                let error = outcome.expect_err("no response can be here yet").error;
                assert_eq!(error.code(), ErrorCode::LimitExceeded, "call {number}: {error:?}");
                assert_eq!(error.message(), "This process runs 20 actions already, and no more at once");
                assert_eq!(error.retry_advice(), Retry::Later);
                assert!(number >= CAPACITY, "call {number} is refused");
            }
        }
    }
    assert_eq!(running.len(), CAPACITY);
    for call in running {
        call.await.expect("it was accepted");
    }
    assert_eq!(house.journal().len(), CAPACITY, "nothing is sent for a refused action");
    call().await.expect("the places are free again");
}

#[tokio::test]
async fn an_action_that_is_dropped_or_fails_frees_its_place() {
    let house = House::connected().await;
    let house = House { dispatcher: house.dispatcher.with_capacity(1), ..house };
    let mut dropped = Box::pin(house.execute(&house.root, "listRepositories", json!({})));
    assert!((&mut dropped).now_or_never().is_none());
    assert_eq!(house.error("listRepositories", json!({})).await.code(), ErrorCode::LimitExceeded);
    drop(dropped);
    assert_eq!(
        house.error("getRepository", json!({ "repository": "no" })).await.code(),
        ErrorCode::ResourceNotFound
    );
    house.ok("listRepositories", json!({})).await;
}
