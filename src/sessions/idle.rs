//! How long no action has used a session.

use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::time::Duration;

use tokio::time::Instant;

use crate::sessions::sync::Mutex;

/// The actions that use a session
#[derive(Debug)]
pub(super) struct SessionUsage(Mutex<Uses>);

#[derive(Debug)]
struct Uses {
    /// The actions that use it now
    now: usize,
    /// When it was opened, or the last action ended
    last: Instant,
}

impl SessionUsage {
    pub(super) fn new() -> Self {
        SessionUsage(Mutex::new(Uses { now: 0, last: Instant::now() }))
    }

    /// Returns whether no action has used it for this time
    pub(super) fn is_idle(&self, limit: Duration) -> bool {
        let uses = self.lock();
        uses.now == 0 && uses.last.elapsed() >= limit
    }

    /// Counts an action that begins to use it
    pub(super) fn begin(&self) {
        self.lock().now += 1;
    }

    /// Counts an action that no longer uses it
    pub(super) fn end(&self) {
        let mut uses = self.lock();
        uses.now -= 1;
        uses.last = Instant::now();
    }

    fn lock(&self) -> MutexGuard<'_, Uses> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
