//! A run tree and its lock. No guard leaves this file, and none is held across an await.

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::contract::BotRunId;
use crate::contract::Error;
use crate::contract::Masker;
use crate::contract::SessionReference;
use crate::contract::SessionTarget;
use crate::sessions::if_exists::IfSessionExists;
use crate::sessions::quota::QuotaPermit;
use crate::sessions::quota::ReserveLimits;
use crate::sessions::session::ClosedSession;
use crate::sessions::session::Session;
use crate::sessions::state::Attempt;
use crate::sessions::state::ConnectTicket;
use crate::sessions::state::Counts;
use crate::sessions::state::State;
use crate::sessions::state::TakenOut;

/// One run tree
pub(super) struct Tree<C> {
    root: BotRunId,
    state: Mutex<State<C>>,
    masker: Arc<Masker>,
}

impl<C> Tree<C> {
    pub(super) fn new(root: &BotRunId) -> Self {
        Tree { root: root.clone(), state: Mutex::new(State::new(root)), masker: Arc::default() }
    }

    /// Ignores poisoning: a panic under the lock is a bug in one call, and the other calls keep their sessions
    fn lock(&self) -> MutexGuard<'_, State<C>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
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
        let Some(ended) = ended else { return (Vec::new(), Vec::new()) };
        for session in &ended.sessions {
            session.close(ended.closure.clone());
        }
        for signal in ended.signals {
            signal.cancel();
        }
        (ended.runs, ended.sessions.iter().map(|session| ClosedSession::of(session)).collect())
    }

    pub(super) fn reserve(
        &self,
        run: &BotRunId,
        target: &SessionTarget,
        if_exists: IfSessionExists,
        limits: &ReserveLimits<'_>,
    ) -> Result<Attempt<C>, Error> {
        self.lock().reserve(run, target, if_exists, limits)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::SessionHandle;
    use crate::contract::TextKind as _;
    use crate::sessions::quota::Quota;

    #[test]
    fn a_panic_under_the_lock_loses_no_session() {
        let root = BotRunId::parse("root").unwrap();
        let tree: Tree<u32> = Tree::new(&root);
        let target = SessionTarget::default();
        let limits = ReserveLimits { tree: 1, run: None, process: &Quota::new(1) };
        let attempt = tree.reserve(&root, &target, IfSessionExists::Error, &limits).unwrap();
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
