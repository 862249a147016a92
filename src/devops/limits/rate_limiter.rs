//! The rate limiter of one user in one organization: which requests wait, in which order, and until when.
//!
//! Without a limit only the last requests of a burst wait, for a moment: the service would reject all requests in flight
//! together. With a limit, requests are sent one by one at its rate, the oldest first: a rejected request keeps its
//! ticket, so that it is sent before all newer ones.

use std::collections::BTreeMap;
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::time::Duration;
use std::time::SystemTime;

use reqwest::header::HeaderMap;
use tokio::sync::Notify;
use tokio::time::Instant;

use crate::devops::limits::backoff;
use crate::devops::limits::network_limits::NetworkLimits;
use crate::devops::limits::rate_limit::RateLimit;
use crate::devops::limits::retry_after;
use crate::devops::limits::throttling;
use crate::devops::limits::throttling::Allowance;
use crate::devops::limits::throttling::Throttling;

/// The number of accepted requests whose times are kept, to compute the rate at the first rejection
const COUNTED: usize = 512;

/// The shortest and the longest time over which the first rate is counted; in between it is the `Retry-After` time
const COUNTED_OVER: [Duration; 2] = [Duration::from_secs(1), Duration::from_secs(60)];

/// With so many requests in flight another one waits; at most so many are rejected together
const MAX_IN_FLIGHT: usize = 24;

/// The longest wait for a request in flight: a request that hangs must not block others
const BURST: Duration = Duration::from_millis(100);

/// The longest pause when nothing of the limit remains: the service may still respond, with a delay
const EMPTY: Duration = Duration::from_secs(2);

/// The rate limiter of one user in one organization
pub(crate) struct RateLimiter {
    state: Mutex<State>,
    /// The part of the random wait after a pause, from 0 to 1
    jitter: f64,
}

#[derive(Default)]
struct State {
    issued: u64,
    limit: Option<RateLimit>,
    waiting: BTreeMap<u64, Arc<Notify>>,
    in_flight: usize,
    /// Until when the service asks to wait, however long that is
    retry_after: Option<Instant>,
    accepted: VecDeque<Instant>,
    /// Rejections since the last accepted request; those sent together count once
    rejections: u32,
    rejected: Option<Instant>,
    throttling: Option<Throttling>,
}

/// The position of a request in the queue, which it keeps through all its attempts
#[derive(Default)]
pub(crate) struct QueueTicket(Option<u64>);

/// The permit to send one attempt, which is in flight until this is dropped
pub(crate) struct SendPermit<'a> {
    limiter: &'a RateLimiter,
    departure: Departure,
}

#[derive(Debug, Clone, Copy)]
struct Departure {
    at: Instant,
    waited: bool,
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

/// Why a request cannot be sent before its deadline
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PastDeadline {
    /// How long the service still asks to wait
    pub(crate) retry_after: Option<Duration>,
    /// The time until the deadline
    pub(crate) time_left: Duration,
    /// How many other requests are waiting
    pub(crate) others: usize,
}

enum Decision {
    Send(Departure),
    Wait { until: Instant, expected: Duration },
    TooLate(PastDeadline),
}

impl RateLimiter {
    pub(crate) fn new() -> Self {
        let jitter = f64::from(getrandom::u32().unwrap_or_default()) / f64::from(u32::MAX);
        RateLimiter { state: Mutex::default(), jitter }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns what the service stated last about the rate limit
    pub(crate) fn throttling(&self) -> Option<Throttling> {
        self.state().throttling.clone()
    }

    /// Whether no request waits and no limit applies, so that a new limiter is the same
    pub(crate) fn is_idle(&self) -> bool {
        let state = self.state();
        state.waiting.is_empty() && state.limit.as_ref().is_none_or(|limit| limit.is_over(Instant::now()))
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
        let number = {
            let mut state = self.state();
            let number = *ticket.0.get_or_insert_with(|| state.next_number());
            match state.decide(number, since, deadline) {
                Decision::Send(departure) => return Ok(SendPermit { limiter: self, departure }),
                Decision::TooLate(past_deadline) => return Err(past_deadline),
                Decision::Wait { .. } => number,
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
                Decision::Send(departure) => {
                    return Ok(SendPermit {
                        limiter: self,
                        departure: Departure { waited: true, ..departure },
                    });
                }
                Decision::TooLate(past_deadline) => return Err(past_deadline),
                Decision::Wait { until, expected } => {
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
                if let Some(limit) = &mut state.limit {
                    limit.accepted(permit.at, permit.waited && allowance.is_none());
                }
                allowance.and_then(|allowance| allowance.empty_for()).map(|empty| empty.min(EMPTY))
            }
        };
        if let Some(retry_after) = retry_after {
            state.retry_after = state.retry_after.max(Some(now + retry_after));
        }
        if let (Some(pause), Some(limit)) = (pause, &mut state.limit) {
            limit.pause(now + pause.min(limits.pace), self.jitter, now);
            // Wake all of them: some may have an earlier deadline.
            state.waiting.values().for_each(|waiting| waiting.notify_one());
        }
    }

    /// Merges the state of another limiter of the same user
    pub(crate) fn join(&self, other: &RateLimiter) {
        let (limit, retry_after) = {
            let other = other.state();
            (other.limit.as_ref().map(RateLimit::another), other.retry_after)
        };
        let mut state = self.state();
        state.retry_after = state.retry_after.max(retry_after);
        match (&mut state.limit, limit) {
            (Some(own), Some(limit)) => own.join(&limit),
            (own @ None, limit) => *own = limit,
            (Some(_), None) => {}
        }
    }
}

impl State {
    fn next_number(&mut self) -> u64 {
        self.issued += 1;
        self.issued
    }

    fn wake_first(&self) {
        // Without a limit it can be sent only when there is room, or after its longest wait.
        if self.limit.is_none() && self.in_flight >= MAX_IN_FLIGHT {
            return;
        }
        if let Some((_, first)) = self.waiting.first_key_value() {
            first.notify_one();
        }
    }

    fn others(&self, number: u64) -> usize {
        self.waiting.len() - usize::from(self.waiting.contains_key(&number))
    }

    fn decide(&mut self, number: u64, since: Instant, deadline: Instant) -> Decision {
        let now = Instant::now();
        if self.waiting.is_empty() && self.limit.as_ref().is_some_and(|limit| limit.is_over(now)) {
            self.limit = None;
        }
        let is_crowded = self.others(number) > 0;
        let ahead = self.waiting.range(..number).count();
        let others = self.others(number);
        let retry_after =
            self.retry_after.map(|until| until.saturating_duration_since(now)).filter(|wait| !wait.is_zero());
        let Some(limit) = &mut self.limit else {
            let burst_end = since + BURST;
            if (ahead > 0 || self.in_flight >= MAX_IN_FLIGHT) && now < burst_end {
                return Decision::Wait { until: burst_end, expected: burst_end - now };
            }
            self.in_flight += 1;
            return Decision::Send(Departure { at: now, waited: false });
        };
        let next = limit.next();
        if next.max(now) >= deadline {
            let time_left = deadline.saturating_duration_since(now);
            return Decision::TooLate(PastDeadline {
                retry_after: retry_after.filter(|wait| *wait >= time_left),
                time_left,
                others,
            });
        }
        if ahead == 0 && next <= now {
            limit.depart(now);
            self.in_flight += 1;
            return Decision::Send(Departure { at: now, waited: is_crowded });
        }
        let ahead = u32::try_from(ahead).unwrap_or(u32::MAX);
        let expected = next.saturating_duration_since(now) + limit.interval().saturating_mul(ahead);
        // A request behind others is woken when it is the first.
        Decision::Wait { until: if ahead == 0 { next } else { deadline }, expected }
    }

    fn count(&mut self, now: Instant) {
        self.rejections = 0;
        self.accepted.truncate(COUNTED - 1);
        self.accepted.push_front(now);
    }

    /// Lowers the rate, or starts a limit at the rate that was accepted over the `Retry-After` time
    fn lower(&mut self, permit: Departure, retry_after: Option<Duration>, now: Instant) {
        if let Some(limit) = &mut self.limit {
            return limit.lower(permit.at, now);
        }
        let [least, most] = COUNTED_OVER;
        let over = retry_after.unwrap_or(least).clamp(least, most);
        let count = self.accepted.iter().take_while(|accepted| now.duration_since(**accepted) < over).count();
        let rate = f64::from(u32::try_from(count).unwrap_or(u32::MAX)) / over.as_secs_f64();
        self.limit = Some(RateLimit::new(rate, now));
    }

    /// Records a rejection, and returns how long to send nothing, unless a pause is already in force
    fn reject(
        &mut self,
        permit: Departure,
        retry_after: Option<Duration>,
        limits: &NetworkLimits,
        now: Instant,
    ) -> Option<Duration> {
        let is_another = self.rejected.is_none_or(|rejected| permit.at >= rejected);
        if is_another {
            self.rejections = self.rejections.saturating_add(1);
            self.rejected = Some(now);
        }
        self.lower(permit, retry_after, now);
        retry_after.or_else(|| is_another.then(|| backoff::pause(self.rejections, limits.backoff)))
    }

    /// Slows down to the rate at which the limit recovers, while little remains
    fn conserve(&mut self, permit: Departure, allowance: &Allowance, now: Instant) {
        let Some(rate) = allowance.recovers() else { return self.lower(permit, None, now) };
        if self.limit.is_none() {
            self.lower(permit, None, now);
        }
        if let Some(limit) = &mut self.limit {
            limit.cap(rate, now);
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
