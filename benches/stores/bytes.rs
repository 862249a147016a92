//! Sessions as a store sees them: keyed hashes, and sealed records of the usual length.

use std::sync::Arc;

use azdo_bot::contract::SessionName;
use azdo_bot::contract::TextKind as _;
use azdo_bot::sessions::Claimed;
use azdo_bot::sessions::EntryId;
use azdo_bot::sessions::OpenResult;
use azdo_bot::sessions::SessionStore;
use azdo_bot::sessions::StoredEntry;
use azdo_bot::sessions::TreePlace;

/// A record with a reference, of an organization and a project with names of twenty letters
pub(crate) const RECORD: usize = 360;

/// The sessions of a run tree in the filled store
pub(crate) const PER_TREE: u32 = 10;

pub(crate) fn name(number: u32) -> SessionName {
    SessionName::parse(&format!("Session {number}")).expect("it is a name")
}

fn sixteen(number: u32) -> [u8; 16] {
    let mut bytes = [0x5a; 16];
    bytes[..4].copy_from_slice(&number.to_be_bytes());
    bytes
}

pub(crate) fn tree(number: u32) -> TreePlace {
    TreePlace(sixteen(number))
}

pub(crate) fn entry(number: u32) -> StoredEntry {
    // A sealed text cannot be compressed, and no two of them are equal.
    let bytes = (0..RECORD).map(|at| (at as u32).wrapping_mul(2_654_435_761).wrapping_add(number) as u8);
    StoredEntry { id: EntryId(sixteen(number)), sealed: bytes.collect() }
}

/// Opens the global session of this number in its tree, as Connect does
pub(crate) async fn open(store: &dyn SessionStore, tree: TreePlace, number: u32) {
    let (name, entry) = (name(number % PER_TREE), entry(number));
    let claimed = store.claim(tree, &name, entry.id, &[0; 60], false).await.expect("the store works");
    assert_eq!(claimed, Claimed::Reserved);
    let opened = store.open(tree, Some(&name), &entry, &[]).await.expect("the store works");
    assert_eq!(opened, OpenResult::Opened);
}

/// Opens so many sessions, some of them at the same time
pub(crate) async fn fill(store: &Arc<impl SessionStore>, sessions: u32) {
    for first in (0..sessions).step_by(PER_TREE as usize) {
        let tree = tree(first);
        store.begin(tree);
        store.flush().await.expect("the store works");
        let all = (first..(first + PER_TREE).min(sessions)).map(|number| open(&**store, tree, number));
        futures_util::future::join_all(all).await;
    }
}
