//! The changes of a Connect to its run tree: reserve a name, open the session under it, or release it.

use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use crate::contract::BotRunId;
use crate::contract::Error;
use crate::contract::SessionTarget;
use crate::sessions::closure::Closure;
use crate::sessions::closure::How;
use crate::sessions::if_exists::IfSessionExists;
use crate::sessions::messages;
use crate::sessions::names::Connecting;
use crate::sessions::quota::QuotaPermit;
use crate::sessions::quota::ReserveLimits;
use crate::sessions::session::Session;
use crate::sessions::sharing::EntryId;
use crate::sessions::state::Open;
use crate::sessions::state::Run;
use crate::sessions::state::State;
use crate::sessions::state::TakenOut;

/// The state that a Connect in progress holds
pub(in crate::sessions) struct ConnectTicket {
    number: u64,
    pub(in crate::sessions) run: Arc<BotRunId>,
    pub(in crate::sessions) target: SessionTarget,
    pub(in crate::sessions) settled: CancellationToken,
}

/// The result of an attempt to reserve a name
pub(in crate::sessions) enum Attempt<C> {
    /// The name is reserved
    New(ConnectTicket, QuotaPermit),
    /// There is an open session to reuse
    Existing(Arc<Session<C>>),
    /// Another Connect has to finish first, unless this bot run ends before
    Wait {
        /// Cancelled when the other Connect has finished
        settled: CancellationToken,
        /// Cancelled when this bot run has ended
        ended: CancellationToken,
    },
}

impl<C> State<C> {
    /// Reserves a name for a Connect
    ///
    /// `entry` is the session's id in the store of its run tree. The store knows what is open under the name then.
    pub(in crate::sessions) fn reserve(
        &mut self,
        run: &BotRunId,
        target: &SessionTarget,
        if_exists: IfSessionExists,
        limits: &ReserveLimits<'_>,
        entry: Option<EntryId>,
    ) -> Result<Attempt<C>, Error> {
        let (run, here) = self.running(run)?;
        let run = Arc::clone(run);
        let names = match target {
            SessionTarget::Local(_) => Some(&here.local),
            SessionTarget::Global(_) => Some(&self.global),
            SessionTarget::Variable => None,
        };
        if let (Some(names), Some(name)) = (names, target.name()) {
            if let Some(other) = names.connecting.get(name) {
                return match if_exists {
                    IfSessionExists::Reuse => {
                        Ok(Attempt::Wait { settled: other.settled.clone(), ended: here.ended.clone() })
                    }
                    _ => Err(messages::name_connecting(target, &other.by)),
                };
            }
            if let (Some(session), None) = (names.open.get(name), entry) {
                match if_exists {
                    IfSessionExists::Error => {
                        return Err(messages::name_open(target, session.opened_by()));
                    }
                    IfSessionExists::Reuse => return Ok(Attempt::Existing(Arc::clone(session))),
                    IfSessionExists::Replace => {}
                }
            }
        }
        if self.open.len() + self.connecting >= limits.tree {
            return Err(messages::tree_full(limits.tree));
        }
        if let Some((most, rule)) = limits.run {
            let open = self.open.values().filter(|open| Arc::ptr_eq(open.session.opened_by(), &run)).count();
            if open + here.connecting >= usize::try_from(*most).unwrap_or(usize::MAX) {
                return Err(messages::run_full(*most, rule));
            }
        }
        let place = limits.process.take().ok_or_else(|| messages::process_full(limits.process.limit()))?;
        self.connecting += 1;
        self.run_of(&run).expect("the run is running").connecting += 1;
        self.tickets += 1;
        let ticket = ConnectTicket {
            number: self.tickets,
            run,
            target: target.clone(),
            settled: CancellationToken::new(),
        };
        if let (Some(names), Some(name)) = (self.names(&ticket.run, target), target.name()) {
            let connecting = Connecting {
                ticket: ticket.number,
                by: Arc::clone(&ticket.run),
                entry,
                settled: ticket.settled.clone(),
            };
            names.connecting.insert(name.clone(), connecting);
        }
        Ok(Attempt::New(ticket, place))
    }

    /// Opens the session of a Connect, unless its run has ended; returns the session that it replaces
    pub(in crate::sessions) fn complete(
        &mut self,
        ticket: &ConnectTicket,
        session: Arc<Session<C>>,
        place: QuotaPermit,
    ) -> Result<Option<TakenOut<C>>, Error> {
        if !self.is_still_running(&ticket.run) {
            return Err(messages::ended_while_connecting(&ticket.run));
        }
        let mut replaced = None;
        if let (Some(names), Some(name)) = (self.names(&ticket.run, &ticket.target), ticket.target.name()) {
            replaced = names.open.get(name).cloned();
        }
        let closure = Closure { by: Arc::clone(&ticket.run), how: How::Replace };
        let replaced = replaced.map(|old| self.take_out(old, closure));
        if let (Some(names), Some(name)) = (self.names(&ticket.run, &ticket.target), ticket.target.name()) {
            names.insert(name.clone(), Arc::clone(&session));
        }
        self.opened += 1;
        self.open.insert(session.handle(), Open { session, order: self.opened, _place: place });
        Ok(replaced)
    }

    /// Returns a run, unless it has ended; another run may have its id since
    fn run_of(&mut self, run: &Arc<BotRunId>) -> Option<&mut Run<C>> {
        if self.is_still_running(run) { self.runs.get_mut(&**run) } else { None }
    }

    /// Returns whether a run has not ended; another run may have its id since
    pub(in crate::sessions) fn is_still_running(&self, run: &Arc<BotRunId>) -> bool {
        self.runs.get_key_value(&**run).is_some_and(|(known, _)| Arc::ptr_eq(known, run))
    }

    /// Finishes a Connect, whether or not it opened its session: its name is no longer being connected
    pub(in crate::sessions) fn settle(&mut self, ticket: &ConnectTicket) {
        self.connecting -= 1;
        if let Some(run) = self.run_of(&ticket.run) {
            run.connecting -= 1;
        }
        if let (Some(names), Some(name)) = (self.names(&ticket.run, &ticket.target), ticket.target.name())
            && names.connecting.get(name).is_some_and(|connecting| connecting.ticket == ticket.number)
        {
            names.connecting.remove(name);
        }
    }
}
