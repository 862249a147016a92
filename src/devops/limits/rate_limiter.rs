//! The rate limiter of one user in one organization: who waits, in which order, and until when.
//!
//! Without a limit in force nothing waits but the latest of a burst, for a moment: what is under way when the first refusal
//! comes is refused as well. With one, requests leave one by one at its rate, the oldest first: a request
//! keeps its ticket when it is refused, so that it goes before all that came later.

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

/// Of so many accepted requests the time is kept, to know the rate when the first refusal comes
const COUNTED: usize = 512;

/// The times that the first rate is counted over, at least and at most; in between it is what the service asks to wait
const COUNTED_OVER: [Duration; 2] = [Duration::from_secs(1), Duration::from_secs(60)];

/// While so many requests are under way, another one waits until one of them is answered; so many can be refused at once
const MAX_IN_FLIGHT: usize = 24;

/// The longest wait for that: requests that hang must not hold others up
const BURST: Duration = Duration::from_millis(100);

/// The longest pause for an allowance that is used up: the service may still answer, with a delay
const EMPTY: Duration = Duration::from_secs(2);

/// The rate limiter of one user in one organization
pub(crate) struct RateLimiter {
    state: Mutex<State>,
    /// Where this process begins behind a pause, from 0 to 1
    jitter: f64,
}

#[derive(Default)]
struct State {
    issued: u64,
    limit: Option<RateLimit>,
    waiting: BTreeMap<u64, Arc<Notify>>,
    in_flight: usize,
    /// Until when the service wants nothing, however long that is
    retry_after: Option<Instant>,
    accepted: VecDeque<Instant>,
    /// Refusals since something was accepted, those of one moment counted once
    refusals: u32,
    refused: Option<Instant>,
    throttling: Option<Throttling>,
}

/// A request's place in the order, from its beginning through all its attempts
#[derive(Default)]
pub(crate) struct QueueTicket(Option<u64>);

/// Leave for one attempt, which is under way until this is dropped
pub(crate) struct SendPermit<'a> {
    limiter: &'a RateLimiter,
    departure: Departure,
}

#[derive(Debug, Clone, Copy)]
struct Departure {
    at: Instant,
    waited: bool,
}

/// What became of an attempt, as far as the limit goes
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AttemptOutcome {
    /// It was answered
    Accepted,
    /// It was refused for the limit, or until a time that the service names
    Refused,
    /// It failed for another reason, which says nothing about the limit
    Failed,
}

/// Why a request cannot leave before its deadline
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PastDeadline {
    /// How long the service still asks to wait
    pub(crate) retry_after: Option<Duration>,
    /// How much time is left
    pub(crate) time_left: Duration,
    /// How many others wait
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

    /// What was said last about slowing down
    pub(crate) fn throttling(&self) -> Option<Throttling> {
        self.state().throttling.clone()
    }

    /// Whether forgetting it changes nothing
    pub(crate) fn is_idle(&self) -> bool {
        let state = self.state();
        state.waiting.is_empty() && state.limit.as_ref().is_none_or(|limit| limit.is_over(Instant::now()))
    }

    /// Waits until the request may leave; `expect` hears, each time that is known anew, how long that may take
    ///
    /// Fails at once when the time that the service asks for is over no sooner than the deadline, and at the deadline
    /// when its turn did not come.
    pub(crate) async fn acquire(
        &self,
        ticket: &mut QueueTicket,
        deadline: Instant,
        mut expect: impl FnMut(Duration, usize) + Send,
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
            let (decide, others) = {
                let mut state = self.state();
                (state.decide(number, since, deadline), state.others(number))
            };
            let until = match decide {
                Decision::Send(departure) => {
                    return Ok(SendPermit {
                        limiter: self,
                        departure: Departure { waited: true, ..departure },
                    });
                }
                Decision::TooLate(past_deadline) => return Err(past_deadline),
                Decision::Wait { until, expected } => {
                    expect(expected, others);
                    until
                }
            };
            tokio::select! {
                () = changed.notified() => {}
                () = tokio::time::sleep_until(until) => {}
            }
        }
    }

    /// Learns from the headers of an answer
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
            (AttemptOutcome::Refused, retry_after) => state.refuse(permit, retry_after, limits, now),
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
            // All of them, since some may have less time than that.
            state.waiting.values().for_each(|waiting| waiting.notify_one());
        }
    }

    /// Takes over what another limiter learned about the same user
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
            let moment = since + BURST;
            if (ahead > 0 || self.in_flight >= MAX_IN_FLIGHT) && now < moment {
                return Decision::Wait { until: moment, expected: moment - now };
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
        // Behind others, it is woken when its turn comes.
        Decision::Wait { until: if ahead == 0 { next } else { deadline }, expected }
    }

    fn count(&mut self, now: Instant) {
        self.refusals = 0;
        self.accepted.truncate(COUNTED - 1);
        self.accepted.push_front(now);
    }

    /// Lowers the rate, or begins with one: as many requests as were accepted over the time asked for
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

    /// Hears a refusal; how long nothing is to leave, unless that is known already
    fn refuse(
        &mut self,
        permit: Departure,
        retry_after: Option<Duration>,
        limits: &NetworkLimits,
        now: Instant,
    ) -> Option<Duration> {
        let is_another = self.refused.is_none_or(|refused| permit.at >= refused);
        if is_another {
            self.refusals = self.refusals.saturating_add(1);
            self.refused = Some(now);
        }
        self.lower(permit, retry_after, now);
        retry_after.or_else(|| is_another.then(|| backoff::pause(self.refusals, limits.backoff)))
    }

    /// Slows down to what comes back while little is left
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

/// A place in the queue; when it is left, whichever way, the next one is woken
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
