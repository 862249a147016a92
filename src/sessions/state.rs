//! One run tree as a state machine: plain data, no lock, no waiting, no input or output.
//!
//! A method returns the work for the caller to do after it has released the lock: signals to fire and
//! sessions to close and drop, all of which may run other code.

mod connect;
mod shared;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::contract::BotRunId;
use crate::contract::Error;
use crate::contract::SessionHandle;
use crate::contract::SessionName;
use crate::contract::SessionReference;
use crate::contract::SessionTarget;
use crate::sessions::closure::Closure;
use crate::sessions::closure::How;
use crate::sessions::messages;
use crate::sessions::names::Connecting;
use crate::sessions::names::Names;
use crate::sessions::quota::QuotaPermit;
use crate::sessions::session::Session;
use crate::sessions::sharing::EntryId;

pub(super) use connect::Attempt;
pub(super) use connect::ConnectTicket;
pub(super) use shared::Known;

/// A run tree
///
/// The parent of a run does not matter here: a local session belongs to one run, all others to
/// the tree, and only the end of the root ends other runs.
pub(super) struct State<C> {
    /// One allocation for each started run, so that a run that starts again under its old id is distinguished
    /// from the one before by its address
    root: Arc<BotRunId>,
    /// Whether the root of the tree runs in another process, and `root` is the first bot run in this one
    is_member: bool,
    /// The running bot runs
    runs: HashMap<Arc<BotRunId>, Run<C>>,
    global: Names<C>,
    open: HashMap<SessionHandle, Open<C>>,
    closed: HashMap<SessionHandle, Closed>,
    /// Reservations that still exist
    connecting: usize,
    tickets: u64,
    opened: u64,
}

struct Run<C> {
    ended: CancellationToken,
    local: Names<C>,
    /// Its reservations that still exist
    connecting: usize,
}

struct Open<C> {
    session: Arc<Session<C>>,
    /// Its position in the order of opening
    order: u64,
    /// Held until the session is dropped
    _place: QuotaPermit,
}

struct Closed {
    closure: Closure,
    /// The owner of a local session; other bot runs get `session.not_found`
    local_of: Option<Arc<BotRunId>>,
}

/// A session that was removed and is still to be closed
pub(super) struct TakenOut<C> {
    session: Arc<Session<C>>,
    closure: Closure,
}

impl<C> TakenOut<C> {
    /// Closes it, which wakes the calls that use it
    pub(super) fn close(self) -> Arc<Session<C>> {
        self.session.close(self.closure);
        self.session
    }
}

/// The consequences of the end of a bot run
pub(super) struct Ended<C> {
    /// The run and, if it was the root, every other
    pub(super) runs: Vec<Arc<BotRunId>>,
    /// To be closed, newest first
    pub(super) sessions: Vec<Arc<Session<C>>>,
    /// To be fired
    pub(super) signals: Vec<CancellationToken>,
    /// How the sessions were closed
    pub(super) closure: Closure,
    /// The names that are reserved in the store, to be released
    pub(super) reserved: Vec<(SessionName, EntryId)>,
}

/// How many sessions a run tree has had
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    /// Opened since the root started
    pub opened: u64,
    /// Of those, closed by now
    pub closed: u64,
}

impl<C> State<C> {
    /// Creates a tree whose root is running, or in whose other process the root runs
    pub(super) fn new(root: &BotRunId, is_member: bool) -> Self {
        let mut state = State {
            root: Arc::new(root.clone()),
            is_member,
            runs: HashMap::new(),
            global: Names::new(),
            open: HashMap::new(),
            closed: HashMap::new(),
            connecting: 0,
            tickets: 0,
            opened: 0,
        };
        state.add(Arc::clone(&state.root));
        state
    }

    fn add(&mut self, run: Arc<BotRunId>) {
        self.runs.insert(run, Run { ended: CancellationToken::new(), local: Names::new(), connecting: 0 });
    }

    /// Starts a child; the caller has checked that the id is not running
    pub(super) fn start(&mut self, run: &BotRunId, parent: &BotRunId) -> Result<(), Error> {
        self.running(parent)?;
        self.add(Arc::new(run.clone()));
        Ok(())
    }

    pub(super) fn is_running(&self, run: &BotRunId) -> bool {
        self.runs.contains_key(run)
    }

    /// Returns the token that is cancelled when the bot run ends
    pub(super) fn ended(&self, run: &BotRunId) -> Result<CancellationToken, Error> {
        self.running(run).map(|(_, here)| here.ended.clone())
    }

    pub(super) fn counts(&self, run: &BotRunId) -> Result<Counts, Error> {
        self.running(run)?;
        let open = u64::try_from(self.open.len()).expect("fewer sessions are open than were opened");
        Ok(Counts { opened: self.opened, closed: self.opened - open })
    }

    fn running(&self, run: &BotRunId) -> Result<(&Arc<BotRunId>, &Run<C>), Error> {
        // The registry maps only runs of this tree to it, so a run that is not running has ended.
        self.runs.get_key_value(run).ok_or_else(|| messages::run_ended(run))
    }

    /// Returns the names of a target's scope; `None` for a variable, and for the local names of an ended run
    fn names(&mut self, run: &BotRunId, target: &SessionTarget) -> Option<&mut Names<C>> {
        match target {
            SessionTarget::Local(_) => self.runs.get_mut(run).map(|run| &mut run.local),
            SessionTarget::Global(_) => Some(&mut self.global),
            SessionTarget::Variable => None,
        }
    }

    /// Returns the session of a reference, if the bot run can use it
    pub(super) fn find(
        &self,
        run: &BotRunId,
        reference: &SessionReference,
    ) -> Result<&Arc<Session<C>>, Error> {
        let (run, here) = self.running(run)?;
        let closure = match reference {
            SessionReference::Name(name) => {
                if let Some(session) = here.local.open.get(name).or_else(|| self.global.open.get(name)) {
                    return Ok(session);
                }
                here.local.closure(name).or_else(|| self.global.closure(name))
            }
            SessionReference::Handle(handle) => {
                if let Some(open) = self.open.get(handle)
                    && may_use(run, local_owner(&open.session))
                {
                    return Ok(&open.session);
                }
                let closed = self.closed.get(handle);
                closed.filter(|closed| may_use(run, closed.local_of.as_ref())).map(|closed| &closed.closure)
            }
        };
        Err(match closure {
            Some(closure) => messages::closed_before(reference, closure),
            None => messages::not_found(reference, here.local.open.keys(), self.global.open.keys()),
        })
    }

    /// Removes the session of a reference, if the bot run can use it
    pub(super) fn close(
        &mut self,
        run: &BotRunId,
        reference: &SessionReference,
    ) -> Result<TakenOut<C>, Error> {
        let session = Arc::clone(self.find(run, reference)?);
        let by = Arc::clone(self.running(run)?.0);
        Ok(self.take_out(session, Closure { by, how: How::Disconnect }))
    }

    /// Returns the open sessions that a bot run can use, in the order of opening
    pub(super) fn open(&self, run: &BotRunId) -> Result<Vec<Arc<Session<C>>>, Error> {
        let (run, _) = self.running(run)?;
        let usable = |open: &&Open<C>| may_use(run, local_owner(&open.session));
        let mut open: Vec<_> = self.open.values().filter(usable).collect();
        open.sort_by_key(|open| open.order);
        Ok(open.into_iter().map(|open| Arc::clone(&open.session)).collect())
    }

    /// Removes the sessions that no action has used for this time
    pub(super) fn close_idle(&mut self, limit: Duration) -> Vec<TakenOut<C>> {
        let open = self.open.values().map(|open| &open.session);
        // Another process may use a session that is idle in this one.
        let idle = open.filter(|session| session.share().is_none() && session.usage().is_idle(limit));
        let idle: Vec<_> = idle.cloned().collect();
        idle.into_iter()
            .map(|session| {
                let closure = Closure { by: Arc::clone(session.opened_by()), how: How::Idle(limit) };
                self.take_out(session, closure)
            })
            .collect()
    }

    /// Removes an open session from all maps and remembers how it was closed
    fn take_out(&mut self, session: Arc<Session<C>>, closure: Closure) -> TakenOut<C> {
        self.open.remove(&session.handle());
        let target = session.target();
        if let (Some(names), Some(name)) = (self.names(session.opened_by(), target), target.name()) {
            names.remove(name, closure.clone());
        }
        let closed = Closed { closure: closure.clone(), local_of: local_owner(&session).cloned() };
        self.closed.insert(session.handle(), closed);
        TakenOut { session, closure }
    }

    /// Ends a bot run, and with the root all bot runs; returns `None` if it is not running
    pub(super) fn end(&mut self, run: &BotRunId) -> Option<Ended<C>> {
        let (run, here) = self.runs.remove_entry(run)?;
        let is_root = !self.is_member && Arc::ptr_eq(&run, &self.root);
        // No bot run of this process can use a session after its last one.
        let ends_all = is_root || self.runs.is_empty();
        Some(self.ended_with(run, here, ends_all))
    }

    /// Ends all bot runs, since the root has ended in another process; returns `None` if none is running
    pub(super) fn end_all(&mut self) -> Option<Ended<C>> {
        let first = Arc::clone(self.runs.keys().next()?);
        let (run, here) = self.runs.remove_entry(&*first)?;
        Some(self.ended_with(run, here, true))
    }

    fn ended_with(&mut self, run: Arc<BotRunId>, mut here: Run<C>, ends_all: bool) -> Ended<C> {
        let mut signals = vec![here.ended.clone()];
        let mut runs = vec![Arc::clone(&run)];
        let mut open: Vec<Open<C>> = Vec::new();
        let mut connecting: Vec<(SessionName, Connecting)> = Vec::new();
        if ends_all {
            for (other, its) in self.runs.drain() {
                runs.push(other);
                signals.push(its.ended);
                signals.extend(its.local.connecting.into_values().map(|connecting| connecting.settled));
            }
            connecting.extend(self.global.connecting.drain());
            open.extend(self.open.drain().map(|(_, open)| open));
            self.global.open.clear();
            self.closed.clear();
        } else {
            // A Connect of this run that has reserved a global name releases it immediately.
            let its = self.global.connecting.extract_if(|_, connecting| Arc::ptr_eq(&connecting.by, &run));
            connecting.extend(its);
            open.extend(here.local.open.values().filter_map(|session| self.open.remove(&session.handle())));
            // No other run could use them.
            self.closed.retain(|_, closed| !closed.local_of.as_ref().is_some_and(|of| Arc::ptr_eq(of, &run)));
        }
        signals.extend(here.local.connecting.drain().map(|(_, connecting)| connecting.settled));
        open.sort_unstable_by_key(|open| std::cmp::Reverse(open.order));
        let sessions = open.into_iter().map(|open| open.session).collect();
        signals.extend(connecting.iter().map(|(_, connecting)| connecting.settled.clone()));
        let reserved = connecting.into_iter().filter_map(|(name, one)| one.entry.map(|entry| (name, entry)));
        let closure = Closure { by: run, how: How::End };
        Ended { runs, sessions, signals, closure, reserved: reserved.collect() }
    }
}

/// Returns the only bot run that can use a session, if it is a local one
fn local_owner<C>(session: &Session<C>) -> Option<&Arc<BotRunId>> {
    matches!(session.target(), SessionTarget::Local(_)).then(|| session.opened_by())
}

/// Returns whether a bot run can use a session: a local one only in its own bot run
fn may_use(run: &Arc<BotRunId>, local_of: Option<&Arc<BotRunId>>) -> bool {
    local_of.is_none_or(|owner| Arc::ptr_eq(owner, run))
}
