//! What the connections of a broker share: the store, and who ends which run tree.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;

use crate::sessions::sharing::SessionStore;
use crate::sessions::sharing::TreePlace;

/// What the connections of a broker share
pub(super) struct Served {
    pub(super) store: Arc<dyn SessionStore>,
    owners: Mutex<HashMap<TreePlace, u64>>,
}

impl Served {
    pub(super) fn new(store: Arc<dyn SessionStore>) -> Self {
        Served { store, owners: Mutex::default() }
    }

    /// The connections whose end ends a run tree; a root that connects again takes its tree along
    pub(super) fn owners(&self) -> MutexGuard<'_, HashMap<TreePlace, u64>> {
        self.owners.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
