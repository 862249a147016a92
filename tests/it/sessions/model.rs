//! Random operations of several run trees, on the sessions and on a plain reference model.
//!
//! After every operation the results are compared, and every session and bot run that ever existed is
//! checked: closed where the model says so, running where it says so. A panic, waiting,
//! guessing handles and calls in progress have their own tests.

use std::collections::BTreeMap;
use std::sync::Arc;

use azdo_bot::contract::BotRunId;
use azdo_bot::contract::Error;
use azdo_bot::contract::ErrorCode;
use azdo_bot::contract::SessionHandle;
use azdo_bot::contract::SessionReference;
use azdo_bot::contract::SessionTarget;
use azdo_bot::sessions::Entered;
use azdo_bot::sessions::IfSessionExists;
use azdo_bot::sessions::Reservation;
use azdo_bot::sessions::Reserved as RoomReserved;
use azdo_bot::sessions::Session;
use azdo_bot::sessions::SessionLimits;
use azdo_bot::sessions::Sessions;
use proptest::prelude::*;
use proptest::test_runner::Config;
use proptest::test_runner::TestRunner;

use crate::sessions::reference::Found;
use crate::sessions::reference::IfExists;
use crate::sessions::reference::Model;
use crate::sessions::reference::PER_PROCESS;
use crate::sessions::reference::PER_TREE;
use crate::sessions::reference::Reference;
use crate::sessions::reference::Reserved;
use crate::sessions::reference::Scope;
use crate::sessions::reference::Stage;
use crate::sessions::reference::Target;
use crate::sessions::support;
use crate::sessions::support::ByHand;

const CASES: u32 = 256;
const OPERATIONS: usize = 400;
const _: () = assert!(CASES as usize * OPERATIONS >= 100_000);

/// Two roots and their children in most cases; only a few ids, so that they are used again
const RUNS: usize = 6;

/// Names that differ in case
const NAMES: [&str; 2] = ["Default", "default"];

#[derive(Debug, Clone)]
enum Operation {
    Start { id: usize, parent: Option<usize> },
    End { id: usize },
    Reserve { id: usize, target: Target, if_exists: IfExists },
    Complete { pick: usize },
    Abandon { pick: usize },
    Find { id: usize, wanted: Wanted },
    Close { id: usize, wanted: Wanted },
}

/// A reference before the existing sessions are known
#[derive(Debug, Clone, Copy)]
enum Wanted {
    Name(usize),
    Handle(usize),
    Guess,
}

fn operation() -> impl Strategy<Value = Operation> {
    let id = || 0..RUNS;
    let name = 0..NAMES.len();
    let scope = prop_oneof![3 => Just(Scope::Local), 4 => Just(Scope::Global), 1 => Just(Scope::Variable)];
    let target = (scope, name.clone()).prop_map(|(scope, name)| Target { scope, name });
    let if_exists = prop_oneof![Just(IfExists::Error), Just(IfExists::Reuse), Just(IfExists::Replace)];
    let wanted = || {
        prop_oneof![
            5 => (0..NAMES.len()).prop_map(Wanted::Name),
            5 => any::<usize>().prop_map(Wanted::Handle),
            1 => Just(Wanted::Guess),
        ]
    };
    prop_oneof![
        4 => (id(), prop::option::weighted(0.75, id())).prop_map(|(id, parent)| Operation::Start { id, parent }),
        2 => id().prop_map(|id| Operation::End { id }),
        6 => (id(), target, if_exists)
            .prop_map(|(id, target, if_exists)| Operation::Reserve { id, target, if_exists }),
        3 => any::<usize>().prop_map(|pick| Operation::Complete { pick }),
        1 => any::<usize>().prop_map(|pick| Operation::Abandon { pick }),
        6 => (id(), wanted()).prop_map(|(id, wanted)| Operation::Find { id, wanted }),
        3 => (id(), wanted()).prop_map(|(id, wanted)| Operation::Close { id, wanted }),
    ]
}

/// The sessions and the reference model; a session's connection is its number in the model
struct Pair {
    model: Model,
    room: Sessions<u32>,
    reservations: BTreeMap<usize, Reservation<u32>>,
    sessions: BTreeMap<usize, Arc<Session<u32>>>,
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

impl Pair {
    fn new() -> Self {
        let limits = SessionLimits { per_tree: PER_TREE, per_process: PER_PROCESS, per_run: None };
        Pair {
            model: Model::default(),
            room: Sessions::with_limits(limits),
            reservations: BTreeMap::new(),
            sessions: BTreeMap::new(),
            entered: Vec::new(),
        }
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

    fn apply(&mut self, operation: &Operation) {
        match *operation {
            Operation::Start { id, parent } => {
                let refused = code(self.room.start(&run(id), parent.map(run).as_ref()));
                assert_eq!(refused, self.model.start(id, parent));
                if refused.is_none() {
                    self.entered.push(self.room.enter(&run(id)).expect("it was just started"));
                }
            }
            Operation::End { id } => {
                let closed = self.room.end(&run(id));
                let expected = self.model.end(id).map(|numbers| {
                    let of =
                        |at: usize| (target_of(self.model.sessions[at].target), self.sessions[&at].handle());
                    numbers.into_iter().map(of).collect::<Vec<_>>()
                });
                let closed =
                    closed.map(|all| all.into_iter().map(|one| (one.target, one.handle)).collect::<Vec<_>>());
                assert_eq!(closed.map_err(|error| error.code()), expected);
            }
            Operation::Reserve { id, target, if_exists } => self.reserve(id, target, if_exists),
            Operation::Complete { pick } => {
                let Some(at) = self.picked(pick) else { return };
                let reservation = self.reservations.remove(&at).expect("it was picked among them");
                let opened = reservation.complete(u32::try_from(at).expect("there are few"));
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
                let found = self.room.find(&run(id), &reference).map(|session| session.handle());
                self.compare(found, self.model.find(id, plain));
            }
            Operation::Close { id, wanted } => {
                let (plain, reference) = self.reference(wanted);
                let closed = self.room.close(&run(id), &reference).map(|closed| closed.handle);
                let expected = self.model.close(id, plain);
                self.compare(closed, expected);
            }
        }
    }

    fn reserve(&mut self, id: usize, target: Target, if_exists: IfExists) {
        let mode = match if_exists {
            IfExists::Error => IfSessionExists::Error,
            IfExists::Reuse => IfSessionExists::Reuse,
            IfExists::Replace => IfSessionExists::Replace,
        };
        let answer = ByHand::new(self.room.reserve(&run(id), &target_of(target), mode)).poll();
        match (answer, self.model.reserve(id, target, if_exists)) {
            (None, Reserved::Waits) => {}
            (Some(Ok(RoomReserved::New(reservation))), Reserved::New(at)) => {
                self.reservations.insert(at, reservation);
            }
            (Some(Ok(RoomReserved::Existing(session))), Reserved::Existing(at)) => {
                assert_eq!(number(*session.connection()), at);
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
            (Err(error), Found::Refused(expected)) => assert_eq!(error.code(), expected),
            (answer, expected) => panic!("{answer:?}, expected {expected:?}"),
        }
    }

    fn compare_everything(&self) {
        for (at, session) in &self.sessions {
            let open = self.model.sessions[*at].stage == Stage::Open;
            assert_eq!(session.is_closed(), !open);
            assert_eq!(number(*session.connection()), *at);
        }
        assert_eq!(self.entered.len(), self.model.runs.len());
        for (entered, run) in self.entered.iter().zip(&self.model.runs) {
            assert_eq!(entered.ended.is_cancelled(), !run.running, "r{}", run.id);
        }
        assert_eq!(self.room.in_process(), self.model.in_process());
    }
}

#[test]
fn the_sessions_behave_like_the_reference_model() {
    let config = Config { cases: CASES, failure_persistence: None, ..Config::default() };
    let operations = prop::collection::vec(operation(), OPERATIONS);
    let outcome = TestRunner::new(config).run(&operations, |operations| {
        let mut pair = Pair::new();
        for operation in &operations {
            pair.apply(operation);
            pair.compare_everything();
        }
        Ok(())
    });
    outcome.unwrap_or_else(|failure| panic!("{failure}"));
}
