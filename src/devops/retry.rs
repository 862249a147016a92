//! When to ask again: what `Retry-After` says, random waits before another attempt, and a budget for repeats.

use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering;
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

/// What one request adds to the budget, in parts of a repeat: a service in trouble gets 20 % more load, not 200 %
const EARNED: u32 = 1;

/// What a repeat takes from it
const SPENT: u32 = 5;

/// Ten repeats may be made at once, so that a single bot's first failures are repeated
const SAVED: u32 = 10 * SPENT;

/// How long to wait after the given failed attempt, counted from 1
///
/// Full jitter: anything between nothing and a bound that doubles with each attempt, so that many
/// clients that failed together do not come back together.
pub(super) fn wait(attempt: u32, backoff: Duration) -> Duration {
    bound(attempt, backoff).mul_f64(random_part())
}

/// How long to pause after so many refusals in a row that name no time: between half of that bound and all of it
pub(super) fn pause(refusals: u32, backoff: Duration) -> Duration {
    bound(refusals, backoff).mul_f64(f64::midpoint(1.0, random_part()))
}

fn bound(count: u32, backoff: Duration) -> Duration {
    backoff.saturating_mul(1 << count.saturating_sub(1).min(4))
}

fn random_part() -> f64 {
    f64::from(getrandom::u32().unwrap_or(u32::MAX)) / f64::from(u32::MAX)
}

/// How many repeats of failed requests there may be; what is refused for a rate limit does not count
pub(super) struct RetryBudget(AtomicU32);

impl RetryBudget {
    pub(super) fn new() -> Self {
        RetryBudget(AtomicU32::new(SAVED))
    }

    /// Counts a request that is no repeat
    pub(super) fn earn(&self) {
        // Full is what it is most of the time; then nothing is written.
        if self.0.load(Ordering::Relaxed) < SAVED {
            let more = |saved: u32| Some((saved + EARNED).min(SAVED));
            let _ = self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, more);
        }
    }

    /// Takes one repeat, if there is one
    pub(super) fn spend(&self) -> bool {
        self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |saved| saved.checked_sub(SPENT)).is_ok()
    }

    /// Whether forgetting it changes nothing
    pub(super) fn is_full(&self) -> bool {
        self.0.load(Ordering::Relaxed) >= SAVED
    }
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
    fn waits_are_random_below_a_bound_that_doubles() {
        let backoff = Duration::from_millis(100);
        for (attempt, bound) in [(1, 100), (2, 200), (3, 400), (9, 1600), (u32::MAX, 1600)] {
            let bound = Duration::from_millis(bound);
            let waits: Vec<Duration> = (0..50).map(|_| wait(attempt, backoff)).collect();
            assert!(waits.iter().all(|wait| *wait <= bound), "{attempt}");
            assert!(waits.iter().any(|wait| *wait != waits[0]), "{attempt}");
            let pauses: Vec<Duration> = (0..50).map(|_| pause(attempt, backoff)).collect();
            assert!(pauses.iter().all(|pause| (bound / 2..=bound).contains(pause)), "{attempt}");
        }
    }

    #[test]
    fn repeats_stay_below_a_fifth_of_the_requests() {
        let budget = RetryBudget::new();
        let mut repeats = 0;
        for _ in 0..1000 {
            budget.earn();
            repeats += (0..2).filter(|_| budget.spend()).count();
        }
        assert!((190..=210).contains(&repeats), "{repeats}");
        assert!(!budget.is_full());
    }
}
