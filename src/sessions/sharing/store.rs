//! The trait of a session store, and what its methods take and return.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Weak;

use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::Retry;
use crate::contract::SessionName;

/// The result of a store, when it responds
pub type StoreFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'a>>;

/// Where the shared sessions of run trees are recorded
///
/// A tree exists from [`SessionStore::begin`] until [`SessionStore::end`], or until the process that began it has been
/// gone for the time of a lease. The methods without a future return at once and act in their order;
/// [`SessionStore::flush`] waits for them.
pub trait SessionStore: Send + Sync + 'static {
    /// Begins a run tree, whose root runs in this process
    fn begin(&self, tree: TreePlace);

    /// Calls a watcher for what other processes do in a run tree
    fn watch(&self, tree: TreePlace, watcher: Weak<dyn Watcher>);

    /// Reserves a name for a Connect
    ///
    /// `by` is the sealed id of the bot run. A name that is being connected stays reserved. An open one is reserved only if
    /// `replace`; the session under it stays open meanwhile.
    fn claim<'a>(
        &'a self,
        tree: TreePlace,
        name: &'a SessionName,
        id: EntryId,
        by: &'a [u8],
        replace: bool,
    ) -> StoreFuture<'a, Claimed>;

    /// Opens a session, with a name only if this id has reserved it
    ///
    /// A session that is open under the name is closed; `replaced` is the note about that.
    fn open<'a>(
        &'a self,
        tree: TreePlace,
        name: Option<&'a SessionName>,
        entry: &'a StoredEntry,
        replaced: &'a [u8],
    ) -> StoreFuture<'a, OpenResult>;

    /// Returns an open session
    ///
    /// `known` is the session that this process knows under the name, if it asks for a name.
    fn find<'a>(&'a self, tree: TreePlace, by: FindBy<'a>, known: Option<EntryId>) -> StoreFuture<'a, Found>;

    /// Closes a session with a note for those who look for it later; returns whether it was open
    fn close<'a>(
        &'a self,
        tree: TreePlace,
        name: Option<&'a SessionName>,
        id: EntryId,
        note: &'a [u8],
    ) -> StoreFuture<'a, bool>;

    /// Releases what an id has reserved or opened, if anything
    fn release(&self, tree: TreePlace, name: Option<&SessionName>, id: EntryId);

    /// Ends a run tree that this process began: its sessions are gone for all processes
    fn end(&self, tree: TreePlace);

    /// Waits until the store has done what was asked of it before
    fn flush(&self) -> StoreFuture<'_, ()>;
}

/// Learns what other processes do in a run tree; may be called for this process's own work too
pub trait Watcher: Send + Sync {
    /// A session was closed
    fn closed(&self, id: EntryId, note: &[u8]);

    /// The root has ended
    fn ended(&self);

    /// Calls may have been missed, so that nothing that is known counts as recent
    fn missed(&self);
}

/// A run tree in a store: a keyed hash of its id
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TreePlace(pub [u8; 16]);

/// A session in a store: a keyed hash of its handle
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct EntryId(pub [u8; 16]);

impl fmt::Display for TreePlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// A session's record as the store holds it
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredEntry {
    /// The session
    pub id: EntryId,
    /// The sealed record
    pub sealed: Vec<u8>,
}

/// What a session is looked for by
#[derive(Debug, Clone, Copy)]
pub enum FindBy<'a> {
    /// The name in its run tree
    Name(&'a SessionName),
    /// The keyed hash of its handle
    Id(EntryId),
}

/// The result of [`SessionStore::find`]
#[derive(Debug, PartialEq, Eq)]
pub enum Found {
    /// It is open; `replaced` is the note about the known session, if that is another one and was closed lately
    Open {
        /// The session
        entry: StoredEntry,
        /// The note about the session that was known before
        replaced: Option<Vec<u8>>,
    },
    /// It is not open; the note says how it was closed, if that was lately
    Missing(Option<Vec<u8>>),
    /// The store has no such run tree
    NoTree,
}

/// The result of [`SessionStore::claim`]
#[derive(Debug, PartialEq, Eq)]
pub enum Claimed {
    /// The name is reserved
    Reserved,
    /// Another Connect has reserved it; this is its sealed bot run
    Connecting(Vec<u8>),
    /// A session is open under the name
    Open(StoredEntry),
    /// The store has no such run tree
    NoTree,
}

/// The result of [`SessionStore::open`]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OpenResult {
    /// The session is open
    Opened,
    /// The reservation of the name was lost
    Lost,
    /// The store has no such run tree
    NoTree,
}

/// Why a store did not respond, as the end of a sentence that begins with the store
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreError(pub String);

impl StoreError {
    /// Warns that a process goes on without the shared rate limit
    pub(in crate::sessions) fn warn_of_limit(self) {
        tracing::warn!("the store of the shared rate limit {}: this process uses a small share", self.0);
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        Error::new(ErrorCode::StoreUnavailable, format!("The session store {}", error.0)).retry(Retry::Later)
    }
}
