//! The rate limit of a throttled user in one process: the rate, and when the next request may be sent.

use std::time::Duration;

use tokio::time::Instant;

use crate::devops::limits::learned_rate::LearnedRate;

/// How late a request may be sent without delaying the next one
const SLACK: Duration = Duration::from_millis(50);

/// The longest random wait after a pause, so that processes do not resume at the same moment
const SPREAD: Duration = Duration::from_millis(250);

/// The rate limit of one user
pub(crate) struct RateLimit {
    rate: LearnedRate,
    next: Instant,
    lowered: Instant,
}

impl RateLimit {
    /// Creates the limit after the first rejection; `accepted` is the rate that the service accepted before
    pub(crate) fn new(accepted: f64, now: Instant) -> Self {
        RateLimit { rate: LearnedRate::new(accepted, now), next: now, lowered: now }
    }

    /// Returns when the next request may be sent
    pub(crate) fn next(&self) -> Instant {
        self.next
    }

    /// Returns the time between two requests
    pub(crate) fn interval(&self) -> Duration {
        self.rate.interval()
    }

    /// Records that a request is sent
    pub(crate) fn depart(&mut self, now: Instant) {
        let interval = self.interval();
        let late = now.checked_sub(interval.min(SLACK)).unwrap_or(now);
        self.next = self.next.max(late) + interval;
    }

    /// Records that a request sent at that time was rejected or delayed
    pub(crate) fn lower(&mut self, departed: Instant, now: Instant) {
        if self.rate.lower(departed >= self.lowered, now) {
            self.lowered = now;
        }
    }

    /// Lowers the rate to at most `rate`
    pub(crate) fn cap(&mut self, rate: f64, now: Instant) {
        self.rate.cap(rate, now);
    }

    /// Records that a request sent at that time was accepted; it raises the rate if it had to wait
    pub(crate) fn accepted(&mut self, departed: Instant, waited: bool) {
        if departed >= self.lowered {
            self.rate.accepted(waited.into());
        }
    }

    /// Stops all requests until then; `jitter` (0 to 1) is the part of the random wait after the pause
    pub(crate) fn pause(&mut self, until: Instant, jitter: f64, now: Instant) {
        self.rate.mention(now);
        self.next = self.next.max(until + self.interval().min(SPREAD).mul_f64(jitter));
    }

    /// Whether the limit has ended
    pub(crate) fn is_over(&self, now: Instant) -> bool {
        self.next <= now && self.rate.is_over(now)
    }

    /// Merges another limit: the stricter values apply
    pub(crate) fn join(&mut self, other: &RateLimit) {
        self.rate.join(&other.rate);
        self.next = self.next.max(other.next);
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
        (limit.rate.per_second() * 10.0).round() / 10.0
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
