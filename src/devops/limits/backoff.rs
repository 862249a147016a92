//! The random wait before a retry, which grows with each failure.

use std::time::Duration;

/// Returns how long to wait after the given failed attempt, counted from 1
///
/// Full jitter: between zero and a bound that doubles with each attempt, so that clients that failed
/// together do not retry together.
pub(crate) fn wait(attempt: u32, backoff: Duration) -> Duration {
    bound(attempt, backoff).mul_f64(random_part())
}

/// Returns how long to pause after so many rejections in a row without `Retry-After`: between half of the bound and
/// the bound
pub(crate) fn pause(rejections: u32, backoff: Duration) -> Duration {
    bound(rejections, backoff).mul_f64(f64::midpoint(1.0, random_part()))
}

fn bound(count: u32, backoff: Duration) -> Duration {
    backoff.saturating_mul(1 << count.saturating_sub(1).min(4))
}

fn random_part() -> f64 {
    f64::from(getrandom::u32().unwrap_or(u32::MAX)) / f64::from(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
