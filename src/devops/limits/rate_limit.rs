//! A rate that is learned: lowered by a part when the service refuses, raised step by step while it does not.
//!
//! Additive increase, multiplicative decrease, as TCP does it, so that processes which share one user's allowance come
//! to equal parts of it. The clock of the increase is the number of accepted requests, so that the part of refused ones
//! stays the same for small and for large allowances.

use std::time::Duration;

use tokio::time::Instant;

/// What is left of the rate after a refusal
const DECREASE: f64 = 0.7;

/// After so many accepted requests the rate is what it was before the refusal
const RECOVERY: f64 = 50.0;

/// The least rate assumed at the first refusal, in requests a second: a wrong guess costs one refusal more
const FIRST: f64 = 10.0;

/// The lowest rate: where fewer requests are allowed, each refusal brings a pause of its own
const LOWEST: f64 = 1.0;

/// A rate above this limits nothing
const HIGHEST: f64 = 1000.0;

/// The service counts over five minutes; a limit that it did not mention for so long is over
const REMEMBERED: Duration = Duration::from_secs(5 * 60);

/// How much later than planned a request may leave without delaying the next one
const SLACK: Duration = Duration::from_millis(50);

/// The longest random wait behind a pause, so that processes do not come back at the same moment
const SPREAD: Duration = Duration::from_millis(250);

/// The limit in force for one user
pub(crate) struct RateLimit {
    /// In requests a second
    rate: f64,
    step: f64,
    next: Instant,
    lowered: Instant,
    /// Whether a request that left since then was accepted
    confirmed: bool,
    mentioned: Instant,
}

impl RateLimit {
    /// A limit that begins with a refusal, after so many requests a second were accepted
    pub(crate) fn new(accepted: f64, now: Instant) -> Self {
        let mut limit = RateLimit {
            rate: accepted.max(FIRST),
            step: 0.0,
            next: now,
            lowered: now,
            confirmed: false,
            mentioned: now,
        };
        limit.decrease(now);
        limit
    }

    /// When the next request may leave
    pub(crate) fn next(&self) -> Instant {
        self.next
    }

    /// The time between two requests
    pub(crate) fn interval(&self) -> Duration {
        Duration::from_secs_f64(1.0 / self.rate)
    }

    /// A request leaves
    pub(crate) fn depart(&mut self, now: Instant) {
        let interval = self.interval();
        let late = now.checked_sub(interval.min(SLACK)).unwrap_or(now);
        self.next = self.next.max(late) + interval;
    }

    /// A request that left at that time was refused, or delayed
    ///
    /// Those that left together are one refusal. While nothing was accepted since the last one, it says that the pause
    /// was too short, and nothing about the rate.
    pub(crate) fn lower(&mut self, departed: Instant, now: Instant) {
        self.mentioned = now;
        if self.confirmed && departed >= self.lowered {
            self.decrease(now);
        }
    }

    fn decrease(&mut self, now: Instant) {
        self.step = self.rate * (1.0 - DECREASE) / RECOVERY;
        self.rate = (self.rate * DECREASE).max(LOWEST.min(self.rate));
        self.lowered = now;
        self.confirmed = false;
    }

    /// The rate is no higher than this
    pub(crate) fn cap(&mut self, rate: f64, now: Instant) {
        self.mentioned = now;
        self.rate = self.rate.min(rate.max(LOWEST));
    }

    /// A request that left at that time was accepted; it raises the rate if the rate held it back
    pub(crate) fn accepted(&mut self, departed: Instant, waited: bool) {
        self.confirmed |= departed >= self.lowered;
        if waited && departed >= self.lowered {
            self.rate += self.step;
        }
    }

    /// Nothing leaves until then; `part` (0 to 1) says where in the spread behind it this process begins
    pub(crate) fn pause(&mut self, until: Instant, jitter: f64, now: Instant) {
        self.mentioned = now;
        self.next = self.next.max(until + self.interval().min(SPREAD).mul_f64(jitter));
    }

    /// Whether it limits nothing any more
    pub(crate) fn is_over(&self, now: Instant) -> bool {
        self.next <= now && (self.rate > HIGHEST || now - self.mentioned >= REMEMBERED)
    }

    /// Takes the stricter of this limit and another one over
    pub(crate) fn join(&mut self, other: &RateLimit) {
        self.rate = self.rate.min(other.rate);
        self.step = self.step.min(other.step);
        self.next = self.next.max(other.next);
        self.mentioned = self.mentioned.max(other.mentioned);
    }

    /// A copy for another user's place
    pub(crate) fn another(&self) -> Self {
        RateLimit { ..*self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rate(limit: &RateLimit) -> f64 {
        (limit.rate * 10.0).round() / 10.0
    }

    #[tokio::test(start_paused = true)]
    async fn a_refusal_lowers_the_rate_once_and_accepted_requests_raise_it_again() {
        let now = Instant::now();
        let mut limit = RateLimit::new(20.0, now);
        assert_eq!(rate(&limit), 14.0);
        let later = now + Duration::from_secs(1);
        limit.lower(later, later);
        assert_eq!(rate(&limit), 14.0, "nothing was accepted in between");
        for _ in 0..50 {
            limit.accepted(later, true);
        }
        assert_eq!(rate(&limit), 20.0);
        limit.accepted(later, false);
        assert_eq!(rate(&limit), 20.0, "what did not wait says nothing about the rate");
        limit.lower(later, later);
        limit.accepted(later, true);
        let rate_now = rate(&limit);
        limit.lower(now, later);
        assert_eq!(rate(&limit), rate_now, "it left before the rate was lowered");
    }

    #[tokio::test(start_paused = true)]
    async fn a_limit_that_is_not_mentioned_any_more_is_over() {
        let now = Instant::now();
        let mut limit = RateLimit::new(0.0, now);
        assert_eq!(rate(&limit), 7.0, "the first guess");
        assert!(!limit.is_over(now + Duration::from_secs(299)));
        limit.pause(now + Duration::from_secs(600), 0.5, now);
        assert!(!limit.is_over(now + Duration::from_secs(500)), "a pause is kept");
        assert!(limit.is_over(now + Duration::from_secs(601)));
    }

    #[tokio::test(start_paused = true)]
    async fn no_refusal_slows_down_to_less_than_a_request_a_second() {
        let now = Instant::now();
        let mut limit = RateLimit::new(0.0, now);
        for _ in 0..100 {
            limit.accepted(now, false);
            limit.lower(now, now);
        }
        limit.cap(0.0, now);
        assert_eq!(limit.interval(), Duration::from_secs(1));
    }
}
