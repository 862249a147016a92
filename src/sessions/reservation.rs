//! The reservation of a Connect: its name is reserved before a request is sent, and opened only on success.

use std::fmt;
use std::sync::Arc;

use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::SessionHandle;
use crate::sessions::quota::QuotaPermit;
use crate::sessions::session::Session;
use crate::sessions::state::ConnectTicket;
use crate::sessions::tree::Tree;

/// The result of a reservation
#[derive(Debug)]
pub enum Reserved<C> {
    /// The name is reserved for this Connect
    New(Reservation<C>),
    /// A session of that name is open and may be reused; the caller compares its connection
    Existing(Arc<Session<C>>),
}

/// A name that is reserved and not yet open
///
/// Dropping it releases the name and wakes the tasks that wait for it; a session that was to be replaced
/// stays open.
pub struct Reservation<C> {
    tree: Arc<Tree<C>>,
    ticket: ConnectTicket,
    /// Taken by `complete`
    place: Option<QuotaPermit>,
}

impl<C> Reservation<C> {
    pub(super) fn new(tree: Arc<Tree<C>>, ticket: ConnectTicket, place: QuotaPermit) -> Self {
        Reservation { tree, ticket, place: Some(place) }
    }

    /// Opens the session under a fresh handle and closes the one it replaces
    ///
    /// Errors: `cancelled` when the bot run ended meanwhile; then nothing is opened and the connection
    /// is dropped.
    pub fn complete(mut self, connection: C) -> Result<Arc<Session<C>>, Error> {
        let place = self.place.take().expect("only this method takes it, and it consumes the reservation");
        let run = Arc::clone(&self.ticket.run);
        let session = Arc::new(Session::new(mint()?, self.ticket.target.clone(), run, connection));
        self.tree.complete(&self.ticket, &session, place)?;
        Ok(session)
    }
}

impl<C> Drop for Reservation<C> {
    fn drop(&mut self) {
        self.tree.settle(&self.ticket);
    }
}

impl<C> fmt::Debug for Reservation<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reservation").field("target", &self.ticket.target).finish_non_exhaustive()
    }
}

/// Creates a handle that cannot be guessed
fn mint() -> Result<SessionHandle, Error> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|error| {
        Error::new(ErrorCode::Internal, "The system's random generator failed; no session was opened")
            .caused_by(error)
    })?;
    Ok(SessionHandle::from_bytes(bytes))
}
