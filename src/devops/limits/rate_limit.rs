//! The request rate of a throttled user: lowered when the service rejects a request, raised while it accepts them.
//!
//! Additive increase, multiplicative decrease, as in TCP, so that processes that share the limit of one user converge
//! to equal parts of it. The rate is raised per accepted request, so that the share of rejected requests is the same
//! for small and for large limits.

use std::time::Duration;

use tokio::time::Instant;

/// The factor by which a rejection lowers the rate
const DECREASE: f64 = 0.7;

/// After so many accepted requests the rate is the same as before the rejection
const RECOVERY: f64 = 50.0;

/// The lowest rate assumed at the first rejection, in requests per second: a wrong guess costs one more rejection
const FIRST: f64 = 10.0;

/// The lowest rate; if the service allows less, each rejection adds a pause
const LOWEST: f64 = 1.0;

/// A rate above this is no limit
const HIGHEST: f64 = 1000.0;

/// The service counts over five minutes; a limit that it has not mentioned for so long has ended
const REMEMBERED: Duration = Duration::from_secs(5 * 60);

/// How late a request may be sent without delaying the next one
const SLACK: Duration = Duration::from_millis(50);

/// The longest random wait after a pause, so that processes do not resume at the same moment
const SPREAD: Duration = Duration::from_millis(250);

/// The rate limit of one user
pub(crate) struct RateLimit {
    /// In requests per second
    rate: f64,
    step: f64,
    next: Instant,
    lowered: Instant,
    /// Whether a request sent since then was accepted
    confirmed: bool,
    mentioned: Instant,
}

impl RateLimit {
    /// Creates the limit after the first rejection; `accepted` is the rate that the service accepted before
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

    /// Returns when the next request may be sent
    pub(crate) fn next(&self) -> Instant {
        self.next
    }

    /// Returns the time between two requests
    pub(crate) fn interval(&self) -> Duration {
        Duration::from_secs_f64(1.0 / self.rate)
    }

    /// Records that a request is sent
    pub(crate) fn depart(&mut self, now: Instant) {
        let interval = self.interval();
        let late = now.checked_sub(interval.min(SLACK)).unwrap_or(now);
        self.next = self.next.max(late) + interval;
    }

    /// Records that a request sent at that time was rejected or delayed
    ///
    /// Requests sent together count as one rejection. If no request was accepted since the last rejection, the pause
    /// was too short, and the rate does not change.
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

    /// Lowers the rate to at most `rate`
    pub(crate) fn cap(&mut self, rate: f64, now: Instant) {
        self.mentioned = now;
        self.rate = self.rate.min(rate.max(LOWEST));
    }

    /// Records that a request sent at that time was accepted; it raises the rate if it had to wait
    pub(crate) fn accepted(&mut self, departed: Instant, waited: bool) {
        self.confirmed |= departed >= self.lowered;
        if waited && departed >= self.lowered {
            self.rate += self.step;
        }
    }

    /// Stops all requests until then; `jitter` (0 to 1) is the part of the random wait after the pause
    pub(crate) fn pause(&mut self, until: Instant, jitter: f64, now: Instant) {
        self.mentioned = now;
        self.next = self.next.max(until + self.interval().min(SPREAD).mul_f64(jitter));
    }

    /// Whether the limit has ended
    pub(crate) fn is_over(&self, now: Instant) -> bool {
        self.next <= now && (self.rate > HIGHEST || now - self.mentioned >= REMEMBERED)
    }

    /// Merges another limit: the stricter values apply
    pub(crate) fn join(&mut self, other: &RateLimit) {
        self.rate = self.rate.min(other.rate);
        self.step = self.step.min(other.step);
        self.next = self.next.max(other.next);
        self.mentioned = self.mentioned.max(other.mentioned);
    }

    /// Returns a copy
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
    async fn a_rejection_lowers_the_rate_once_and_accepted_requests_raise_it_again() {
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
    async fn a_limit_that_is_no_longer_mentioned_has_ended() {
        let now = Instant::now();
        let mut limit = RateLimit::new(0.0, now);
        assert_eq!(rate(&limit), 7.0, "the first guess");
        assert!(!limit.is_over(now + Duration::from_secs(299)));
        limit.pause(now + Duration::from_secs(600), 0.5, now);
        assert!(!limit.is_over(now + Duration::from_secs(500)), "a pause is kept");
        assert!(limit.is_over(now + Duration::from_secs(601)));
    }

    #[tokio::test(start_paused = true)]
    async fn no_rejection_lowers_the_rate_below_one_request_per_second() {
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
