//! The sessions and idempotency keys and their reference models: in one process, and on machines that share a store.

use std::sync::Arc;
use std::time::Duration;

use azdo_bot::sessions::InProcessKeys;
use azdo_bot::sessions::InProcessStore;

use crate::sessions::key_rules;
use crate::sessions::machine::Limits;
use crate::sessions::machine::Machine;
use crate::sessions::model::random_operations;

const CASES: u32 = 256;
const OPERATIONS: usize = 400;
const _: () = assert!(CASES as usize * OPERATIONS >= 100_000);

#[test]
fn the_sessions_behave_like_the_reference_model() {
    random_operations(CASES, OPERATIONS, Limits::TIGHT, async || vec![Machine::alone(Limits::TIGHT)]);
}

/// Machines that share a store in this process
fn machines(count: usize, recent: Duration) -> Vec<Machine> {
    let store = Arc::new(InProcessStore::new());
    (0..count).map(|_| Machine::sharing(Arc::clone(&store) as _, recent)).collect()
}

#[test]
fn machines_that_ask_the_store_each_time_behave_like_the_reference_model() {
    random_operations(CASES / 8, OPERATIONS, Limits::WIDE, async || machines(3, Duration::ZERO));
}

#[test]
fn machines_that_rely_on_messages_behave_like_the_reference_model() {
    random_operations(CASES / 8, OPERATIONS, Limits::WIDE, async || machines(2, Duration::MAX));
}

#[test]
fn idempotency_keys_in_one_process_behave_like_the_reference_model() {
    key_rules::keys_behave_like_the_reference_model(CASES, async || {
        vec![Arc::new(InProcessKeys::default()) as _]
    });
}
