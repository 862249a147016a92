//! What the connections of a broker share: the stores behind it, and who ends which run tree.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;

use tokio::time::Instant;

use crate::devops::InProcessLimits;
use crate::sessions::idempotency::InProcessKeys;
use crate::sessions::shared_stores::SharedStores;
use crate::sessions::sharing::InProcessStore;
use crate::sessions::sharing::TreePlace;

/// What the operator's file calls the memory of a broker
pub(super) const OWN_MEMORY: &str = "broker";

/// What the connections of a broker share
pub(super) struct Served {
    /// What the operator's file calls the stores
    pub(super) name: String,
    pub(super) stores: SharedStores,
    /// What is gone when the broker ends
    held: Option<HeldHere>,
    owners: Mutex<HashMap<TreePlace, u64>>,
}

/// What a broker keeps for processes that are not connected yet
struct HeldHere {
    limits: Arc<InProcessLimits>,
    keys: Arc<InProcessKeys>,
}

impl Served {
    /// Serves stores elsewhere
    pub(super) fn elsewhere(name: String, stores: SharedStores) -> Self {
        Served { name, stores, held: None, owners: Mutex::default() }
    }

    /// Serves stores in the memory of this process
    pub(super) fn here() -> Self {
        let held = HeldHere { limits: Arc::default(), keys: Arc::default() };
        let stores = SharedStores {
            sessions: Arc::new(InProcessStore::new()),
            limits: Arc::clone(&held.limits) as _,
            keys: Arc::clone(&held.keys) as _,
        };
        Served { held: Some(held), ..Self::elsewhere(OWN_MEMORY.to_owned(), stores) }
    }

    /// Returns until when something is kept here that processes will ask for which are not connected yet
    pub(super) fn kept_until(&self) -> Option<Instant> {
        let HeldHere { limits, keys } = self.held.as_ref()?;
        limits.paused_until().max(keys.kept_until())
    }

    /// The connections whose end ends a run tree; a root that connects again takes its tree along
    pub(super) fn owners(&self) -> MutexGuard<'_, HashMap<TreePlace, u64>> {
        self.owners.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
