//! The work that is measured: a connection, and then the same list of repositories many times.

use std::net::SocketAddr;
use std::time::Instant;

use futures_util::StreamExt as _;
use futures_util::stream;
use serde::Deserialize;

use crate::floor::Floor;
use crate::package::Package;

/// Who works: the package, or the bare HTTP client
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Who {
    Package,
    Floor,
}

impl Who {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Who::Package => "package",
            Who::Floor => "floor",
        }
    }

    pub(crate) fn parse(name: &str) -> Option<Self> {
        [Who::Package, Who::Floor].into_iter().find(|who| who.as_str() == name)
    }
}

/// The figures of one process
#[derive(serde::Serialize, Deserialize)]
pub(crate) struct Done {
    /// The seconds of all actions together
    pub(crate) seconds: f64,
    /// The largest resident memory of the process in MiB; 0 if the system does not report it
    pub(crate) peak: f64,
}

/// Connects, and lists the repositories so many times, with so many lists in flight
pub(crate) fn run(who: Who, times: usize, in_flight: usize, server: SocketAddr) -> Done {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let seconds = runtime.block_on(async {
        match who {
            Who::Package => package(times, in_flight, server).await,
            Who::Floor => floor(times, in_flight, server).await,
        }
    });
    Done { seconds, peak: peak() }
}

async fn package(times: usize, in_flight: usize, server: SocketAddr) -> f64 {
    let package = Package::new(server, token());
    package.connect().await;
    timed(times, in_flight, async || assert!(!package.repositories().await.is_empty())).await
}

async fn floor(times: usize, in_flight: usize, server: SocketAddr) -> f64 {
    let floor = Floor::new(server, &token());
    floor.connect().await;
    timed(times, in_flight, async || assert!(!floor.repositories().await.is_empty())).await
}

async fn timed(times: usize, in_flight: usize, work: impl AsyncFn()) -> f64 {
    let started = Instant::now();
    if in_flight == 1 {
        for _ in 0..times {
            work().await;
        }
    } else {
        stream::iter(0..times).map(|_| work()).buffer_unordered(in_flight).for_each(async |()| {}).await;
    }
    started.elapsed().as_secs_f64()
}

/// A token of the older form, which the server accepts like any other
fn token() -> String {
    "a2b3".repeat(13)
}

fn peak() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap_or_default();
    let kib: f64 = line.split_whitespace().nth(1).and_then(|kib| kib.parse().ok()).unwrap_or(0.0);
    kib / 1024.0
}
