//! The retry budget: how many retries of failed requests a user has.

use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering;

/// What one request adds to the budget, in parts of a repeat: a service in trouble gets 20 % more load, not 200 %
const EARNED: u32 = 1;

/// What a repeat takes from it
const SPENT: u32 = 5;

/// Ten repeats may be made at once, so that a single bot's first failures are repeated
const SAVED: u32 = 10 * SPENT;

/// How many repeats of failed requests there may be; what is refused for a rate limit does not count
pub(crate) struct RetryBudget(AtomicU32);

impl RetryBudget {
    pub(crate) fn new() -> Self {
        RetryBudget(AtomicU32::new(SAVED))
    }

    /// Counts a request that is no repeat
    pub(crate) fn earn(&self) {
        // Full is what it is most of the time; then nothing is written.
        if self.0.load(Ordering::Relaxed) < SAVED {
            let more = |saved: u32| Some((saved + EARNED).min(SAVED));
            let _ = self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, more);
        }
    }

    /// Takes one repeat, if there is one
    pub(crate) fn spend(&self) -> bool {
        self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |saved| saved.checked_sub(SPENT)).is_ok()
    }

    /// Whether forgetting it changes nothing
    pub(crate) fn is_full(&self) -> bool {
        self.0.load(Ordering::Relaxed) >= SAVED
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
