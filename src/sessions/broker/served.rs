//! What the connections of a broker share: the sessions and who ends which run tree, the rate limits, and the idempotency keys.

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;

use tokio::time::Instant;

use crate::devops::InProcessLimits;
use crate::sessions::idempotency::InProcessKeys;
use crate::sessions::sharing::InProcessStore;
use crate::sessions::sharing::TreePlace;

/// What the connections of a broker share
#[derive(Default)]
pub(super) struct Served {
    pub(super) store: InProcessStore,
    pub(super) limits: InProcessLimits,
    pub(super) keys: InProcessKeys,
    owners: Mutex<HashMap<TreePlace, u64>>,
}

impl Served {
    /// Returns until when something is kept that processes will ask for which are not connected yet
    pub(super) fn kept_until(&self) -> Option<Instant> {
        self.limits.paused_until().max(self.keys.kept_until())
    }

    /// The connections whose end ends a run tree; a root that connects again takes its tree along
    pub(super) fn owners(&self) -> MutexGuard<'_, HashMap<TreePlace, u64>> {
        self.owners.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
