//! A clock for real requests over loopback: it goes on by a millisecond when everything had its turn several times.
//!
//! A paused clock alone would leap to the next time limit while an answer is under way, since it takes the time on the
//! wire for idleness.

use std::future::Future;
use std::time::Duration;

/// How often everything has its turn within a millisecond: a request and its answer take a few of these
const ROUNDS: usize = 25;

/// Runs some work on this clock; the runtime has to be one of a single thread, as tests have it
pub(crate) async fn in_virtual_time<T>(work: impl Future<Output = T>) -> T {
    tokio::time::pause();
    let clock = async {
        loop {
            for _ in 0..ROUNDS {
                tokio::task::yield_now().await;
            }
            tokio::time::advance(Duration::from_millis(1)).await;
        }
    };
    tokio::select! {
        biased;
        value = work => value,
        () = clock => unreachable!("the clock never ends"),
    }
}
