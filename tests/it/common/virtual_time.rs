//! A clock for real requests over loopback: it advances by a millisecond after all tasks have run several times.
//!
//! A paused clock would jump to the next time limit while a response is in transit, since it considers the time on the
//! wire as idle.

use std::future::Future;
use std::time::Duration;

/// How often all tasks run within a millisecond; a request and its response need a few of these
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
