//! Global sessions of one run tree in several processes: what is shared, and the stores that share it.
//!
//! A store holds a record for each shared session: sealed, and without a token. Every process of the run tree opens its
//! own connection from the record. The stores know a tree and its sessions by keyed hashes only. Decision 0230.

mod connection_reference;
mod in_process;
mod sealer;
mod share;
mod store;
mod token_seal;
mod tree_keys;
mod tree_share;

pub use connection_reference::ConnectionReference;
pub use connection_reference::SharedCredential;
pub use in_process::InProcessStore;
pub(super) use sealer::Sealer;
pub(super) use share::Share;
pub use store::Claimed;
pub use store::EntryId;
pub use store::FindBy;
pub use store::Found;
pub use store::OpenResult;
pub use store::SessionStore;
pub use store::StoreError;
pub use store::StoreFuture;
pub use store::StoredEntry;
pub use store::TreePlace;
pub use store::Watcher;
pub(super) use token_seal::TokenPlace;
pub use token_seal::TokenSeal;
pub(super) use tree_share::SharedRecord;
pub(super) use tree_share::TreeShare;
