//! Limits on the number of sessions, open or being connected.

use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;

use crate::contract::PolicyRule;

/// The maximum number of sessions at one time, including those being connected
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionLimits {
    /// In one run tree; 1,000 by default
    pub per_tree: usize,
    /// In the process; 100,000 by default
    pub per_process: usize,
    /// Opened by one bot run, with the rule of the operator; no limit by default
    pub per_run: Option<(u32, PolicyRule)>,
}

impl Default for SessionLimits {
    fn default() -> Self {
        SessionLimits { per_tree: 1_000, per_process: 100_000, per_run: None }
    }
}

/// The limits that a new session must keep
pub(super) struct ReserveLimits<'a> {
    pub(super) tree: usize,
    pub(super) run: Option<&'a (u32, PolicyRule)>,
    pub(super) process: &'a Quota,
}

/// The quota of the process
pub(super) struct Quota {
    limit: usize,
    taken: Arc<AtomicUsize>,
}

/// One permit of the quota, which is released on drop
pub(super) struct QuotaPermit(Arc<AtomicUsize>);

impl Quota {
    pub(super) fn new(limit: usize) -> Self {
        Quota { limit, taken: Arc::new(AtomicUsize::new(0)) }
    }

    pub(super) fn limit(&self) -> usize {
        self.limit
    }

    pub(super) fn taken(&self) -> usize {
        self.taken.load(Ordering::Relaxed)
    }

    /// Returns a permit, if one is left
    pub(super) fn take(&self) -> Option<QuotaPermit> {
        let more = |taken| (taken < self.limit).then_some(taken + 1);
        self.taken.fetch_update(Ordering::Relaxed, Ordering::Relaxed, more).ok()?;
        Some(QuotaPermit(Arc::clone(&self.taken)))
    }
}

impl Drop for QuotaPermit {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_permit_is_refused_at_the_limit_and_free_again_when_one_is_dropped() {
        let quota = Quota::new(2);
        let first = quota.take().expect("one of two");
        let _second = quota.take().expect("two of two");
        assert!(quota.take().is_none());
        assert_eq!((quota.taken(), quota.limit()), (2, 2), "a refusal takes nothing");
        drop(first);
        assert!(quota.take().is_some());
    }
}
