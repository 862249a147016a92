//! The idempotency keys of one process.

use std::collections::HashMap;
use std::future::ready;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::time::Duration;

use tokio::time::Instant;

use crate::sessions::idempotency::store::IdempotencyStore;
use crate::sessions::idempotency::store::KEPT;
use crate::sessions::idempotency::store::KeyPlace;
use crate::sessions::idempotency::store::KeyState;
use crate::sessions::idempotency::store::Settled;
use crate::sessions::sharing::StoreFuture;

/// With so many keys in memory, those that are no longer kept are removed
const SWEEP_AT: usize = 1024;

/// The idempotency keys of one process
#[derive(Default)]
pub struct InProcessKeys(Mutex<Known>);

#[derive(Default)]
struct Known {
    keys: HashMap<KeyPlace, HeldKey>,
    sweep_at: usize,
}

struct HeldKey {
    state: HeldState,
    record: Vec<u8>,
    changed: Instant,
}

enum HeldState {
    Pending { until: Instant },
    Lost,
    Done,
}

impl InProcessKeys {
    fn lock(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns until when keys are kept, if there are any
    pub(in crate::sessions) fn kept_until(&self) -> Option<Instant> {
        let now = Instant::now();
        let last = self.lock().keys.values().map(|held| held.changed + KEPT).max();
        last.filter(|until| *until > now)
    }

    fn settle_now(&self, place: KeyPlace, record: &[u8], settled: Settled) {
        let mut known = self.lock();
        let Some(held) = known.keys.get_mut(&place).filter(|held| held.record == record) else { return };
        held.changed = Instant::now();
        match settled {
            Settled::NotMade => drop(known.keys.remove(&place)),
            Settled::Lost => held.state = HeldState::Lost,
            Settled::Done(record) => {
                held.state = HeldState::Done;
                held.record = record;
            }
        }
    }
}

impl Known {
    fn sweep(&mut self, now: Instant) {
        if self.keys.len() >= self.sweep_at.max(SWEEP_AT) {
            self.keys.retain(|_, held| now - held.changed < KEPT);
            self.sweep_at = 2 * self.keys.len();
        }
    }

    fn reserve(&mut self, place: KeyPlace, record: &[u8], lease: Duration) -> KeyState {
        let now = Instant::now();
        self.sweep(now);
        match self.keys.get_mut(&place).filter(|held| now - held.changed < KEPT) {
            Some(held) => {
                if matches!(held.state, HeldState::Pending { until } if until <= now) {
                    held.state = HeldState::Lost;
                }
                let record = held.record.clone();
                match held.state {
                    HeldState::Pending { .. } => KeyState::Pending(record),
                    HeldState::Lost => KeyState::Lost(record),
                    HeldState::Done => KeyState::Done(record),
                }
            }
            None => {
                let state = HeldState::Pending { until: now + lease };
                self.keys.insert(place, HeldKey { state, record: record.to_vec(), changed: now });
                KeyState::Reserved
            }
        }
    }
}

impl IdempotencyStore for InProcessKeys {
    fn reserve<'a>(
        &'a self,
        place: KeyPlace,
        record: &'a [u8],
        lease: Duration,
    ) -> StoreFuture<'a, KeyState> {
        let state = self.lock().reserve(place, record, lease);
        Box::pin(ready(Ok(state)))
    }

    fn renew<'a>(&'a self, place: KeyPlace, record: &'a [u8], lease: Duration) -> StoreFuture<'a, ()> {
        if let Some(held) = self.lock().keys.get_mut(&place).filter(|held| held.record == record)
            && let HeldState::Pending { until } = &mut held.state
        {
            *until = Instant::now() + lease;
        }
        Box::pin(ready(Ok(())))
    }

    fn settle<'a>(&'a self, place: KeyPlace, record: &'a [u8], settled: Settled) -> StoreFuture<'a, ()> {
        self.settle_now(place, record, settled);
        Box::pin(ready(Ok(())))
    }

    fn settle_later(&self, place: KeyPlace, record: &[u8], settled: Settled) {
        self.settle_now(place, record, settled);
    }
}
