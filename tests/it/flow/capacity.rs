//! More actions than a process runs at once: a further one is refused at once, and those that run complete.

use azdo_bot::contract::ErrorCode;
use azdo_bot::contract::Retry;
use azdo_simulator::Fault;
use futures_util::FutureExt as _;
use futures_util::future::join_all;
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
async fn what_is_accepted_at_twice_the_capacity_waits_for_no_other_action() {
    let house = House::connected().await;
    let house = House { dispatcher: house.dispatcher.with_capacity(CAPACITY), ..house };
    // No request is answered before all of them have arrived: an action that waits for another one would never end.
    house.simulator.fault(Fault::on("GET */git/repositories").together(CAPACITY as u32));
    let calls = (0..2 * CAPACITY).map(|_| house.execute(&house.root, "listRepositories", json!({})));
    let (accepted, refused): (Vec<_>, Vec<_>) = join_all(calls).await.into_iter().partition(Result::is_ok);
    assert_eq!((accepted.len(), refused.len()), (CAPACITY, CAPACITY));
    for success in accepted {
        assert_eq!(success.expect("it was accepted").requests, 1);
    }
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
