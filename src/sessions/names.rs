//! The names of one scope: which are open, which are being connected, which were closed.

use std::collections::HashMap;
use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use crate::contract::BotRunId;
use crate::contract::SessionName;
use crate::sessions::closure::Closure;
use crate::sessions::recent::Recent;
use crate::sessions::session::Session;

/// How many closed names a bot run, and the tree for its global ones, remembers
const CLOSED_NAMES: usize = 1_000;

/// One scope's names
///
/// A name may be open and being connected at once: then a Connect is about to replace the session.
pub(super) struct Names<C> {
    pub(super) open: HashMap<SessionName, Arc<Session<C>>>,
    pub(super) connecting: HashMap<SessionName, Connecting>,
    closed: Recent<SessionName, Closure>,
}

/// A Connect that has taken a name and is not done
pub(super) struct Connecting {
    /// Tells this Connect from a later one with the same name
    pub(super) ticket: u64,
    pub(super) by: Arc<BotRunId>,
    /// Fires when the name is open or free again
    pub(super) settled: CancellationToken,
}

impl<C> Names<C> {
    pub(super) fn new() -> Self {
        Names { open: HashMap::new(), connecting: HashMap::new(), closed: Recent::new(CLOSED_NAMES) }
    }

    /// Puts a session under its name; that the name was ever closed is forgotten
    pub(super) fn insert(&mut self, name: SessionName, session: Arc<Session<C>>) {
        self.closed.forget(&name);
        self.open.insert(name, session);
    }

    /// Takes a name's session out and remembers who closed it
    pub(super) fn remove(&mut self, name: &SessionName, closure: Closure) {
        self.open.remove(name);
        self.closed.remember(name.clone(), closure);
    }

    /// Who closed the session of that name
    pub(super) fn closure(&self, name: &SessionName) -> Option<&Closure> {
        self.closed.get(name)
    }
}
