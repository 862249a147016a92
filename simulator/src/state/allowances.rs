//! What each user has left of a rate limit.

use std::collections::HashMap;
use std::time::Duration;

use tokio::time::Instant;

use crate::world::RateLimit;

/// The users who were counted, by the positions of organization and user.
#[derive(Default)]
pub(crate) struct Allowances(HashMap<(usize, usize), Window>);

struct Window {
    end: Instant,
    used: u32,
}

/// What a request leaves of its user's allowance; nothing where it is one too many.
pub(crate) struct Allowance {
    pub(crate) limit: RateLimit,
    pub(crate) left: Option<u32>,
    /// Until the count begins anew.
    pub(crate) reset: Duration,
}

impl Allowances {
    /// Counts a request, unless it is one too many.
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
    /// Whether the request is one too many.
    pub(crate) fn is_over(&self) -> bool {
        self.left.is_none()
    }
}
