//! The headers with which the service slows clients down.

use std::time::Duration;
use std::time::SystemTime;
use std::time::UNIX_EPOCH;

use axum::http::HeaderName;
use axum::http::header::RETRY_AFTER;

use crate::http::Response;
use crate::state::Allowance;

/// The service says nothing about the limit while more than one part in so many is left.
const TOLD: u32 = 5;

/// Adds the headers that the service slows clients down with.
pub(super) fn add_headers(allowance: &Allowance, mut answer: Response) -> Response {
    let left = allowance.left.unwrap_or(0);
    if left.saturating_mul(TOLD) > allowance.limit.requests {
        return answer;
    }
    if allowance.is_over() && allowance.limit.retry_after {
        answer = answer.with(RETRY_AFTER, &whole_seconds(allowance.reset).to_string());
    }
    let at = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default() + allowance.reset;
    [
        ("x-ratelimit-resource", "Requests".to_owned()),
        ("x-ratelimit-limit", allowance.limit.requests.to_string()),
        ("x-ratelimit-remaining", left.to_string()),
        ("x-ratelimit-reset", whole_seconds(at).to_string()),
    ]
    .into_iter()
    .fold(answer, |answer, (name, value)| answer.with(HeaderName::from_static(name), &value))
}

/// No sooner than that, and not at once.
fn whole_seconds(time: Duration) -> u64 {
    (time.as_secs() + u64::from(time.subsec_nanos() > 0)).max(1)
}
