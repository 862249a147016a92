//! The rate limit headers of a response.

use std::time::Duration;
use std::time::SystemTime;
use std::time::UNIX_EPOCH;

use axum::http::HeaderName;
use axum::http::header::RETRY_AFTER;

use crate::http::Response;
use crate::state::Allowance;

/// The headers are left out while more than this part of the limit remains: one in so many.
const TOLD: u32 = 5;

/// Adds the headers about the rate limit, which ask clients to slow down.
pub(super) fn add_headers(allowance: &Allowance, mut response: Response) -> Response {
    let left = allowance.left.unwrap_or(0);
    if left.saturating_mul(TOLD) > allowance.limit.requests {
        return response;
    }
    if allowance.is_over() && allowance.limit.retry_after {
        response = response.with(RETRY_AFTER, &whole_seconds(allowance.reset).to_string());
    }
    let at = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default() + allowance.reset;
    [
        ("x-ratelimit-resource", "Requests".to_owned()),
        ("x-ratelimit-limit", allowance.limit.requests.to_string()),
        ("x-ratelimit-remaining", left.to_string()),
        ("x-ratelimit-reset", whole_seconds(at).to_string()),
    ]
    .into_iter()
    .fold(response, |response, (name, value)| response.with(HeaderName::from_static(name), &value))
}

/// Rounds up, to one second at least.
fn whole_seconds(time: Duration) -> u64 {
    (time.as_secs() + u64::from(time.subsec_nanos() > 0)).max(1)
}
