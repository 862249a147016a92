//! One call of one action while it runs: its deadline, its requests, and the changes whose outcome is unknown.

use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;

use tokio::sync::Notify;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::contract::errors::change_in_flight::ChangeInFlight;
use crate::contract::errors::change_in_flight::Changes;
use crate::contract::errors::error::Error;
use crate::contract::errors::policy_rule::PolicyRule;

/// The state of one call while it runs
///
/// The call counts every request that is sent to the service. A request that changes something is
/// recorded before its first byte is sent and removed when its outcome is known. The service may have
/// carried out each change that is still recorded when the call ends.
#[derive(Debug)]
pub struct Call {
    deadline: Instant,
    requests: AtomicU64,
    activity: Mutex<Option<String>>,
    changes: Changes,
    wait: Mutex<Option<String>>,
    waits: Notify,
    no_changes: Option<PolicyRule>,
    gate: Option<ChangeGate>,
}

/// Holds requests that change something back until the start of the action is recorded
#[derive(Debug, Default)]
struct ChangeGate {
    /// Cancelled when the first such request is about to be sent
    wanted: CancellationToken,
    /// Cancelled when they may be sent
    open: CancellationToken,
}

impl Call {
    /// Creates a call with a deadline
    pub fn until(deadline: Instant) -> Self {
        Call {
            deadline,
            requests: AtomicU64::new(0),
            activity: Mutex::new(None),
            changes: Changes::default(),
            wait: Mutex::new(None),
            waits: Notify::new(),
            no_changes: None,
            gate: None,
        }
    }

    /// Forbids requests that change something, by this rule of the operator
    pub fn forbid_changes(&mut self, rule: PolicyRule) {
        self.no_changes = Some(rule);
    }

    /// Holds requests that change something back until [`Call::allow_changes`]
    pub fn hold_changes(&mut self) {
        self.gate = Some(ChangeGate::default());
    }

    /// Waits until the first request that changes something is held back; forever if none is held back
    pub async fn change_wanted(&self) {
        match &self.gate {
            Some(gate) => gate.wanted.cancelled().await,
            None => std::future::pending().await,
        }
    }

    /// Returns whether a request that changes something was held back
    pub fn has_wanted_change(&self) -> bool {
        self.gate.as_ref().is_some_and(|gate| gate.wanted.is_cancelled())
    }

    /// Lets the requests that are held back, and all later ones, be sent
    pub fn allow_changes(&self) {
        self.gate.iter().for_each(|gate| gate.open.cancel());
    }

    /// Waits until a request that changes something may be sent; `what` names the action
    ///
    /// Errors: `policy.denied`.
    pub async fn before_change(&self, what: &str) -> Result<(), Error> {
        if let Some(rule) = &self.no_changes {
            return Err(rule.denies(what, ""));
        }
        if let Some(gate) = &self.gate {
            gate.wanted.cancel();
            gate.open.cancelled().await;
        }
        Ok(())
    }

    /// Returns the deadline of the call
    pub fn deadline(&self) -> Instant {
        self.deadline
    }

    /// Counts one sent request
    pub fn count_request(&self) {
        self.requests.fetch_add(1, Ordering::Relaxed);
    }

    /// Returns the number of requests sent so far
    pub fn requests(&self) -> u64 {
        self.requests.load(Ordering::Relaxed)
    }

    /// Stores the activity id of the latest response
    pub fn keep_activity(&self, id: String) {
        *lock(&self.activity) = Some(id);
    }

    /// Returns the activity id of the latest response
    pub fn activity(&self) -> Option<String> {
        lock(&self.activity).clone()
    }

    /// Reports what the call is waiting for, as text for a person
    pub fn report_wait(&self, message: String) {
        *lock(&self.wait) = Some(message);
        self.waits.notify_one();
    }

    /// Waits for the next report of what the call is waiting for
    pub async fn next_wait(&self) -> String {
        loop {
            if let Some(message) = lock(&self.wait).take() {
                return message;
            }
            self.waits.notified().await;
        }
    }

    /// Records a request that changes something, before its first byte is sent: `POST git/repositories`
    pub fn begin_change(&self, what: String) -> ChangeInFlight {
        self.changes.begin(what)
    }

    /// Returns whether a request that changes something was begun
    pub fn has_begun_change(&self) -> bool {
        self.changes.begun() > 0
    }

    /// Returns the changes whose outcome is unknown, if there are any
    pub fn unknown_change(&self) -> Option<String> {
        self.changes.unknown()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
