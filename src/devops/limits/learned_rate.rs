//! The request rate of a throttled user: lowered when the service rejects a request, raised while it accepts them.
//!
//! Additive increase, multiplicative decrease, as in TCP, so that processes that do not know of each other converge to
//! equal parts of the limit of one user. The rate is raised per accepted request, so that the share of rejected requests
//! is the same for small and for large limits.

use std::time::Duration;

use tokio::time::Instant;

/// The factor by which a rejection lowers the rate
pub(super) const DECREASE: f64 = 0.7;

/// After so many accepted requests the rate is the same as before the rejection
pub(super) const RECOVERY: f64 = 50.0;

/// The lowest rate assumed at the first rejection, in requests per second: a wrong guess costs one more rejection
pub(super) const FIRST: f64 = 10.0;

/// The lowest rate; if the service allows less, each rejection adds a pause
pub(super) const LOWEST: f64 = 1.0;

/// A rate above this is no limit
pub(super) const HIGHEST: f64 = 1000.0;

/// The service counts over five minutes; a limit that it has not mentioned for so long has ended
pub(super) const REMEMBERED: Duration = Duration::from_secs(5 * 60);

/// The rate of one user
#[derive(Clone, Copy)]
pub(super) struct LearnedRate {
    /// In requests per second
    rate: f64,
    step: f64,
    /// Whether a request sent since the last rejection was accepted
    confirmed: bool,
    mentioned: Instant,
}

impl LearnedRate {
    /// Creates the rate after the first rejection; `accepted` is the rate that the service accepted before
    pub(super) fn new(accepted: f64, now: Instant) -> Self {
        let mut learned =
            LearnedRate { rate: accepted.max(FIRST), step: 0.0, confirmed: false, mentioned: now };
        learned.decrease();
        learned
    }

    /// Returns the requests per second
    pub(super) fn per_second(&self) -> f64 {
        self.rate
    }

    /// Returns the time between two requests
    pub(super) fn interval(&self) -> Duration {
        Duration::from_secs_f64(1.0 / self.rate)
    }

    /// Records that a request was rejected or delayed, which was sent after the last rejection if it `is_current`
    ///
    /// Requests sent together count as one rejection. If no request was accepted since the last rejection, the pause
    /// was too short, and the rate does not change. Returns whether it has changed.
    pub(super) fn lower(&mut self, is_current: bool, now: Instant) -> bool {
        self.mentioned = now;
        let lowers = self.confirmed && is_current;
        if lowers {
            self.decrease();
        }
        lowers
    }

    fn decrease(&mut self) {
        self.step = self.rate * (1.0 - DECREASE) / RECOVERY;
        self.rate = (self.rate * DECREASE).max(LOWEST.min(self.rate));
        self.confirmed = false;
    }

    /// Lowers the rate to at most `rate`
    pub(super) fn cap(&mut self, rate: f64, now: Instant) {
        self.mentioned = now;
        self.rate = self.rate.min(rate.max(LOWEST));
    }

    /// Records that requests sent since the last rejection were accepted; those that had to wait raise the rate
    pub(super) fn accepted(&mut self, waited: u32) {
        self.confirmed = true;
        self.rate += self.step * f64::from(waited);
    }

    /// Records that the service mentioned the limit
    pub(super) fn mention(&mut self, now: Instant) {
        self.mentioned = now;
    }

    /// Whether it limits nothing any more
    pub(super) fn is_over(&self, now: Instant) -> bool {
        self.rate > HIGHEST || now - self.mentioned >= REMEMBERED
    }

    /// Merges another rate: the stricter values apply
    pub(super) fn join(&mut self, other: &LearnedRate) {
        self.rate = self.rate.min(other.rate);
        self.step = self.step.min(other.step);
        self.mentioned = self.mentioned.max(other.mentioned);
    }
}
