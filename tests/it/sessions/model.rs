//! Random operations of several run trees, on the sessions and on a plain reference model.
//!
//! After every operation the results are compared, and every session and bot run that ever existed is
//! checked: closed where the model says so, running where it says so. A panic, waiting,
//! guessing handles and calls in progress have their own tests.
//!
//! The bot runs are spread over the given machines, whose registries share a store: then a child may run on another
//! machine than its parent. One machine without a store is a process of its own.

use std::collections::BTreeMap;
use std::sync::Arc;

use azdo_bot::contract::BotRunId;
use azdo_bot::contract::Error;
use azdo_bot::contract::ErrorCode;
use azdo_bot::contract::RunTreeId;
use azdo_bot::contract::SessionHandle;
use azdo_bot::contract::SessionReference;
use azdo_bot::contract::SessionTarget;
use azdo_bot::sessions::Entered;
use azdo_bot::sessions::IfSessionExists;
use azdo_bot::sessions::Reservation;
use azdo_bot::sessions::Reserved as RoomReserved;
use azdo_bot::sessions::Session;
use proptest::prelude::*;
use proptest::test_runner::Config;
use proptest::test_runner::TestRunner;

use crate::sessions::machine::Limits;
use crate::sessions::machine::Machine;
use crate::sessions::machine::adopt;
use crate::sessions::machine::find;
use crate::sessions::machine::record;
use crate::sessions::operations::NAMES;
use crate::sessions::operations::Operation;
use crate::sessions::operations::Wanted;
use crate::sessions::operations::operation;
use crate::sessions::reference::Found;
use crate::sessions::reference::IfExists;
use crate::sessions::reference::Model;
use crate::sessions::reference::Reference;
use crate::sessions::reference::Reserved;
use crate::sessions::reference::Scope;
use crate::sessions::reference::Stage;
use crate::sessions::reference::Target;
use crate::sessions::support;

/// The machines and the reference model; a session's connection is its number in the model
struct Pair<'a> {
    model: Model,
    machines: &'a [Machine],
    /// The ids of the trees by their number in the model
    trees: BTreeMap<usize, RunTreeId>,
    reservations: BTreeMap<usize, Reservation<u32>>,
    sessions: BTreeMap<usize, Arc<Session<u32>>>,
    adopted: Vec<(usize, Arc<Session<u32>>)>,
    entered: Vec<Entered>,
}

fn number(connection: u32) -> usize {
    usize::try_from(connection).expect("the tests run where a number of 32 bits fits")
}

fn run(id: usize) -> BotRunId {
    support::run(&format!("r{id}"))
}

fn target_of(target: Target) -> SessionTarget {
    match target.scope {
        Scope::Local => support::local(NAMES[target.name]),
        Scope::Global => support::global(NAMES[target.name]),
        Scope::Variable => SessionTarget::Variable,
    }
}

fn code<T>(result: Result<T, Error>) -> Option<ErrorCode> {
    result.err().map(|error| error.code())
}

impl<'a> Pair<'a> {
    fn new(machines: &'a [Machine], limits: Limits) -> Self {
        Pair {
            model: Model::new(limits.per_tree, limits.per_process),
            machines,
            trees: BTreeMap::new(),
            reservations: BTreeMap::new(),
            sessions: BTreeMap::new(),
            adopted: Vec::new(),
            entered: Vec::new(),
        }
    }

    fn is_alone(&self) -> bool {
        self.machines.len() == 1
    }

    /// The machine on which a bot run runs
    fn at(&self, id: usize) -> usize {
        id % self.machines.len()
    }

    fn machine(&self, id: usize) -> &'a Machine {
        &self.machines[self.at(id)]
    }

    fn reference(&self, wanted: Wanted) -> (Reference, SessionReference) {
        match wanted {
            Wanted::Name(name) => (Reference::Name(name), support::by_name(NAMES[name])),
            Wanted::Handle(pick) if !self.sessions.is_empty() => {
                let (at, session) = self.sessions.iter().nth(pick % self.sessions.len()).expect("within");
                (Reference::Handle(*at), support::by_handle(session.handle()))
            }
            _ => (Reference::Guess, support::by_handle(SessionHandle::from_bytes([3; 16]))),
        }
    }

    fn picked(&self, pick: usize) -> Option<usize> {
        self.reservations.keys().nth(pick % self.reservations.len().max(1)).copied()
    }

    async fn apply(&mut self, operation: &Operation) {
        match *operation {
            Operation::Start { id, parent } => self.start(id, parent),
            Operation::End { id } => self.end(id),
            Operation::Reserve { id, target, if_exists } => self.reserve(id, target, if_exists).await,
            Operation::Complete { pick } => {
                let Some(at) = self.picked(pick) else { return };
                let reservation = self.reservations.remove(&at).expect("it was picked among them");
                let connection = u32::try_from(at).expect("there are few");
                let opened = reservation.complete(connection, Some(record(connection))).await;
                match (opened, self.model.complete(at)) {
                    (Ok(session), None) => assert!(self.sessions.insert(at, session).is_none()),
                    (opened, expected) => assert_eq!(code(opened), expected),
                }
            }
            Operation::Abandon { pick } => {
                let Some(at) = self.picked(pick) else { return };
                self.reservations.remove(&at);
                self.model.abandon(at);
            }
            Operation::Find { id, wanted } => {
                let (plain, reference) = self.reference(wanted);
                let found = find(&self.machine(id).room, &run(id), &reference).await;
                if let Ok(session) = &found {
                    self.adopted.push((number(*session.connection()), Arc::clone(session)));
                }
                self.compare(found.map(|session| session.handle()), self.model.find(id, plain));
            }
            Operation::Close { id, wanted } => {
                let (plain, reference) = self.reference(wanted);
                let closed = self.machine(id).room.close(&run(id), &reference).await;
                let expected = self.model.close(id, plain);
                self.compare(closed.map(|closed| closed.handle), expected);
            }
        }
    }

    fn start(&mut self, id: usize, parent: Option<usize>) {
        let room = &self.machine(id).room;
        let running = parent.and_then(|parent| self.model.running(parent).ok());
        let refused = match (parent, running) {
            (Some(parent), Some(running)) if self.at(parent) != self.at(id) => {
                let tree = self.model.runs[running].tree;
                code(room.join(&run(id), &self.trees[&tree]))
            }
            // The machine does not know the other one's bot runs.
            (Some(parent), None) if self.at(parent) != self.at(id) => {
                assert!(self.model.start(id, Some(parent)).is_some());
                return;
            }
            _ => code(room.start(&run(id), parent.map(run).as_ref())),
        };
        assert_eq!(refused, self.model.start(id, parent));
        if refused.is_none() {
            self.entered.push(room.enter(&run(id)).expect("it was just started"));
            let tree = self.model.runs.last().expect("it was just started").tree;
            if let Some(shared) = room.run_tree(&run(id)).expect("it was just started") {
                assert_eq!(self.trees.entry(tree).or_insert(shared.clone()), &shared);
            }
        }
    }

    fn end(&mut self, id: usize) {
        let closed = self.machine(id).room.end(&run(id));
        let expected = self.model.end(id);
        if self.is_alone() {
            let of = |at: usize| (target_of(self.model.sessions[at].target), self.sessions[&at].handle());
            let expected = expected.map(|numbers| numbers.into_iter().map(of).collect::<Vec<_>>());
            let closed =
                closed.map(|all| all.into_iter().map(|one| (one.target, one.handle)).collect::<Vec<_>>());
            assert_eq!(closed.map_err(|error| error.code()), expected);
            return;
        }
        // A machine reports the sessions that it has: what it opened, and what it used of others.
        match (closed, expected) {
            (Ok(closed), Ok(numbers)) => {
                let all: Vec<_> = numbers.iter().map(|at| self.sessions[at].handle()).collect();
                assert!(closed.iter().all(|one| all.contains(&one.handle)), "{closed:?}");
                // Its own local sessions are in its own process.
                for at in numbers {
                    let session = &self.model.sessions[at];
                    if session.target.scope == Scope::Local && self.model.runs[session.run].id == id {
                        let handle = self.sessions[&at].handle();
                        assert!(closed.iter().any(|one| one.handle == handle), "{closed:?}");
                    }
                }
            }
            (closed, expected) => assert_eq!(code(closed), expected.err()),
        }
    }

    async fn reserve(&mut self, id: usize, target: Target, if_exists: IfExists) {
        let mode = match if_exists {
            IfExists::Error => IfSessionExists::Error,
            IfExists::Reuse => IfSessionExists::Reuse,
            IfExists::Replace => IfSessionExists::Replace,
        };
        let (machine, run, target_of) = (self.machine(id), run(id), target_of(target));
        let waited = async {
            for _ in 0..8 {
                machine.ask().await;
            }
        };
        let answer = tokio::select! {
            biased;
            answer = machine.room.reserve(&run, &target_of, mode) => Some(answer),
            () = waited => None,
        };
        match (answer, self.model.reserve(id, target, if_exists)) {
            (None, Reserved::Waits) => {}
            (Some(Ok(RoomReserved::New(reservation))), Reserved::New(at)) => {
                self.reservations.insert(at, reservation);
            }
            (Some(Ok(RoomReserved::Existing(session))), Reserved::Existing(at)) => {
                assert_eq!(number(*session.connection()), at);
            }
            (Some(Ok(RoomReserved::Elsewhere(shared))), Reserved::Existing(at)) => {
                let session = adopt(&machine.room, shared).expect("it is open");
                assert_eq!(number(*session.connection()), at);
                self.adopted.push((at, session));
            }
            (Some(Err(error)), Reserved::Refused(expected)) => assert_eq!(error.code(), expected),
            (answer, expected) => panic!("{answer:?}, expected {expected:?}"),
        }
    }

    fn compare(&self, answer: Result<SessionHandle, Error>, expected: Found) {
        match (answer, expected) {
            (Ok(handle), Found::Session(at)) => assert_eq!(handle, self.sessions[&at].handle()),
            (Err(error), Found::Closed(by, how)) => {
                assert_eq!(error.code(), ErrorCode::SessionClosed);
                let message = error.message();
                assert!(message.contains(&format!("\"r{by}\"")) && message.contains(how), "{message}: {how}");
            }
            (Err(error), Found::Refused(expected)) => assert_eq!(error.code(), expected, "{error:?}"),
            (answer, expected) => panic!("{answer:?}, expected {expected:?}"),
        }
    }

    fn compare_everything(&self) {
        for (at, session) in &self.sessions {
            let open = self.model.sessions[*at].stage == Stage::Open;
            let opener = &self.model.runs[self.model.sessions[*at].run];
            // A machine that has no bot run in the tree any more has no connection either.
            let is_used = self.model.runs.iter().any(|other| {
                other.running && other.tree == opener.tree && self.at(other.id) == self.at(opener.id)
            });
            if self.is_alone() || !open {
                assert_eq!(session.is_closed(), !open, "{at}");
            } else if !is_used {
                assert!(session.is_closed(), "{at}");
            }
            assert_eq!(number(*session.connection()), *at);
        }
        for (at, session) in &self.adopted {
            if self.model.sessions[*at].stage != Stage::Open {
                assert!(session.is_closed(), "{at}");
            }
        }
        assert_eq!(self.entered.len(), self.model.runs.len());
        for (entered, run) in self.entered.iter().zip(&self.model.runs) {
            assert_eq!(entered.ended.is_cancelled(), !run.running, "r{}", run.id);
        }
        if self.is_alone() {
            assert_eq!(self.machines[0].room.in_process(), self.model.in_process());
        }
    }
}

/// Applies the operations, and compares everything after each of them
pub(crate) async fn follows_the_model(machines: &[Machine], limits: Limits, operations: &[Operation]) {
    let mut pair = Pair::new(machines, limits);
    for operation in operations {
        pair.apply(operation).await;
        // What one machine has done arrives at the others when it is done there.
        for _ in 0..2 {
            for machine in machines {
                machine.settle().await;
            }
        }
        pair.compare_everything();
    }
}

/// Draws operations, and applies each list of them to machines of its own
pub(crate) fn random_operations(
    cases: u32,
    length: usize,
    limits: Limits,
    machines: impl AsyncFn() -> Vec<Machine>,
) {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime starts");
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let outcome = TestRunner::new(config).run(&prop::collection::vec(operation(), length), |operations| {
        runtime.block_on(async {
            let machines = machines().await;
            follows_the_model(&machines, limits, &operations).await;
        });
        Ok(())
    });
    outcome.unwrap_or_else(|failure| panic!("{failure}"));
}
