//! What all requests of this process to one organization share: a pace and a budget for repeats.

use std::fmt;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::time::Duration;

use reqwest::header::HeaderMap;
use reqwest::header::RETRY_AFTER;
use serde::Serialize;
use tokio::time::Instant;

use crate::contract::printable;

/// Each request allows for this part of a repeat: a service in trouble gets 20 % more load, not 200 %
const EARNED: f64 = 0.2;

/// Repeats that may be made at once, so that a single bot's first failures are repeated
const SAVED: f64 = 10.0;

/// The pace and the budget of one organization
pub(super) struct Traffic(Mutex<State>);

struct State {
    budget: f64,
    not_before: Option<Instant>,
    throttling: Option<Throttling>,
}

/// What the service said last about slowing this user down; it says nothing while it does not
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Throttling {
    /// What is used too much
    pub resource: Option<String>,
    /// How much of it may be used
    pub limit: Option<String>,
    /// How much of that is left
    pub remaining: Option<String>,
    /// By how many seconds the answer was held back
    pub delay: Option<String>,
    /// How many seconds to wait before the next request
    pub retry_after: Option<String>,
}

impl Throttling {
    fn of(headers: &HeaderMap) -> Option<Self> {
        let text = |name: &str| Some(printable(headers.get(name)?.to_str().ok()?, 64));
        let seen = Throttling {
            resource: text("x-ratelimit-resource"),
            limit: text("x-ratelimit-limit"),
            remaining: text("x-ratelimit-remaining"),
            delay: text("x-ratelimit-delay"),
            retry_after: text(RETRY_AFTER.as_str()),
        };
        (seen != Throttling::default()).then_some(seen)
    }
}

impl fmt::Display for Throttling {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = [
            ("resource", &self.resource),
            ("limit", &self.limit),
            ("remaining", &self.remaining),
            ("delayed by seconds", &self.delay),
            ("asks to wait seconds", &self.retry_after),
        ];
        let told: Vec<String> = parts
            .into_iter()
            .filter_map(|(name, value)| Some(format!("{name} {}", value.as_ref()?)))
            .collect();
        f.write_str(&told.join(", "))
    }
}

impl Traffic {
    pub(super) fn new() -> Self {
        Traffic(Mutex::new(State { budget: SAVED, not_before: None, throttling: None }))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Hears what an answer says about slowing down
    pub(super) fn hear(&self, headers: &HeaderMap) {
        if let Some(seen) = Throttling::of(headers) {
            self.state().throttling = Some(seen);
        }
    }

    /// What was said last about slowing down
    pub(super) fn throttling(&self) -> Option<Throttling> {
        self.state().throttling.clone()
    }

    /// Counts a request that is no repeat
    pub(super) fn earn(&self) {
        let mut state = self.state();
        state.budget = (state.budget + EARNED).min(SAVED);
    }

    /// Takes one repeat from the budget, if there is one
    pub(super) fn spend(&self) -> bool {
        let mut state = self.state();
        let enough = state.budget >= 1.0;
        if enough {
            state.budget -= 1.0;
        }
        enough
    }

    /// Holds the next request back for this long
    pub(super) fn hold(&self, wait: Duration) {
        let until = Instant::now() + wait;
        let mut state = self.state();
        state.not_before = Some(state.not_before.map_or(until, |known| known.max(until)));
    }

    /// Waits until a request may leave
    ///
    /// Fails with the time that is left to wait if that is not over before the deadline.
    pub(super) async fn turn(&self, deadline: Instant) -> Result<(), Duration> {
        // While one waits, another's answer may ask for more.
        loop {
            let now = Instant::now();
            let held = self.state().not_before.filter(|until| *until > now);
            let Some(until) = held else { return Ok(()) };
            if until >= deadline {
                return Err(until - now);
            }
            tokio::time::sleep_until(until).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_about_slowing_down_is_kept_until_something_newer_is() {
        let traffic = Traffic::new();
        traffic.hear(&HeaderMap::new());
        assert_eq!(traffic.throttling(), None);
        let headers = [("x-ratelimit-remaining", "7"), ("x-ratelimit-delay", "1.500")]
            .map(|(name, value)| (name.parse().expect("a name"), value.parse().expect("a value")));
        traffic.hear(&HeaderMap::from_iter(headers));
        traffic.hear(&HeaderMap::new());
        let seen = traffic.throttling().expect("it was said");
        assert_eq!(seen.to_string(), "remaining 7, delayed by seconds 1.500");
    }

    #[test]
    fn repeats_stay_below_a_fifth_of_the_requests() {
        let traffic = Traffic::new();
        let mut repeats = 0;
        for _ in 0..1000 {
            traffic.earn();
            repeats += (0..2).filter(|_| traffic.spend()).count();
        }
        assert!((190..=210).contains(&repeats), "{repeats}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_held_request_waits_inside_its_deadline_and_fails_beyond_it() {
        let traffic = Traffic::new();
        let start = Instant::now();
        traffic.hold(Duration::from_secs(3));
        traffic.hold(Duration::from_secs(1));
        let left = traffic.turn(start + Duration::from_secs(2)).await;
        assert_eq!((left, start.elapsed()), (Err(Duration::from_secs(3)), Duration::ZERO));
        assert_eq!(traffic.turn(start + Duration::from_secs(9)).await, Ok(()));
        assert_eq!(start.elapsed(), Duration::from_secs(3));
        assert_eq!(traffic.turn(start).await, Ok(()));
    }

    #[tokio::test(start_paused = true)]
    async fn a_pause_that_grows_holds_those_who_wait_already() {
        let traffic = Traffic::new();
        let start = Instant::now();
        traffic.hold(Duration::from_secs(1));
        let turns = tokio::join!(
            traffic.turn(start + Duration::from_secs(9)),
            traffic.turn(start + Duration::from_secs(2)),
            async { traffic.hold(Duration::from_secs(3)) },
        );
        assert_eq!((turns.0, turns.1), (Ok(()), Err(Duration::from_secs(2))));
        assert_eq!(start.elapsed(), Duration::from_secs(3));
    }
}
