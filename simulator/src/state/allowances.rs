//! The requests that each user has left of a rate limit.

use std::collections::HashMap;
use std::time::Duration;

use tokio::time::Instant;

use crate::world::RateLimit;

/// The counts of users, by the positions of organization and user.
#[derive(Default)]
pub(crate) struct Allowances(HashMap<(usize, usize), Window>);

struct Window {
    end: Instant,
    used: u32,
}

/// What remains of a user's limit after a request; `left` is `None` if the request exceeds it.
pub(crate) struct Allowance {
    pub(crate) limit: RateLimit,
    pub(crate) left: Option<u32>,
    /// The time until the count restarts.
    pub(crate) reset: Duration,
}

impl Allowances {
    /// Counts a request, unless it exceeds the limit.
    pub(crate) fn take(&mut self, limit: RateLimit, user: (usize, usize)) -> Allowance {
        let now = Instant::now();
        let end = now + Duration::from_millis(limit.milliseconds.into());
        let window = self.0.entry(user).or_insert(Window { end, used: 0 });
        if window.end <= now {
            *window = Window { end, used: 0 };
        }
        let left = limit.requests.checked_sub(window.used + 1);
        window.used += u32::from(left.is_some());
        Allowance { limit, left, reset: window.end - now }
    }
}

impl Allowance {
    /// Returns whether the request exceeds the limit.
    pub(crate) fn is_over(&self) -> bool {
        self.left.is_none()
    }
}
