//! Changes in flight: requests that change something, from their first byte until their outcome is known.

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;

/// The changes of one call whose outcome is unknown
///
/// There may be several at once. [`Changes::begin`] adds one, and only [`ChangeInFlight::known`] removes it.
#[derive(Debug, Clone, Default)]
pub(in crate::contract) struct Changes(Arc<Mutex<Open>>);

#[derive(Debug, Default)]
struct Open {
    begun: u64,
    changes: Vec<(u64, String)>,
}

impl Changes {
    /// Records a change before its first byte is sent
    pub(in crate::contract) fn begin(&self, what: String) -> ChangeInFlight {
        let mut open = self.lock();
        open.begun += 1;
        let number = open.begun;
        open.changes.push((number, what));
        ChangeInFlight { all: self.clone(), number }
    }

    /// Returns how many changes were begun
    pub(in crate::contract) fn begun(&self) -> u64 {
        self.lock().begun
    }

    /// Returns the changes that the service may have carried out, in the order in which they were sent
    pub(in crate::contract) fn unknown(&self) -> Option<String> {
        let open = self.lock();
        let words: Vec<&str> = open.changes.iter().map(|(_, what)| what.as_str()).collect();
        (!words.is_empty()).then(|| words.join("\", \""))
    }

    fn lock(&self) -> MutexGuard<'_, Open> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A change that was sent or is about to be sent
///
/// Dropping it keeps the change recorded: without a response, the service may have carried the change out.
#[derive(Debug)]
#[must_use = "a change stays unknown until its outcome is known"]
pub struct ChangeInFlight {
    all: Changes,
    number: u64,
}

impl ChangeInFlight {
    /// Removes the change: its response arrived, it was never sent, or its outcome was verified
    pub fn known(self) {
        self.all.lock().changes.retain(|(number, _)| *number != self.number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_unknown_until_its_guard_is_consumed() {
        let changes = Changes::default();
        assert_eq!(changes.unknown(), None);
        let (first, second) = (changes.begin("one".to_owned()), changes.begin("two".to_owned()));
        assert_eq!(changes.unknown().as_deref(), Some("one\", \"two"));
        second.known();
        assert_eq!(changes.unknown().as_deref(), Some("one"));
        drop(first);
        assert_eq!(changes.unknown().as_deref(), Some("one"), "dropping a guard must keep the change");
    }
}
