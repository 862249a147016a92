//! Many bots of one user under a rate limit: how many requests they send, however the service counts.

use std::sync::Arc;
use std::sync::Mutex;
use std::time::Duration;

use azdo_bot::contract::Error;
use azdo_bot::devops::Connection;
use tokio::time::Instant;

use crate::fixture::server;
use crate::rate_limits::connected;
use crate::rate_limits::done;
use crate::rate_limits::read;
use crate::rate_limits::send;
use crate::rate_limits::sent;
use crate::rate_limits::slow_down;
use crate::server::Script;
use crate::server::reply;
use crate::virtual_time::in_virtual_time;

/// How a service counts
#[derive(Clone, Copy, Debug)]
enum Counting {
    /// A fixed number in each second, from the first request on
    Window,
    /// The same, and its headers state the remaining number
    StatedWindow,
    /// A fixed number at once, and one more for each part of a second that passes
    Bucket,
}

/// A service with a rate limit
struct Meter {
    counting: Counting,
    allowed: u32,
    state: Mutex<(Instant, f64)>,
}

impl Meter {
    fn new(counting: Counting, allowed: u32) -> Self {
        Meter { counting, allowed, state: Mutex::new((Instant::now(), f64::from(allowed))) }
    }

    fn answer(&self) -> Script {
        let mut state = self.state.lock().expect("no test panics here");
        let (since, left) = &mut *state;
        let (passed, allowed) = (since.elapsed(), f64::from(self.allowed));
        match self.counting {
            Counting::Window | Counting::StatedWindow if passed >= Duration::from_secs(1) => {
                (*since, *left) = (Instant::now(), allowed);
            }
            Counting::Window | Counting::StatedWindow => {}
            Counting::Bucket => {
                *left = allowed.min(*left + passed.as_secs_f64() * allowed);
                *since = Instant::now();
            }
        }
        if *left < 1.0 {
            return slow_down("retry-after: 1\r\n");
        }
        *left -= 1.0;
        match self.counting {
            Counting::StatedWindow => {
                // The Date is the clock of the service; here it stops at the end of a window.
                let headers = format!(
                    "content-type: application/json\r\ndate: Sun, 06 Nov 1994 08:49:37 GMT\r\n\
                     x-ratelimit-limit: {allowed}\r\nx-ratelimit-remaining: {left}\r\n\
                     x-ratelimit-reset: 784111778\r\n"
                );
                reply("200 OK", &headers, "{}")
            }
            _ => done(),
        }
    }
}

/// Sends `each` reads per bot, one after the other
async fn bots(connections: Vec<Arc<Connection>>, each: usize) -> Vec<Result<(), Error>> {
    let bots = connections.into_iter().map(|connection| {
        tokio::spawn(async move {
            let mut results = Vec::new();
            for _ in 0..each {
                results.push(send(&connection, read("site")).await);
            }
            results
        })
    });
    let results = futures_util::future::join_all(bots).await;
    results.into_iter().flat_map(|results| results.expect("no bot panics")).collect()
}

#[tokio::test]
async fn fifty_bots_stay_within_twenty_requests_per_second() {
    in_virtual_time(async {
        for counting in [Counting::Window, Counting::StatedWindow, Counting::Bucket] {
            let meter = Meter::new(counting, 20);
            let server = server(move |_| meter.answer()).await;
            let connection = connected(&server).await;
            let start = Instant::now();
            for result in bots(vec![connection; 50], 4).await {
                result.expect("there is time");
            }
            let sent = sent(&server);
            println!("{counting:?}: {sent} requests in {:?}", start.elapsed());
            assert!(sent <= 240, "{counting:?}: {sent} requests");
            assert!(start.elapsed() < Duration::from_secs(40), "{counting:?}: {:?}", start.elapsed());
        }
    })
    .await;
}

#[tokio::test]
async fn processes_that_share_a_limit_complete_every_call() {
    in_virtual_time(async {
        let meter = Meter::new(Counting::Window, 20);
        let server = server(move |_| meter.answer()).await;
        let mut connections = Vec::new();
        for _ in 0..3 {
            // Each process has its own network.
            connections.extend(vec![connected(&server).await; 15]);
        }
        let results = bots(connections, 4).await;
        assert!(results.iter().all(Result::is_ok), "{results:?}");
        let sent = sent(&server);
        println!("three processes: {sent} requests for 180");
        assert!(sent <= 250, "{sent} requests for 180");
    })
    .await;
}

#[tokio::test]
async fn one_bot_never_exceeds_a_stated_allowance() {
    in_virtual_time(async {
        let meter = Meter::new(Counting::StatedWindow, 10);
        let server = server(move |_| meter.answer()).await;
        let connection = connected(&server).await;
        for result in bots(vec![connection], 40).await {
            result.expect("there is time");
        }
        assert_eq!(sent(&server), 40, "nothing was rejected");
    })
    .await;
}
