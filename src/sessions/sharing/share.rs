//! What a session of this process knows about its record in the store.

use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::time::Duration;

use tokio::time::Instant;

use crate::sessions::sharing::store::EntryId;

/// A session's record in the store
#[derive(Debug)]
pub(in crate::sessions) struct Share {
    /// Its id there
    pub(in crate::sessions) id: EntryId,
    /// Whether other processes can open its connection too
    pub(in crate::sessions) is_for_all: bool,
    /// When the store last said that it is open; `None` if a message may have been missed since
    seen: Mutex<Option<Instant>>,
}

impl Share {
    /// Creates the share of a session that the store holds now
    pub(in crate::sessions) fn new(id: EntryId, is_for_all: bool) -> Self {
        Share { id, is_for_all, seen: Mutex::new(Some(Instant::now())) }
    }

    /// Returns whether the store said within this time that it is open
    pub(in crate::sessions) fn is_recent(&self, limit: Duration) -> bool {
        self.lock().is_some_and(|seen| seen.elapsed() < limit)
    }

    /// Records that the store has just said that it is open
    pub(in crate::sessions) fn confirm(&self) {
        *self.lock() = Some(Instant::now());
    }

    /// Records that it may have been closed without a message
    pub(in crate::sessions) fn doubt(&self) {
        *self.lock() = None;
    }

    fn lock(&self) -> MutexGuard<'_, Option<Instant>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
