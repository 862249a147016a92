//! When to ask again: what `Retry-After` says, and a random wait before another attempt.

use std::time::Duration;
use std::time::SystemTime;

use time::OffsetDateTime;
use time::format_description::well_known::Rfc2822;

/// The longest wait that is believed; whatever is above is a mistake or malice
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

/// Reads `Retry-After`: whole seconds or a date; anything else says nothing
pub(super) fn parse_retry_after(value: &str, now: SystemTime) -> Option<Duration> {
    let value = value.trim();
    if !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit()) {
        // More digits than fit are a very long time too.
        let seconds = value.parse().unwrap_or(u64::MAX);
        return Some(Duration::from_secs(seconds).min(LONGEST));
    }
    let date = SystemTime::from(OffsetDateTime::parse(value, &Rfc2822).ok()?);
    Some(date.duration_since(now).unwrap_or_default().min(LONGEST))
}

/// How long to wait after the given attempt, counted from 1
///
/// Full jitter: anything between nothing and a bound that doubles with each attempt, so that many
/// clients that failed together do not come back together. At least as long as the service asks.
pub(super) fn wait(attempt: u32, backoff: Duration, asked: Option<Duration>) -> Duration {
    let bound = backoff.saturating_mul(1 << attempt.saturating_sub(1).min(4));
    let part = f64::from(getrandom::u32().unwrap_or(u32::MAX)) / f64::from(u32::MAX);
    bound.mul_f64(part).max(asked.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retry_after_is_read_and_bounded() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777); // 1994-11-06T08:49:37Z
        let rows = [
            ("0", Some(0)),
            ("1", Some(1)),
            (" 30 ", Some(30)),
            ("86400", Some(86_400)),
            ("86401", Some(86_400)),
            ("99999999999999999999999999", Some(86_400)),
            ("Sun, 06 Nov 1994 08:49:37 GMT", Some(0)),
            ("Sun, 06 Nov 1994 08:50:07 GMT", Some(30)),
            ("Sat, 05 Nov 1994 08:49:37 GMT", Some(0)),
            ("Wed, 06 Nov 2094 08:49:37 GMT", Some(86_400)),
            ("-1", None),
            ("+1", None),
            ("1.5", None),
            ("1e99", None),
            ("soon", None),
            ("", None),
        ];
        for (value, seconds) in rows {
            assert_eq!(parse_retry_after(value, now), seconds.map(Duration::from_secs), "{value:?}");
        }
    }

    #[test]
    fn the_wait_is_random_below_a_bound_that_doubles_and_never_below_what_is_asked() {
        let backoff = Duration::from_millis(100);
        for (attempt, bound) in [(1, 100), (2, 200), (3, 400), (9, 1600), (u32::MAX, 1600)] {
            let waits: Vec<Duration> = (0..50).map(|_| wait(attempt, backoff, None)).collect();
            assert!(waits.iter().all(|wait| *wait <= Duration::from_millis(bound)), "{attempt}");
            assert!(waits.iter().any(|wait| *wait != waits[0]), "{attempt}");
        }
        assert_eq!(wait(1, backoff, Some(Duration::from_secs(2))), Duration::from_secs(2));
    }
}
