//! The rules of idempotency keys that hold for every store, and random operations on a reference model of them.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use azdo_bot::sessions::IdempotencyStore;
use azdo_bot::sessions::KeyPlace;
use azdo_bot::sessions::KeyState;
use azdo_bot::sessions::Settled;
use futures_util::future::join_all;
use proptest::prelude::*;
use proptest::test_runner::Config;
use proptest::test_runner::TestRunner;

/// The store as one process sees it
pub(crate) type Keys = Arc<dyn IdempotencyStore>;

const PLACE: KeyPlace = KeyPlace([7; 16]);

const MINUTE: Duration = Duration::from_secs(60);

pub(crate) async fn of_fifty_calls_one_reserves_a_key_and_the_others_learn_what_became_of_it(
    processes: &[Keys],
) {
    let racers: Vec<Vec<u8>> = (0..50).map(|number| vec![number; 40]).collect();
    let calls = racers.iter().zip(processes.iter().cycle());
    let states = join_all(calls.map(|(record, keys)| keys.reserve(PLACE, record, MINUTE))).await;
    let states: Vec<_> = states.into_iter().map(|state| state.expect("the store works")).collect();
    let winners: Vec<_> = (0..50).filter(|at| states[*at] == KeyState::Reserved).collect();
    let &[winner] = winners.as_slice() else { panic!("{winners:?}") };
    let record = &racers[winner];
    assert!((0..50).all(|at| at == winner || states[at] == KeyState::Pending(record.clone())));
    // Only who has the record settles it.
    let [one, other] = [&processes[0], &processes[1]];
    let done = || Settled::Done(b"made".to_vec());
    one.settle(PLACE, &racers[(winner + 1) % 50], done()).await.expect("the store works");
    let now = other.reserve(PLACE, b"other", MINUTE).await;
    assert_eq!(now, Ok(KeyState::Pending(record.clone())));
    one.settle(PLACE, record, done()).await.expect("the store works");
    assert_eq!(other.reserve(PLACE, b"other", MINUTE).await, Ok(KeyState::Done(b"made".to_vec())));
}

pub(crate) async fn a_reservation_that_is_not_renewed_is_lost_for_good_and_a_free_one_is_free(
    [owner, other]: [Keys; 2],
) {
    let short = Duration::from_millis(200);
    assert_eq!(owner.reserve(PLACE, b"record", short).await, Ok(KeyState::Reserved));
    owner.renew(PLACE, b"record", short).await.expect("the store works");
    loop {
        match other.reserve(PLACE, b"other", MINUTE).await.expect("the store works") {
            KeyState::Pending(record) => assert_eq!(record, b"record"),
            state => break assert_eq!(state, KeyState::Lost(b"record".to_vec())),
        }
    }
    owner.renew(PLACE, b"record", MINUTE).await.expect("the store works");
    let now = other.reserve(PLACE, b"other", MINUTE).await;
    assert_eq!(now, Ok(KeyState::Lost(b"record".to_vec())), "it does not come back");
    owner.settle(PLACE, b"record", Settled::NotMade).await.expect("the store works");
    assert_eq!(other.reserve(PLACE, b"other", MINUTE).await, Ok(KeyState::Reserved));
    other.settle_later(PLACE, b"other", Settled::Lost);
    while let KeyState::Pending(_) = owner.reserve(PLACE, b"record", MINUTE).await.expect("the store works") {
    }
    assert_eq!(owner.reserve(PLACE, b"x", MINUTE).await, Ok(KeyState::Lost(b"other".to_vec())));
}

/// One operation of a process on a key
#[derive(Debug, Clone)]
struct KeyOperation {
    process: usize,
    place: u8,
    kind: OperationKind,
}

#[derive(Debug, Clone)]
enum OperationKind {
    /// Reserves with a new record, and a lease that ends at once or lasts
    Reserve { lasts: bool },
    /// Renews the reservation with this record, of those that there were
    Renew { record: usize, lasts: bool },
    /// Settles it
    Settle { record: usize, settled: Settled },
}

fn key_operation() -> impl Strategy<Value = KeyOperation> {
    let settled = prop_oneof![
        Just(Settled::NotMade),
        Just(Settled::Lost),
        any::<[u8; 8]>().prop_map(|made| Settled::Done(made.to_vec())),
    ];
    let record = || prop_oneof![4 => 0..2_usize, 1 => 2..8_usize];
    let kind = prop_oneof![
        4 => prop::bool::weighted(0.8).prop_map(|lasts| OperationKind::Reserve { lasts }),
        1 => (record(), any::<bool>()).prop_map(|(record, lasts)| OperationKind::Renew { record, lasts }),
        2 => (record(), settled).prop_map(|(record, settled)| OperationKind::Settle { record, settled }),
    ];
    (0..8_usize, 0..2_u8, kind).prop_map(|(process, place, kind)| KeyOperation { process, place, kind })
}

/// The state of a key in the reference model, with its record
#[derive(Debug, Clone)]
enum Modelled {
    Pending { record: Vec<u8>, lasts: bool },
    Lost(Vec<u8>),
    Done(Vec<u8>),
}

impl Modelled {
    fn record(&self) -> &[u8] {
        match self {
            Modelled::Pending { record, .. } | Modelled::Lost(record) | Modelled::Done(record) => record,
        }
    }
}

#[derive(Default)]
struct KeyModel(HashMap<u8, Modelled>);

impl KeyModel {
    fn reserve(&mut self, place: u8, record: &[u8], lasts: bool) -> KeyState {
        match self.0.get(&place).cloned() {
            None => {
                self.0.insert(place, Modelled::Pending { record: record.to_vec(), lasts });
                KeyState::Reserved
            }
            Some(Modelled::Pending { record, lasts: true }) => KeyState::Pending(record),
            Some(Modelled::Pending { record, lasts: false } | Modelled::Lost(record)) => {
                self.0.insert(place, Modelled::Lost(record.clone()));
                KeyState::Lost(record)
            }
            Some(Modelled::Done(record)) => KeyState::Done(record),
        }
    }

    fn renew(&mut self, place: u8, record: &[u8], lasts: bool) {
        if let Some(Modelled::Pending { record: held, lasts: held_lasts }) = self.0.get_mut(&place)
            && held == record
        {
            *held_lasts = lasts;
        }
    }

    fn settle(&mut self, place: u8, record: &[u8], settled: Settled) {
        if self.0.get(&place).is_none_or(|held| held.record() != record) {
            return;
        }
        match settled {
            Settled::NotMade => drop(self.0.remove(&place)),
            Settled::Lost => drop(self.0.insert(place, Modelled::Lost(record.to_vec()))),
            Settled::Done(made) => drop(self.0.insert(place, Modelled::Done(made))),
        }
    }
}

async fn compare(processes: &[Keys], places: [KeyPlace; 2], operations: Vec<KeyOperation>) {
    let mut model = KeyModel::default();
    let mut records: Vec<Vec<u8>> = Vec::new();
    let lease = |lasts: bool| if lasts { MINUTE } else { Duration::ZERO };
    for KeyOperation { process, place, kind } in operations {
        let keys = &processes[process % processes.len()];
        let at = places[usize::from(place)];
        // The last records are the most likely ones to be held.
        let known = |back: usize| records.iter().rev().nth(back).cloned().unwrap_or_default();
        match kind {
            OperationKind::Reserve { lasts } => {
                let record = records.len().to_be_bytes().to_vec();
                let state = keys.reserve(at, &record, lease(lasts)).await;
                assert_eq!(state, Ok(model.reserve(place, &record, lasts)));
                records.push(record);
            }
            OperationKind::Renew { record, lasts } => {
                let record = known(record);
                keys.renew(at, &record, lease(lasts)).await.expect("the store works");
                model.renew(place, &record, lasts);
            }
            OperationKind::Settle { record, settled } => {
                let record = known(record);
                keys.settle(at, &record, settled.clone()).await.expect("the store works");
                model.settle(place, &record, settled);
            }
        }
    }
}

/// Compares random operations of processes with one store with the reference model
pub(crate) fn keys_behave_like_the_reference_model(cases: u32, processes: impl AsyncFn() -> Vec<Keys>) {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime starts");
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    // The places are new in each case: one server may serve all of them.
    let drawn = (prop::collection::vec(key_operation(), 1..60), any::<[u8; 15]>());
    let outcome = TestRunner::new(config).run(&drawn, |(operations, place)| {
        let places = [0, 1].map(|first| {
            let mut bytes = [first; 16];
            bytes[1..].copy_from_slice(&place);
            KeyPlace(bytes)
        });
        runtime.block_on(async { compare(&processes().await, places, operations).await });
        Ok(())
    });
    outcome.unwrap_or_else(|failure| panic!("{failure}"));
}
