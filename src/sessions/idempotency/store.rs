//! The trait of a store of idempotency keys, and what its methods take and return.

use std::time::Duration;

use crate::sessions::sharing::StoreFuture;

/// How long a key is kept after its last change
pub(in crate::sessions) const KEPT: Duration = Duration::from_secs(24 * 60 * 60);

/// Where idempotency keys are reserved
pub trait IdempotencyStore: Send + Sync + 'static {
    /// Reserves a key with this record, unless it is known
    ///
    /// A reservation whose lease has ended without a renewal is lost, and stays so.
    fn reserve<'a>(&'a self, place: KeyPlace, record: &'a [u8], lease: Duration)
    -> StoreFuture<'a, KeyState>;

    /// Renews the lease of a reservation that has this record
    fn renew<'a>(&'a self, place: KeyPlace, record: &'a [u8], lease: Duration) -> StoreFuture<'a, ()>;

    /// Settles a reservation that has this record
    fn settle<'a>(&'a self, place: KeyPlace, record: &'a [u8], settled: Settled) -> StoreFuture<'a, ()>;

    /// The same in the background, for a call that is cancelled
    fn settle_later(&self, place: KeyPlace, record: &[u8], settled: Settled);
}

/// A key in a store: a keyed hash
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct KeyPlace(pub [u8; 16]);

/// The state of a key, with its sealed record
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyState {
    /// It was free, and is reserved now
    Reserved,
    /// Another call makes the request
    Pending(Vec<u8>),
    /// The owner is gone, and what became of the request is not known
    Lost(Vec<u8>),
    /// The request was made
    Done(Vec<u8>),
}

/// What became of a request
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Settled {
    /// It was not made: the key is free
    NotMade,
    /// It is not known whether it was made
    Lost,
    /// It was made: the record says what
    Done(Vec<u8>),
}
