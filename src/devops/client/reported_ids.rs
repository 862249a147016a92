//! The ids of resources that this process has reported to a call, so that no other call takes them for its own.
//!
//! One registry for each organization. It contains the ids of the last ten minutes, since the clocks of two machines of
//! the service may differ by that much.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;

/// How long an id is kept, and longer while a request that began earlier is in flight
const REMEMBERED: Duration = Duration::from_secs(600);

/// The ids that were reported to calls, and the requests in flight whose responses may add more
#[derive(Default)]
pub struct ReportedIds(Mutex<State>);

#[derive(Default)]
struct State {
    begun: u64,
    sending: HashMap<u64, Waiting>,
    ids: HashMap<String, Instant>,
    swept: Option<Instant>,
}

struct Waiting {
    kind: &'static str,
    since: Instant,
    answered: watch::Receiver<()>,
}

/// A request that creates a resource of a kind, until its response is reported or lost, or the request is cancelled
#[must_use = "the request counts as finished when this is dropped"]
pub struct Sending {
    all: Arc<ReportedIds>,
    number: u64,
    // Dropping it wakes the calls that wait for the response.
    _answered: watch::Sender<()>,
}

impl ReportedIds {
    /// Registers a request that creates a resource of this kind
    pub fn sending(self: &Arc<Self>, kind: &'static str) -> Sending {
        let (sender, answered) = watch::channel(());
        let mut state = self.lock();
        state.begun += 1;
        let number = state.begun;
        state.sending.insert(number, Waiting { kind, since: Instant::now(), answered });
        Sending { all: self.clone(), number, _answered: sender }
    }

    /// Records that this resource is reported to a call; false if it was reported to another call before
    ///
    /// Of several calls that claim one resource at the same time exactly one succeeds.
    pub fn claim(&self, id: String) -> bool {
        let mut state = self.lock();
        state.sweep(Instant::now());
        state.ids.insert(id, Instant::now()).is_none()
    }

    /// Whether this resource was reported to a call
    pub fn has(&self, id: &str) -> bool {
        self.lock().ids.contains_key(id)
    }

    /// Waits until every request of this kind that is in flight now has a response, has failed or was cancelled
    pub async fn answered(&self, kind: &'static str) {
        let all: Vec<watch::Receiver<()>> = {
            let state = self.lock();
            let of_kind = state.sending.values().filter(|one| one.kind == kind);
            of_kind.map(|one| one.answered.clone()).collect()
        };
        for mut one in all {
            // The channel carries no values: it changes only when the sender is dropped.
            while one.changed().await.is_ok() {}
        }
    }

    /// Whether a later call needs nothing of this registry
    pub(crate) fn is_idle(&self) -> bool {
        let mut state = self.lock();
        state.sweep(Instant::now());
        state.ids.is_empty() && state.sending.is_empty()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Removes ids that no request in flight can claim; at most once a minute, since it checks all of them
    fn sweep(&mut self, now: Instant) {
        if self.swept.is_some_and(|swept| now < swept + REMEMBERED / 10) {
            return;
        }
        self.swept = Some(now);
        let oldest = self.sending.values().map(|one| one.since).min().unwrap_or(now);
        self.ids.retain(|_, at| *at + REMEMBERED >= oldest);
    }
}

impl Drop for Sending {
    fn drop(&mut self) {
        self.all.lock().sending.remove(&self.number);
    }
}

impl fmt::Debug for ReportedIds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = self.lock();
        f.debug_struct("ReportedIds")
            .field("ids", &state.ids.len())
            .field("sending", &state.sending.len())
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn an_id_is_claimed_once_and_removed_when_no_request_can_claim_it() {
        let all = Arc::new(ReportedIds::default());
        assert!(all.claim("run 1".to_owned()) && !all.claim("run 1".to_owned()));
        assert!(all.has("run 1") && !all.has("run 2"));
        let old = all.sending("run");
        tokio::time::advance(REMEMBERED * 2).await;
        assert!(!all.is_idle() && all.has("run 1"), "a request that began before is in flight");
        drop(old);
        tokio::time::advance(REMEMBERED).await;
        assert!(all.is_idle() && !all.has("run 1"));
    }

    #[tokio::test(start_paused = true)]
    async fn only_requests_of_the_kind_that_are_in_flight_are_awaited() {
        let all = Arc::new(ReportedIds::default());
        let (other, first) = (all.sending("release"), all.sending("run"));
        let waiting = tokio::spawn({
            let all = all.clone();
            async move { all.answered("run").await }
        });
        tokio::task::yield_now().await;
        let later = all.sending("run");
        assert!(!waiting.is_finished());
        drop(first);
        waiting.await.expect("it ends");
        drop((other, later));
    }
}
