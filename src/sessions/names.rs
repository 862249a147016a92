//! The names of one scope: open, being connected, and closed.

use std::collections::HashMap;
use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use crate::contract::BotRunId;
use crate::contract::SessionName;
use crate::sessions::closure::Closure;
use crate::sessions::recent::Recent;
use crate::sessions::session::Session;
use crate::sessions::sharing::EntryId;

/// How many closed names are remembered for each bot run, and for the global names of the tree
const CLOSED_NAMES: usize = 1_000;

/// One scope's names
///
/// A name may be open and being connected at the same time: then a Connect is about to replace the session.
pub(super) struct Names<C> {
    pub(super) open: HashMap<SessionName, Arc<Session<C>>>,
    pub(super) connecting: HashMap<SessionName, Connecting>,
    closed: Recent<SessionName, Closure>,
}

/// A Connect in progress that has reserved a name
pub(super) struct Connecting {
    /// Distinguishes this Connect from a later one with the same name
    pub(super) ticket: u64,
    pub(super) by: Arc<BotRunId>,
    /// The session's id in the store of its run tree, where the name is reserved too
    pub(super) entry: Option<EntryId>,
    /// Fires when the name is open or free again
    pub(super) settled: CancellationToken,
}

impl<C> Names<C> {
    pub(super) fn new() -> Self {
        Names { open: HashMap::new(), connecting: HashMap::new(), closed: Recent::new(CLOSED_NAMES) }
    }

    /// Stores a session under its name, and forgets that the name was closed before
    pub(super) fn insert(&mut self, name: SessionName, session: Arc<Session<C>>) {
        self.closed.forget(&name);
        self.open.insert(name, session);
    }

    /// Removes the session of a name and remembers how it was closed
    pub(super) fn remove(&mut self, name: &SessionName, closure: Closure) {
        self.open.remove(name);
        self.closed.remember(name.clone(), closure);
    }

    /// Remembers how a session was closed that this process did not know, unless one of that name is open
    pub(super) fn remember(&mut self, name: &SessionName, closure: Closure) {
        if !self.open.contains_key(name) {
            self.closed.remember(name.clone(), closure);
        }
    }

    /// Returns how the session of that name was closed
    pub(super) fn closure(&self, name: &SessionName) -> Option<&Closure> {
        self.closed.get(name)
    }
}
