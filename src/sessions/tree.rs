//! A run tree and its lock. No guard leaves this file, and none is held across an await.

use std::sync::Arc;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::contract::BotRunId;
use crate::contract::Error;
use crate::contract::Masker;
use crate::contract::SessionName;
use crate::contract::SessionReference;
use crate::contract::SessionTarget;
use crate::sessions::closure::Closure;
use crate::sessions::if_exists::IfSessionExists;
use crate::sessions::quota::QuotaPermit;
use crate::sessions::quota::ReserveLimits;
use crate::sessions::session::ClosedSession;
use crate::sessions::session::Session;
use crate::sessions::sharing::EntryId;
use crate::sessions::sharing::TreeShare;
use crate::sessions::sharing::Watcher;
use crate::sessions::state::Attempt;
use crate::sessions::state::ConnectTicket;
use crate::sessions::state::Counts;
use crate::sessions::state::Ended;
use crate::sessions::state::Known;
use crate::sessions::state::State;
use crate::sessions::state::TakenOut;
use crate::sessions::sync::Mutex;

/// One run tree
pub(super) struct Tree<C> {
    root: BotRunId,
    state: Mutex<State<C>>,
    masker: Arc<Masker>,
    share: Option<TreeShare>,
}

impl<C> Tree<C> {
    /// Creates a tree whose root runs; other processes have a part in it if it has a share
    pub(super) fn new(root: &BotRunId, share: Option<TreeShare>) -> Self {
        let is_member = share.as_ref().is_some_and(|share| !share.is_root);
        let state = Mutex::new(State::new(root, is_member));
        Tree { root: root.clone(), state, masker: Arc::default(), share }
    }

    /// Ignores poisoning: a panic under the lock is a bug in one call, and the other calls keep their sessions
    fn lock(&self) -> MutexGuard<'_, State<C>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns its part in a store, if other processes have a part in it too
    pub(super) fn share(&self) -> Option<&TreeShare> {
        self.share.as_ref()
    }

    pub(super) fn root(&self) -> &BotRunId {
        &self.root
    }

    pub(super) fn masker(&self) -> &Arc<Masker> {
        &self.masker
    }

    pub(super) fn start(&self, run: &BotRunId, parent: &BotRunId) -> Result<(), Error> {
        self.lock().start(run, parent)
    }

    pub(super) fn is_running(&self, run: &BotRunId) -> bool {
        self.lock().is_running(run)
    }

    /// Returns whether a bot run has not ended; another one may have its id since
    pub(super) fn is_still_running(&self, run: &Arc<BotRunId>) -> bool {
        self.lock().is_still_running(run)
    }

    pub(super) fn ended(&self, run: &BotRunId) -> Result<CancellationToken, Error> {
        self.lock().ended(run)
    }

    pub(super) fn counts(&self, run: &BotRunId) -> Result<Counts, Error> {
        self.lock().counts(run)
    }

    pub(super) fn open(&self, run: &BotRunId) -> Result<Vec<Arc<Session<C>>>, Error> {
        self.lock().open(run)
    }

    pub(super) fn find(
        &self,
        run: &BotRunId,
        reference: &SessionReference,
    ) -> Result<Arc<Session<C>>, Error> {
        self.lock().find(run, reference).cloned()
    }

    pub(super) fn close(&self, run: &BotRunId, reference: &SessionReference) -> Result<ClosedSession, Error> {
        let taken_out = self.lock().close(run, reference)?;
        Ok(ClosedSession::of(&taken_out.close()))
    }

    /// Closes the sessions that no action has used for this time, and returns how many there were
    pub(super) fn close_idle(&self, limit: Duration) -> usize {
        let taken_out = self.lock().close_idle(limit);
        taken_out.into_iter().map(TakenOut::close).count()
    }

    /// Ends a run, and returns the runs that ended with it and the closed sessions, newest first
    pub(super) fn end(&self, run: &BotRunId) -> (Vec<Arc<BotRunId>>, Vec<ClosedSession>) {
        let ended = self.lock().end(run);
        ended.map(|ended| self.finish(ended)).unwrap_or_default()
    }

    /// Closes the sessions and fires the signals of bot runs that ended
    fn finish(&self, ended: Ended<C>) -> (Vec<Arc<BotRunId>>, Vec<ClosedSession>) {
        for session in &ended.sessions {
            session.close(ended.closure.clone());
        }
        for signal in ended.signals {
            signal.cancel();
        }
        let mut sessions = ended.sessions;
        if let Some(share) = &self.share {
            for (name, entry) in &ended.reserved {
                share.store.release(share.place(), Some(name), *entry);
            }
            let is_root = ended.runs.iter().any(|ended| **ended == self.root);
            if is_root && share.is_root {
                share.store.end(share.place());
            } else {
                // The others stay open in the rest of the tree.
                sessions.retain(|session| session.share().is_none_or(|of_session| !of_session.is_for_all));
                for (session, of_session) in
                    sessions.iter().filter_map(|session| Some((session, session.share()?)))
                {
                    share.store.release(share.place(), session.target().name(), of_session.id);
                }
            }
        }
        (ended.runs, sessions.iter().map(|session| ClosedSession::of(session)).collect())
    }

    /// Returns what this process knows about a reference
    pub(super) fn known(&self, run: &BotRunId, reference: &SessionReference) -> Result<Known<C>, Error> {
        self.lock().known(run, reference)
    }

    /// Adds a session that another process opened; returns the one that is here already
    pub(super) fn adopt(
        &self,
        run: &BotRunId,
        session: Arc<Session<C>>,
        place: QuotaPermit,
    ) -> Result<Option<Arc<Session<C>>>, Error> {
        self.lock().adopt(run, session, place)
    }

    /// Closes a session of the store that was closed there
    pub(super) fn close_known(&self, session: &Arc<Session<C>>, closure: Closure) {
        let taken_out = self.lock().remove(session, closure);
        taken_out.map(TakenOut::close);
    }

    /// Remembers how a session was closed that this process did not know
    pub(super) fn remember_closed(&self, reference: &SessionReference, closure: Closure) {
        self.lock().remember_closed(reference, closure);
    }

    /// Returns the session with an id in the store
    pub(super) fn with_entry(&self, id: EntryId) -> Option<Arc<Session<C>>> {
        self.lock().with_entry(id)
    }

    /// Returns the session that is open here under a global name
    pub(super) fn open_global(&self, name: &SessionName) -> Option<Arc<Session<C>>> {
        self.lock().open_global(name)
    }

    /// Returns the first bot run of the tree in this process
    pub(super) fn first_run(&self) -> Arc<BotRunId> {
        Arc::clone(self.lock().root())
    }

    pub(super) fn reserve(
        &self,
        run: &BotRunId,
        target: &SessionTarget,
        if_exists: IfSessionExists,
        limits: &ReserveLimits<'_>,
        entry: Option<EntryId>,
    ) -> Result<Attempt<C>, Error> {
        self.lock().reserve(run, target, if_exists, limits, entry)
    }

    pub(super) fn complete(
        &self,
        ticket: &ConnectTicket,
        session: &Arc<Session<C>>,
        place: QuotaPermit,
    ) -> Result<(), Error> {
        let replaced = self.lock().complete(ticket, Arc::clone(session), place)?;
        if let Some(old) = replaced {
            old.close();
        }
        Ok(())
    }

    pub(super) fn settle(&self, ticket: &ConnectTicket) {
        self.lock().settle(ticket);
        ticket.settled.cancel();
    }
}

/// What other processes do in the tree
impl<C: Send + Sync> Watcher for Tree<C> {
    fn closed(&self, id: EntryId, note: &[u8]) {
        let session = self.with_entry(id);
        if let (Some(session), Some(share)) = (session, &self.share) {
            self.close_known(&session, share.read_note(Some(note), &self.first_run()));
        }
    }

    fn ended(&self) {
        let ended = self.lock().end_all();
        ended.map(|ended| self.finish(ended));
    }

    fn missed(&self) {
        self.lock().doubt();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::SessionHandle;
    use crate::contract::TextKind as _;
    use crate::sessions::quota::Quota;

    #[test]
    fn a_panic_under_the_lock_loses_no_session() {
        let root = BotRunId::parse("root").unwrap();
        let tree: Tree<u32> = Tree::new(&root, None);
        let target = SessionTarget::default();
        let limits = ReserveLimits { tree: 1, run: None, process: &Quota::new(1) };
        let attempt = tree.reserve(&root, &target, IfSessionExists::Error, &limits, None).unwrap();
        let Attempt::New(ticket, place) = attempt else { panic!("the tree is empty") };
        let handle = SessionHandle::from_bytes([1; 16]);
        let session = Arc::new(Session::new(handle, target, Arc::clone(&ticket.run), 7));
        tree.complete(&ticket, &session, place).unwrap();
        tree.settle(&ticket);

        let panicked = std::thread::scope(|scope| {
            let thread = scope.spawn(|| {
                let _guard = tree.lock();
                panic!("under the lock, as the test wants it");
            });
            thread.join()
        });
        assert!(panicked.is_err() && tree.state.is_poisoned());
        let found = tree.find(&root, &SessionReference::default()).unwrap();
        assert_eq!(*found.connection(), 7);
        assert_eq!(tree.end(&root).1.len(), 1);
    }
}
