//! The stores through which processes share what they know: one place, and three traits.

use std::sync::Arc;

use crate::devops::SharedRateLimit;
use crate::sessions::idempotency::IdempotencyStore;
use crate::sessions::sharing::SessionStore;

/// What processes share through one store
#[derive(Clone)]
pub struct SharedStores {
    /// The sessions of run trees
    pub sessions: Arc<dyn SessionStore>,
    /// The rate limits of users
    pub limits: Arc<dyn SharedRateLimit>,
    /// The idempotency keys
    pub keys: Arc<dyn IdempotencyStore>,
}

impl SharedStores {
    /// Returns all that one store shares
    pub fn of<S: SessionStore + SharedRateLimit + IdempotencyStore>(store: Arc<S>) -> Self {
        SharedStores { sessions: Arc::clone(&store) as _, limits: Arc::clone(&store) as _, keys: store }
    }
}
