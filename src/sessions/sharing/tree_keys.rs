//! What a run tree's id gives: its place in a store, the names of its sessions there, and the key of its records.
//!
//! The store never has the id. So its operator, a copy of its memory and a look at its commands show no record, and
//! give no way to join the tree.

use ring::hmac;

use crate::contract::Error;
use crate::contract::RunTreeId;
use crate::contract::SessionHandle;
use crate::sessions::sharing::sealer::Sealer;
use crate::sessions::sharing::store::EntryId;
use crate::sessions::sharing::store::TreePlace;

/// The keys of one run tree
pub(super) struct TreeKeys {
    /// Where the store has it
    pub(super) place: TreePlace,
    ids: hmac::Key,
    seal: Sealer,
}

impl TreeKeys {
    /// Derives the keys: the id is random, so one step of a keyed hash for each is enough
    pub(super) fn of(id: &RunTreeId) -> Self {
        let source = hmac::Key::new(hmac::HMAC_SHA256, id.as_bytes());
        let derive = |purpose: &str| hmac::sign(&source, format!("azdo-bot {purpose}").as_bytes());
        TreeKeys {
            place: TreePlace(first_half(&derive("place"))),
            ids: hmac::Key::new(hmac::HMAC_SHA256, derive("session").as_ref()),
            seal: Sealer::new(derive("record").as_ref()),
        }
    }

    /// Returns the id of a session in the store
    pub(super) fn entry(&self, handle: &SessionHandle) -> EntryId {
        EntryId(first_half(&hmac::sign(&self.ids, handle.as_bytes())))
    }

    /// Encrypts a text; only the same purpose opens it again
    ///
    /// Errors: `internal` if the system's random generator fails.
    pub(super) fn seal(&self, purpose: &[u8], text: Vec<u8>) -> Result<Vec<u8>, Error> {
        self.seal.seal(purpose, text)
    }

    /// Decrypts a text that was sealed for this purpose in this tree; `None` for any other
    pub(super) fn unseal(&self, purpose: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
        self.seal.unseal(purpose, sealed)
    }
}

fn first_half(tag: &hmac::Tag) -> [u8; 16] {
    let (half, _) = tag.as_ref().split_first_chunk().expect("a SHA-256 hash has 32 bytes");
    *half
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_opens_in_its_own_tree_and_for_its_own_purpose_only() {
        let id = RunTreeId::mint().expect("the system has random bytes");
        let keys = TreeKeys::of(&id);
        let sealed = keys.seal(b"one", b"a record".to_vec()).expect("it can be sealed");
        let same = TreeKeys::of(&id);
        assert_eq!(same.unseal(b"one", &sealed).as_deref(), Some(b"a record".as_slice()));
        assert_eq!(same.unseal(b"two", &sealed), None);
        let other = TreeKeys::of(&RunTreeId::mint().expect("the system has random bytes"));
        assert_eq!(other.unseal(b"one", &sealed), None);
        for cut in 0..sealed.len() {
            assert_eq!(keys.unseal(b"one", &sealed[..cut]), None, "{cut} bytes");
        }
        let again = keys.seal(b"one", b"a record".to_vec()).expect("it can be sealed");
        assert_ne!(sealed, again, "equal records look different");
    }

    #[test]
    fn the_store_sees_neither_the_id_nor_a_handle() {
        let id = RunTreeId::mint().expect("the system has random bytes");
        let (keys, handle) = (TreeKeys::of(&id), SessionHandle::from_bytes([7; 16]));
        assert_ne!(&keys.place.0, id.as_bytes());
        assert_ne!(&keys.entry(&handle).0, handle.as_bytes());
        let other = TreeKeys::of(&RunTreeId::mint().expect("the system has random bytes"));
        assert_ne!(keys.entry(&handle), other.entry(&handle), "a handle means nothing in another tree");
    }
}
