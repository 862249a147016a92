//! The rate limiter of one user in one organization: which requests wait, in which order, and until when.
//!
//! Without a limit only the last requests of a burst wait, for a moment: the service would reject all requests in flight
//! together. With a limit, requests are sent one by one at its rate, the oldest first: a rejected request keeps its
//! ticket, so that it is sent before all newer ones. If several processes share the limit of the user, the first request
//! draws slots for itself and the next ones.

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::time::Duration;
use std::time::SystemTime;

use reqwest::header::HeaderMap;
use tokio::sync::Notify;
use tokio::time::Instant;

use crate::devops::limits::drawn_slots::DrawnSlots;
use crate::devops::limits::limiter_state::Departure;
use crate::devops::limits::limiter_state::LimiterDecision;
use crate::devops::limits::limiter_state::LimiterState;
use crate::devops::limits::limiter_state::PastDeadline;
use crate::devops::limits::network_limits::NetworkLimits;
use crate::devops::limits::rate_limit::RateLimit;
use crate::devops::limits::retry_after;
use crate::devops::limits::shared_rate_limit::SharedRateLimit;
use crate::devops::limits::shared_rate_limit::UserKey;
use crate::devops::limits::throttling;
use crate::devops::limits::throttling::Allowance;
use crate::devops::limits::throttling::Throttling;

/// The longest pause when nothing of the limit remains: the service may still respond, with a delay
const EMPTY: Duration = Duration::from_secs(2);

/// The rate limiter of one user in one organization
pub(crate) struct RateLimiter {
    state: Mutex<LimiterState>,
    /// The limit that several processes share, and the user in it
    shared: Mutex<Option<(Arc<dyn SharedRateLimit>, UserKey)>>,
    /// The part of the random wait after a pause, from 0 to 1
    jitter: f64,
}

/// The position of a request in the queue, which it keeps through all its attempts
#[derive(Default)]
pub(crate) struct QueueTicket(Option<u64>);

/// The permit to send one attempt, which is in flight until this is dropped
pub(crate) struct SendPermit<'a> {
    limiter: &'a RateLimiter,
    departure: Departure,
}

/// The outcome of an attempt with regard to the rate limit
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AttemptOutcome {
    /// The service accepted it
    Accepted,
    /// The rate limit rejected it, or the service asks to wait
    Rejected,
    /// It failed for another reason
    Failed,
}

impl RateLimiter {
    pub(crate) fn new() -> Self {
        let jitter = f64::from(getrandom::u32().unwrap_or_default()) / f64::from(u32::MAX);
        RateLimiter { state: Mutex::default(), shared: Mutex::default(), jitter }
    }

    fn state(&self) -> MutexGuard<'_, LimiterState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns what the service stated last about the rate limit
    pub(crate) fn throttling(&self) -> Option<Throttling> {
        self.state().throttling.clone()
    }

    /// Whether no request waits and no limit applies, so that a new limiter is the same
    pub(crate) fn is_idle(&self) -> bool {
        let (state, now) = (self.state(), Instant::now());
        state.waiting.is_empty()
            && state.limit.as_ref().is_none_or(|limit| limit.is_over(now))
            && state.slots.as_ref().is_none_or(|slots| slots.is_idle(now))
    }

    /// Makes this the part of one process in a limit that several processes share
    pub(crate) fn share(&self, limit: Arc<dyn SharedRateLimit>, user: UserKey) {
        let before = self.shared().replace((limit, user));
        if before.is_none_or(|(_, before)| before != user) {
            self.state().share(Instant::now());
        }
    }

    fn shared(&self) -> MutexGuard<'_, Option<(Arc<dyn SharedRateLimit>, UserKey)>> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether it is shared already
    pub(crate) fn is_shared(&self) -> bool {
        self.shared().is_some()
    }

    /// Records that the store of the shared limit does not respond
    pub(crate) fn lose_store(&self) {
        if let Some(slots) = &mut self.state().slots {
            slots.lose_store(Instant::now());
        }
    }

    /// Draws slots for the first request and those behind it
    async fn draw(&self, deadline: Instant) {
        let Some((limit, user)) = self.shared().clone() else { return };
        let draw = {
            let mut state = self.state();
            let (waiting, patience) =
                (state.waiting.len(), deadline.saturating_duration_since(Instant::now()));
            state.slots.as_mut().map(|slots| slots.draw(waiting, patience))
        };
        let Some(draw) = draw else { return };
        let Ok(granted) = tokio::time::timeout_at(deadline, limit.draw(user, draw)).await else { return };
        if self.shared().as_ref().is_none_or(|(_, now)| *now != user) {
            // The user has become known meanwhile, and these slots are not of that user.
            return;
        }
        let (mut state, now) = (self.state(), Instant::now());
        if let Some(granted) = granted.filter(|granted| !granted.pause.is_zero()) {
            state.retry_after = state.retry_after.max(Some(now + granted.pause));
        }
        match (&mut state.slots, granted) {
            (Some(slots), Some(granted)) => slots.add(&granted, now),
            (Some(slots), None) => slots.lose_store(now),
            (None, _) => {}
        }
    }

    /// Waits until the request may be sent; `on_wait` is called with the expected wait and the number of other requests
    ///
    /// Fails at once if the service asks to wait beyond the deadline, and at the deadline if the request is still
    /// queued.
    pub(crate) async fn acquire(
        &self,
        ticket: &mut QueueTicket,
        deadline: Instant,
        mut on_wait: impl FnMut(Duration, usize) + Send,
    ) -> Result<SendPermit<'_>, PastDeadline> {
        let since = Instant::now();
        let (number, mut waited) = {
            let mut state = self.state();
            let number = *ticket.0.get_or_insert_with(|| state.next_number());
            match state.decide(number, since, deadline) {
                LimiterDecision::Send(departure) => return Ok(SendPermit { limiter: self, departure }),
                LimiterDecision::TooLate(past_deadline) => return Err(past_deadline),
                LimiterDecision::Wait { .. } => (number, true),
                LimiterDecision::Draw => (number, false),
            }
        };
        let changed = Arc::new(Notify::new());
        self.state().waiting.insert(number, changed.clone());
        let _entry = QueueEntry { limiter: self, number };
        loop {
            let (decision, others) = {
                let mut state = self.state();
                (state.decide(number, since, deadline), state.others(number))
            };
            let until = match decision {
                LimiterDecision::Send(departure) => {
                    return Ok(SendPermit { limiter: self, departure: Departure { waited, ..departure } });
                }
                LimiterDecision::TooLate(past_deadline) => return Err(past_deadline),
                LimiterDecision::Draw => {
                    self.draw(deadline).await;
                    continue;
                }
                LimiterDecision::Wait { until, expected } => {
                    waited = true;
                    on_wait(expected, others);
                    until
                }
            };
            tokio::select! {
                () = changed.notified() => {}
                () = tokio::time::sleep_until(until) => {}
            }
        }
    }

    /// Adjusts the limit to the outcome and the headers of a response
    pub(crate) fn record(
        &self,
        permit: &SendPermit<'_>,
        outcome: AttemptOutcome,
        headers: &HeaderMap,
        limits: &NetworkLimits,
    ) {
        let now = Instant::now();
        let permit = permit.departure;
        let seen = Throttling::of(headers);
        let mut state = self.state();
        if seen.is_none() && outcome == AttemptOutcome::Accepted && state.limit.is_none() {
            if let Some(slots) = &mut state.slots {
                slots.accepted(permit.epoch, permit.waited);
            }
            return state.count(now);
        }
        let retry_after = retry_after::from_headers(headers, SystemTime::now());
        let allowance = Allowance::of(headers).filter(Allowance::is_low);
        if seen.is_some() {
            state.throttling = seen;
        }
        let pause = match (outcome, retry_after) {
            (AttemptOutcome::Rejected, retry_after) => state.reject(permit, retry_after, limits, now),
            (_, Some(retry_after)) => {
                state.lower(permit, Some(retry_after), now);
                Some(retry_after)
            }
            (AttemptOutcome::Failed, None) => None,
            (AttemptOutcome::Accepted, None) => {
                state.count(now);
                if throttling::is_delayed(headers) {
                    state.lower(permit, None, now);
                } else if let Some(allowance) = &allowance {
                    state.conserve(permit, allowance, now);
                }
                let waited = permit.waited && allowance.is_none();
                if let Some(slots) = &mut state.slots {
                    slots.accepted(permit.epoch, waited);
                }
                if let Some(limit) = &mut state.limit {
                    limit.accepted(permit.at, waited);
                }
                allowance.and_then(|allowance| allowance.empty_for()).map(|empty| empty.min(EMPTY))
            }
        };
        if let Some(retry_after) = retry_after {
            state.retry_after = state.retry_after.max(Some(now + retry_after));
        }
        let Some(pause) = pause.map(|pause| pause.min(limits.pace)) else { return };
        let LimiterState { slots, limit, .. } = &mut *state;
        match (slots, limit) {
            (Some(slots), _) => slots.pause(pause, now),
            (None, Some(limit)) => limit.pause(now + pause, self.jitter, now),
            (None, None) => return,
        }
        // Wake all of them: some may have an earlier deadline.
        state.waiting.values().for_each(|waiting| waiting.notify_one());
    }

    /// Merges the state of another limiter of the same user
    pub(crate) fn join(&self, other: &RateLimiter) {
        let (limit, told, retry_after) = {
            let other = other.state();
            let told = other.slots.as_ref().map(DrawnSlots::report);
            (other.limit.as_ref().map(RateLimit::another), told, other.retry_after)
        };
        let mut state = self.state();
        state.retry_after = state.retry_after.max(retry_after);
        if let (Some(slots), Some(told)) = (&mut state.slots, told) {
            slots.join(&told, Instant::now());
        }
        if let (Some(slots), Some(limit)) = (&mut state.slots, &limit) {
            return slots.learn(limit, Instant::now());
        }
        match (&mut state.limit, limit) {
            (Some(own), Some(limit)) => own.join(&limit),
            (own @ None, limit) => *own = limit,
            (Some(_), None) => {}
        }
    }
}

impl Drop for SendPermit<'_> {
    fn drop(&mut self) {
        let mut state = self.limiter.state();
        state.in_flight -= 1;
        state.wake_first();
    }
}

/// An entry of the queue; when it is dropped, the next request is woken
struct QueueEntry<'a> {
    limiter: &'a RateLimiter,
    number: u64,
}

impl Drop for QueueEntry<'_> {
    fn drop(&mut self) {
        let mut state = self.limiter.state();
        state.waiting.remove(&self.number);
        state.wake_first();
    }
}

#[cfg(test)]
#[path = "rate_limiter_tests.rs"]
mod tests;
