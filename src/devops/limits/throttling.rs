//! The headers in which the service states the rate limit of a user.

use std::fmt;
use std::time::Duration;
use std::time::SystemTime;
use std::time::UNIX_EPOCH;

use reqwest::header::HeaderMap;
use reqwest::header::HeaderName;
use reqwest::header::RETRY_AFTER;
use serde::Serialize;

use crate::contract::printable;
use crate::devops::message::service_clock;

/// Requests slow down when less than this part of the limit remains
const LOW: f64 = 0.2;

const RESOURCE: HeaderName = HeaderName::from_static("x-ratelimit-resource");
const LIMIT: HeaderName = HeaderName::from_static("x-ratelimit-limit");
const REMAINING: HeaderName = HeaderName::from_static("x-ratelimit-remaining");
const DELAY: HeaderName = HeaderName::from_static("x-ratelimit-delay");
const RESET: HeaderName = HeaderName::from_static("x-ratelimit-reset");

/// What the service stated last about the rate limit of a user; it states nothing without reason
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Throttling {
    /// The resource that is used too much
    pub resource: Option<String>,
    /// How much of the resource may be used
    pub limit: Option<String>,
    /// How much of the limit remains
    pub remaining: Option<String>,
    /// By how many seconds the service delayed the response
    pub delay: Option<String>,
    /// How many seconds to wait before the next request
    pub retry_after: Option<String>,
}

impl Throttling {
    pub(crate) fn of(headers: &HeaderMap) -> Option<Self> {
        let text = |name: &HeaderName| Some(printable(headers.get(name)?.to_str().ok()?, 256));
        let seen = Throttling {
            resource: text(&RESOURCE),
            limit: text(&LIMIT),
            remaining: text(&REMAINING),
            delay: text(&DELAY),
            retry_after: text(&RETRY_AFTER),
        };
        (seen != Throttling::default()).then_some(seen)
    }
}

impl fmt::Display for Throttling {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = [
            ("resource", &self.resource),
            ("limit", &self.limit),
            ("remaining", &self.remaining),
            ("delay in seconds", &self.delay),
            ("retry after seconds", &self.retry_after),
        ];
        let shown: Vec<String> = parts
            .into_iter()
            .filter_map(|(name, value)| Some(format!("{name} {}", value.as_ref()?)))
            .collect();
        f.write_str(&shown.join(", "))
    }
}

/// Whether the service delayed this response
pub(crate) fn is_delayed(headers: &HeaderMap) -> bool {
    number(headers, &DELAY).is_some_and(|seconds| seconds > 0.0)
}

/// How much of the limit remains
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Allowance {
    limit: Option<f64>,
    remaining: f64,
    reset: Option<Duration>,
}

impl Allowance {
    pub(crate) fn of(headers: &HeaderMap) -> Option<Self> {
        let now =
            service_clock::now_by(headers, SystemTime::now()).duration_since(UNIX_EPOCH).unwrap_or_default();
        let reset = number(headers, &RESET).and_then(|at| Duration::try_from_secs_f64(at).ok());
        Some(Allowance {
            limit: number(headers, &LIMIT).filter(|limit| *limit > 0.0),
            remaining: number(headers, &REMAINING)?.max(0.0),
            // Both times are in whole seconds.
            reset: reset.map(|at| at.saturating_sub(now).max(Duration::from_secs(1))),
        })
    }

    /// Whether little remains
    pub(crate) fn is_low(&self) -> bool {
        self.remaining < 1.0 || self.limit.is_some_and(|limit| self.remaining <= limit * LOW)
    }

    /// Returns the time until the limit resets, if nothing remains
    pub(crate) fn empty_for(&self) -> Option<Duration> {
        self.reset.filter(|_| self.remaining < 1.0)
    }

    /// Returns how much is released per second: what is used now is free at the reset
    pub(crate) fn recovers(&self) -> Option<f64> {
        Some((self.limit? - self.remaining).max(0.0) / self.reset?.as_secs_f64())
    }
}

fn number(headers: &HeaderMap, name: &HeaderName) -> Option<f64> {
    let value: f64 = headers.get(name)?.to_str().ok()?.trim().parse().ok()?;
    value.is_finite().then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(rows: &[(&'static str, &str)]) -> HeaderMap {
        let row = |(name, value): &(&'static str, &str)| {
            (name.parse().expect("a name"), value.parse().expect("a value"))
        };
        HeaderMap::from_iter(rows.iter().map(row))
    }

    #[test]
    fn the_headers_are_displayed() {
        assert_eq!(Throttling::of(&HeaderMap::new()), None);
        let seen =
            Throttling::of(&headers(&[("x-ratelimit-remaining", "7"), ("x-ratelimit-delay", "1.500")]));
        assert_eq!(seen.expect("the headers are set").to_string(), "remaining 7, delay in seconds 1.500");
    }

    #[test]
    fn the_allowance_is_read_by_the_services_clock() {
        let date = ("date", "Sun, 06 Nov 1994 08:49:37 GMT"); // 784111777
        let of = |limit, remaining, reset| {
            Allowance::of(&headers(&[
                date,
                ("x-ratelimit-limit", limit),
                ("x-ratelimit-remaining", remaining),
                ("x-ratelimit-reset", reset),
            ]))
            .expect("something remains")
        };
        let plenty = of("200", "100", "784112077");
        assert_eq!((plenty.is_low(), plenty.empty_for()), (false, None));
        let low = of("200", "20.5", "784112077");
        assert_eq!((low.is_low(), low.empty_for()), (true, None));
        assert!(low.recovers().is_some_and(|rate| (0.59..0.6).contains(&rate)), "{low:?}");
        let empty = of("200", "0", "784112077");
        assert_eq!((empty.is_low(), empty.empty_for()), (true, Some(Duration::from_secs(300))));
        // Invalid values, and a reset in the past, never stop requests for long.
        let over = of("20", "-5", "1");
        assert_eq!((over.empty_for(), over.recovers()), (Some(Duration::from_secs(1)), Some(20.0)));
        let nonsense = of("NaN", "0", "1e300");
        assert_eq!((nonsense.empty_for(), nonsense.recovers()), (None, None));
        assert_eq!(Allowance::of(&headers(&[("x-ratelimit-remaining", "inf")])), None);
    }
}
