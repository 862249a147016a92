//! What a run tree knows about sessions that other processes can open and close too.

use std::sync::Arc;

use crate::contract::BotRunId;
use crate::contract::Error;
use crate::contract::SessionName;
use crate::contract::SessionReference;
use crate::sessions::closure::Closure;
use crate::sessions::messages;
use crate::sessions::quota::QuotaPermit;
use crate::sessions::session::Session;
use crate::sessions::sharing::EntryId;
use crate::sessions::state::Closed;
use crate::sessions::state::Open;
use crate::sessions::state::State;
use crate::sessions::state::TakenOut;
use crate::sessions::state::local_owner;

/// What this process knows about a reference
pub(in crate::sessions) enum Known<C> {
    /// A session of this process alone, or one that the bot run may not use: the store does not have it
    Here,
    /// A session that the store has, or had
    Shared(Arc<Session<C>>),
    /// Nothing; the store may have it
    Nothing,
}

impl<C> State<C> {
    /// Returns what this process knows about a reference of a bot run
    pub(in crate::sessions) fn known(
        &self,
        run: &BotRunId,
        reference: &SessionReference,
    ) -> Result<Known<C>, Error> {
        let (_, here) = self.running(run)?;
        let session = match reference {
            SessionReference::Name(name) => here.local.open.get(name).or_else(|| self.global.open.get(name)),
            SessionReference::Handle(handle) => self.open.get(handle).map(|open| &open.session),
        };
        let is_closed = match reference {
            SessionReference::Name(_) => false,
            SessionReference::Handle(handle) => self.closed.contains_key(handle),
        };
        Ok(match session {
            Some(session) if session.share().is_some() => Known::Shared(Arc::clone(session)),
            Some(_) => Known::Here,
            None if is_closed => Known::Here,
            None => Known::Nothing,
        })
    }

    /// Returns the session with an id in the store
    pub(in crate::sessions) fn with_entry(&self, id: EntryId) -> Option<Arc<Session<C>>> {
        let mut open = self.open.values().map(|open| &open.session);
        open.find(|session| session.share().is_some_and(|share| share.id == id)).cloned()
    }

    /// Returns the session that is open here under a global name
    pub(in crate::sessions) fn open_global(&self, name: &SessionName) -> Option<Arc<Session<C>>> {
        self.global.open.get(name).cloned()
    }

    /// Adds a session that another process opened; returns the one that is here already
    pub(in crate::sessions) fn adopt(
        &mut self,
        run: &BotRunId,
        session: Arc<Session<C>>,
        place: QuotaPermit,
    ) -> Result<Option<Arc<Session<C>>>, Error> {
        self.running(run)?;
        if let Some(open) = self.open.get(&session.handle()) {
            return Ok(Some(Arc::clone(&open.session)));
        }
        if let Some(closed) = self.closed.get(&session.handle()) {
            return Err(messages::closed(session.target(), Some(&closed.closure)));
        }
        if let Some(name) = session.target().name() {
            self.global.insert(name.clone(), Arc::clone(&session));
        }
        self.opened += 1;
        self.open.insert(session.handle(), Open { session, order: self.opened, _place: place });
        Ok(None)
    }

    /// Removes a session that was closed by this or another process, if it is still here
    pub(in crate::sessions) fn remove(
        &mut self,
        session: &Arc<Session<C>>,
        closure: Closure,
    ) -> Option<TakenOut<C>> {
        let open = self.open.get(&session.handle())?;
        let session = Arc::clone(&open.session);
        // Another session may have its name already.
        let is_named = match session.target().name() {
            Some(name) => self.global.open.get(name).is_some_and(|open| Arc::ptr_eq(open, &session)),
            None => true,
        };
        if is_named {
            return Some(self.take_out(session, closure));
        }
        self.open.remove(&session.handle());
        let closed = Closed { closure: closure.clone(), local_of: local_owner(&session).cloned() };
        self.closed.insert(session.handle(), closed);
        Some(TakenOut { session, closure })
    }

    /// Remembers how a session was closed that this process did not know
    pub(in crate::sessions) fn remember_closed(&mut self, reference: &SessionReference, closure: Closure) {
        match reference {
            SessionReference::Name(name) => self.global.remember(name, closure),
            SessionReference::Handle(handle) if !self.open.contains_key(handle) => {
                self.closed.insert(*handle, Closed { closure, local_of: None });
            }
            SessionReference::Handle(_) => {}
        }
    }

    /// Returns the root's bot run in this process
    pub(in crate::sessions) fn root(&self) -> &Arc<BotRunId> {
        &self.root
    }

    /// Counts nothing that is known of the store as recent
    pub(in crate::sessions) fn doubt(&self) {
        self.open.values().filter_map(|open| open.session.share()).for_each(|share| share.doubt());
    }
}
