//! What each user has left of a rate limit.

use std::collections::HashMap;
use std::time::Duration;
use std::time::SystemTime;
use std::time::UNIX_EPOCH;

use axum::http::HeaderName;
use axum::http::header::RETRY_AFTER;
use tokio::time::Instant;

use crate::response::Response;
use crate::world::RateLimit;

/// The service says nothing about the limit while more than one part in so many is left.
const TOLD: u32 = 5;

/// The users who were counted, by the positions of organization and user.
#[derive(Default)]
pub(crate) struct Allowances(HashMap<(usize, usize), Window>);

struct Window {
    end: Instant,
    used: u32,
}

/// What a request leaves of its user's allowance; nothing where it is one too many.
pub(crate) struct Allowance {
    limit: RateLimit,
    left: Option<u32>,
    /// Until the count begins anew.
    reset: Duration,
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

    /// Adds the headers that the service slows clients down with.
    pub(crate) fn tell(&self, mut answer: Response) -> Response {
        let left = self.left.unwrap_or(0);
        if left.saturating_mul(TOLD) > self.limit.requests {
            return answer;
        }
        if self.is_over() && self.limit.retry_after {
            answer = answer.with(RETRY_AFTER, &whole_seconds(self.reset).to_string());
        }
        let at = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default() + self.reset;
        [
            ("x-ratelimit-resource", "Requests".to_owned()),
            ("x-ratelimit-limit", self.limit.requests.to_string()),
            ("x-ratelimit-remaining", left.to_string()),
            ("x-ratelimit-reset", whole_seconds(at).to_string()),
        ]
        .into_iter()
        .fold(answer, |answer, (name, value)| answer.with(HeaderName::from_static(name), &value))
    }
}

/// No sooner than that, and not at once.
fn whole_seconds(time: Duration) -> u64 {
    (time.as_secs() + u64::from(time.subsec_nanos() > 0)).max(1)
}
