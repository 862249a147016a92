//! The retry budget: how many retries of failed requests a user has.

use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering;

/// What one request adds to the budget; a retry costs [`SPENT`], so retries add at most 20 % to the load
const EARNED: u32 = 1;

/// What a retry costs
const SPENT: u32 = 5;

/// The size of the budget: ten retries at once, so that the first failures of a single bot are retried
const SAVED: u32 = 10 * SPENT;

/// A budget for retries of failed requests; requests that the rate limit rejects do not count
pub(crate) struct RetryBudget(AtomicU32);

impl RetryBudget {
    pub(crate) fn new() -> Self {
        RetryBudget(AtomicU32::new(SAVED))
    }

    /// Records a request that is not a retry
    pub(crate) fn earn(&self) {
        // The budget is full most of the time: then nothing is written.
        if self.0.load(Ordering::Relaxed) < SAVED {
            let more = |saved: u32| Some((saved + EARNED).min(SAVED));
            let _ = self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, more);
        }
    }

    /// Takes one retry from the budget, and returns whether there was one
    pub(crate) fn spend(&self) -> bool {
        self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |saved| saved.checked_sub(SPENT)).is_ok()
    }

    /// Whether the budget is full, so that a new one is the same
    pub(crate) fn is_full(&self) -> bool {
        self.0.load(Ordering::Relaxed) >= SAVED
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retries_are_at_most_a_fifth_of_the_requests() {
        let budget = RetryBudget::new();
        let mut retries = 0;
        for _ in 0..1000 {
            budget.earn();
            retries += (0..2).filter(|_| budget.spend()).count();
        }
        assert!((190..=210).contains(&retries), "{retries}");
        assert!(!budget.is_full());
    }
}
