//! The reservation of a Connect: its name is reserved before a request is sent, and opened only on success.

use std::fmt;
use std::sync::Arc;

use crate::contract::BotRunId;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::SessionHandle;
use crate::contract::SessionTarget;
use crate::sessions::closure::Closure;
use crate::sessions::closure::How;
use crate::sessions::messages;
use crate::sessions::quota::QuotaPermit;
use crate::sessions::session::Session;
use crate::sessions::shared_session::SharedSession;
use crate::sessions::sharing::ConnectionReference;
use crate::sessions::sharing::EntryId;
use crate::sessions::sharing::OpenResult;
use crate::sessions::sharing::Share;
use crate::sessions::sharing::TreeShare;
use crate::sessions::state::ConnectTicket;
use crate::sessions::tree::Tree;

/// The result of a reservation
#[derive(Debug)]
pub enum Reserved<C> {
    /// The name is reserved for this Connect
    New(Reservation<C>),
    /// A session of that name is open and may be reused; the caller compares its connection
    Existing(Arc<Session<C>>),
    /// A session of that name is open and may be reused, and this process has no connection for it yet
    Elsewhere(SharedSession<C>),
}

/// A name that is reserved and not yet open
///
/// Dropping it releases the name and wakes the tasks that wait for it; a session that was to be replaced
/// stays open.
pub struct Reservation<C> {
    tree: Arc<Tree<C>>,
    ticket: ConnectTicket,
    /// The handle that the session will have
    handle: SessionHandle,
    /// Taken by `complete`
    place: Option<QuotaPermit>,
    /// What the store of the run tree may have of it, to be released
    in_store: Option<EntryId>,
}

impl<C> Reservation<C> {
    pub(super) fn new(
        tree: Arc<Tree<C>>,
        ticket: ConnectTicket,
        place: QuotaPermit,
        handle: SessionHandle,
    ) -> Self {
        let is_named = matches!(ticket.target, SessionTarget::Global(_));
        let in_store = tree.share().filter(|_| is_named).map(|share| share.entry_id(&handle));
        Reservation { tree, ticket, handle, place: Some(place), in_store }
    }

    /// Returns its run tree
    pub(super) fn tree(&self) -> &Arc<Tree<C>> {
        &self.tree
    }

    /// Returns the handle that the session will have
    pub(super) fn handle(&self) -> &SessionHandle {
        &self.handle
    }

    /// Returns its target
    pub(super) fn target(&self) -> &SessionTarget {
        &self.ticket.target
    }

    /// Returns the bot run that connects
    pub(super) fn run(&self) -> &BotRunId {
        &self.ticket.run
    }

    /// Opens the session under a fresh handle and closes the one it replaces
    ///
    /// `record` is the connection for other processes of the run tree; without one, only this process can use it.
    /// Errors: `cancelled` when the bot run ended meanwhile; then nothing is opened and the connection
    /// is dropped. For a global session of several processes, `store.unavailable`, and `session.name_in_use` if the
    /// reservation was lost.
    pub async fn complete(
        mut self,
        connection: C,
        record: Option<ConnectionReference>,
    ) -> Result<Arc<Session<C>>, Error> {
        let place = self.place.take().expect("only this method takes it, and it consumes the reservation");
        let run = Arc::clone(&self.ticket.run);
        let mut session = Session::new(self.handle, self.ticket.target.clone(), run, connection);
        let tree = Arc::clone(&self.tree);
        if let Some(share) = tree.share()
            && let Some(of_session) = self.share(share, record).await?
        {
            session = session.shared(of_session);
        }
        let session = Arc::new(session);
        self.tree.complete(&self.ticket, &session, place)?;
        self.in_store = None;
        Ok(session)
    }

    /// Opens the session in the store; a session in a variable stays in this process if the store does not respond
    async fn share(
        &mut self,
        share: &TreeShare,
        record: Option<ConnectionReference>,
    ) -> Result<Option<Share>, Error> {
        let target = &self.ticket.target;
        if matches!(target, SessionTarget::Local(_)) {
            return Ok(None);
        }
        let run = Arc::clone(&self.ticket.run);
        if !self.tree.is_still_running(&run) {
            return Err(messages::ended_while_connecting(&run));
        }
        let is_for_all = record.is_some();
        let entry = share.record(&self.handle, target, &self.ticket.run, record)?;
        let closure = Closure { by: Arc::clone(&self.ticket.run), how: How::Replace };
        let note = share.note(&closure)?;
        self.in_store = Some(entry.id);
        match share.store.open(share.place(), target.name(), &entry, &note).await {
            Ok(OpenResult::Opened) => Ok(Some(Share::new(entry.id, is_for_all))),
            // Its end releases the name too.
            Ok(_) if !self.tree.is_still_running(&run) => Err(messages::ended_while_connecting(&run)),
            Ok(OpenResult::Lost) => Err(messages::reservation_lost(target)),
            Ok(OpenResult::NoTree) | Err(_) if target.name().is_none() => Ok(None),
            Ok(OpenResult::NoTree) => Err(messages::tree_unknown()),
            Err(error) => Err(error.into()),
        }
    }
}

impl<C> Drop for Reservation<C> {
    fn drop(&mut self) {
        self.tree.settle(&self.ticket);
        if let (Some(entry), Some(share)) = (self.in_store, self.tree.share()) {
            share.store.release(share.place(), self.ticket.target.name(), entry);
        }
    }
}

impl<C> fmt::Debug for Reservation<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reservation").field("target", &self.ticket.target).finish_non_exhaustive()
    }
}

/// Creates a handle that cannot be guessed
pub(super) fn mint() -> Result<SessionHandle, Error> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|error| {
        Error::new(ErrorCode::Internal, "The system's random generator failed; no session was opened")
            .caused_by(error)
    })?;
    Ok(SessionHandle::from_bytes(bytes))
}
