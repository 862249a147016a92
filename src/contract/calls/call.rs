//! One call of one action while it runs: its deadline, what it sent, and which changes may have been carried out.

use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;

use tokio::sync::Notify;
use tokio::time::Instant;

use crate::contract::errors::change_in_flight::ChangeInFlight;
use crate::contract::errors::change_in_flight::Changes;

/// What is known of one call while it runs
///
/// Every request that leaves for the service is counted here. A request that changes something is
/// entered before its first byte leaves and removed when its outcome is known; what is still
/// entered when the call ends may have been carried out.
#[derive(Debug)]
pub struct Call {
    deadline: Instant,
    requests: AtomicU64,
    activity: Mutex<Option<String>>,
    changes: Changes,
    wait: Mutex<Option<String>>,
    waits: Notify,
}

impl Call {
    /// A call that has to answer by then
    pub fn until(deadline: Instant) -> Self {
        Call {
            deadline,
            requests: AtomicU64::new(0),
            activity: Mutex::new(None),
            changes: Changes::default(),
            wait: Mutex::new(None),
            waits: Notify::new(),
        }
    }

    /// When the call has to answer
    pub fn deadline(&self) -> Instant {
        self.deadline
    }

    /// Counts one request
    pub fn count_request(&self) {
        self.requests.fetch_add(1, Ordering::Relaxed);
    }

    /// Requests sent so far
    pub fn requests(&self) -> u64 {
        self.requests.load(Ordering::Relaxed)
    }

    /// Keeps the activity id of the latest answer
    pub fn keep_activity(&self, id: String) {
        *lock(&self.activity) = Some(id);
    }

    /// The activity id of the latest answer
    pub fn activity(&self) -> Option<String> {
        lock(&self.activity).clone()
    }

    /// Says what the call waits for, in words for a person
    pub fn report_wait(&self, message: String) {
        *lock(&self.wait) = Some(message);
        self.waits.notify_one();
    }

    /// What the call waits for, as soon as it says so
    pub async fn next_wait(&self) -> String {
        loop {
            if let Some(message) = lock(&self.wait).take() {
                return message;
            }
            self.waits.notified().await;
        }
    }

    /// Enters a request that changes something, before its first byte leaves: `POST git/repositories`
    pub fn begin_change(&self, what: String) -> ChangeInFlight {
        self.changes.begin(what)
    }

    /// The changes whose outcome is not known, if there are any
    pub fn unknown_change(&self) -> Option<String> {
        self.changes.unknown()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
