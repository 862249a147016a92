//! The registry in every order of its steps that `shuttle` draws: nothing is open or starts after its end.
//!
//! The threads are switched at the locks. A million orders: `cargo test --lib races:: -- --ignored`.

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;

use shuttle::future::block_on;
use shuttle::scheduler::RandomScheduler;
use shuttle::thread;

use crate::contract::BotRunId;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::SessionHandle;
use crate::contract::SessionName;
use crate::contract::SessionReference;
use crate::contract::SessionTarget;
use crate::contract::TextKind as _;
use crate::sessions::Entered;
use crate::sessions::IfSessionExists;
use crate::sessions::Reserved;
use crate::sessions::Session;
use crate::sessions::Sessions;
use crate::sessions::sync::racing;

/// The orders of each test
const ORDERS: usize = 2_000;

/// What the threads of one test share
struct Race {
    sessions: Sessions<()>,
    opened: Mutex<Vec<Arc<Session<()>>>>,
    entered: Mutex<Vec<Entered>>,
    /// The sessions that a Disconnect closed, and when it had returned
    closed: Mutex<Vec<(SessionHandle, usize)>>,
    /// The sessions that were found, and when the search began
    found: Mutex<Vec<(SessionHandle, usize)>>,
    clock: AtomicUsize,
}

impl Race {
    /// Creates a registry in which the bot run `root` runs
    fn new() -> Arc<Self> {
        let sessions = Sessions::new();
        sessions.start(&run("root"), None).expect("it is the first");
        Arc::new(Race {
            sessions,
            opened: Mutex::default(),
            entered: Mutex::default(),
            closed: Mutex::default(),
            found: Mutex::default(),
            clock: AtomicUsize::new(0),
        })
    }

    /// Returns the next time of a clock that orders the steps of all threads
    fn now(&self) -> usize {
        self.clock.fetch_add(1, Ordering::SeqCst)
    }

    fn enter(&self, id: &str) -> Result<(), Error> {
        let entered = self.sessions.enter(&run(id))?;
        self.entered.lock().unwrap().push(entered);
        Ok(())
    }

    /// Connects, and returns the session if it was opened
    fn connect(
        &self,
        id: &str,
        target: &SessionTarget,
        if_exists: IfSessionExists,
    ) -> Result<Arc<Session<()>>, Error> {
        match block_on(self.sessions.reserve(&run(id), target, if_exists))? {
            Reserved::New(reservation) => {
                let session = block_on(reservation.complete((), None))?;
                self.opened.lock().unwrap().push(Arc::clone(&session));
                Ok(session)
            }
            Reserved::Existing(session) => Ok(session),
            Reserved::Elsewhere(_) => panic!("there is no store"),
        }
    }

    fn disconnect(&self) {
        let closed = block_on(self.sessions.close(&run("root"), &by_name()));
        if let Some(session) = allow(closed, CLOSED) {
            self.closed.lock().unwrap().push((session.handle, self.now()));
        }
    }

    fn find(&self) {
        let begun = self.now();
        if let Some(session) = allow(self.sessions.find(&run("root"), &by_name()), CLOSED) {
            self.found.lock().unwrap().push((session.handle(), begun));
        }
    }

    /// Checks that the bot runs have ended, and that nothing of them is open
    fn is_over(&self, ids: &[&str]) {
        for id in ids {
            if let Ok(entered) = self.sessions.enter(&run(id)) {
                panic!("{id} runs: {entered:?}");
            }
        }
        assert!(self.opened.lock().unwrap().iter().all(|session| session.is_closed()));
        assert!(self.entered.lock().unwrap().iter().all(|entered| entered.ended.is_cancelled()));
        assert_eq!(self.sessions.in_process(), 0);
    }
}

fn run(id: &str) -> BotRunId {
    BotRunId::parse(id).expect("an id")
}

fn shared() -> SessionTarget {
    SessionTarget::Global(SessionName::parse("Shared").expect("a name"))
}

fn by_name() -> SessionReference {
    SessionReference::parse("Shared").expect("a name")
}

/// Accepts a result, and an error that the end of a bot run or of a session explains
fn allow<T>(result: Result<T, Error>, codes: &[ErrorCode]) -> Option<T> {
    match result {
        Ok(value) => Some(value),
        Err(error) if codes.contains(&error.code()) => None,
        Err(error) => panic!("{:?}: {}", error.code(), error.message()),
    }
}

/// Runs the threads in many orders; `done` checks what is left when all have ended
fn race(orders: usize, threads: &'static [fn(&Race)], done: fn(&Race)) {
    let scheduler = RandomScheduler::new_from_seed(7, orders);
    racing(|| {
        shuttle::Runner::new(scheduler, shuttle::Config::default()).run(move || {
            let race = Race::new();
            let running: Vec<_> = threads
                .iter()
                .map(|steps| {
                    let race = Arc::clone(&race);
                    thread::spawn(move || steps(&race))
                })
                .collect();
            for thread in running {
                thread.join().expect("no step panics");
            }
            done(&race);
        });
    });
}

const CLOSED: &[ErrorCode] = &[ErrorCode::SessionClosed, ErrorCode::SessionNotFound];
const ENDED: &[ErrorCode] = &[ErrorCode::BotRunEnded, ErrorCode::Cancelled];

#[test]
fn nothing_is_open_after_the_end_of_a_root() {
    end_of_root(ORDERS);
}

fn end_of_root(orders: usize) {
    race(
        orders,
        &[
            |race| drop(race.sessions.end(&run("root")).expect("it was started")),
            |race| {
                if allow(race.sessions.start(&run("child"), Some(&run("root"))), ENDED).is_some() {
                    allow(race.enter("child"), ENDED);
                    allow(race.connect("child", &shared(), IfSessionExists::Reuse), ENDED);
                }
            },
            |race| {
                allow(race.enter("root"), ENDED);
                allow(race.connect("root", &shared(), IfSessionExists::Reuse), ENDED);
                allow(race.connect("root", &SessionTarget::Variable, IfSessionExists::Error), ENDED);
            },
        ],
        |race| race.is_over(&["root", "child"]),
    );
}

#[test]
fn nothing_is_open_after_a_child_and_its_root_end_together() {
    ends_together(ORDERS);
}

fn ends_together(orders: usize) {
    race(
        orders,
        &[
            |race| drop(race.sessions.end(&run("root")).expect("it was started")),
            |race| {
                let child = run("child");
                if allow(race.sessions.start(&child, Some(&run("root"))), ENDED).is_some() {
                    allow(race.connect("child", &SessionTarget::default(), IfSessionExists::Replace), ENDED);
                    race.sessions.end(&child).expect("it was started");
                    let error = race.enter("child").expect_err("it has ended");
                    assert_eq!(error.code(), ErrorCode::BotRunEnded);
                }
            },
            |race| {
                let codes = &[ErrorCode::BotRunEnded, ErrorCode::BotRunUnknown];
                if allow(race.sessions.start(&run("grandchild"), Some(&run("child"))), codes).is_some() {
                    allow(race.enter("grandchild"), ENDED);
                    allow(race.connect("grandchild", &shared(), IfSessionExists::Error), ENDED);
                }
            },
        ],
        |race| race.is_over(&["root", "child", "grandchild"]),
    );
}

#[test]
fn nothing_of_an_ended_bot_run_is_in_the_next_one_with_its_id() {
    same_id_again(ORDERS);
}

fn same_id_again(orders: usize) {
    race(
        orders,
        &[
            |race| drop(race.sessions.end(&run("root")).expect("it was started")),
            |race| {
                allow(race.sessions.start(&run("root"), None), &[ErrorCode::InputInvalid]);
            },
            |race| {
                allow(race.enter("root"), ENDED);
                allow(race.connect("root", &SessionTarget::default(), IfSessionExists::Error), ENDED);
            },
        ],
        |race| {
            race.sessions.end(&run("root")).expect("it was started");
            race.is_over(&["root"]);
        },
    );
}

#[test]
fn no_action_finds_a_session_after_its_disconnect() {
    disconnects(ORDERS);
}

fn disconnects(orders: usize) {
    race(
        orders,
        &[
            |race| {
                race.connect("root", &shared(), IfSessionExists::Reuse).expect("it runs");
                race.disconnect();
                race.find();
            },
            |race| {
                race.connect("root", &shared(), IfSessionExists::Reuse).expect("it runs");
                race.find();
                race.disconnect();
            },
            |race| {
                race.find();
                let replaced = race.connect("root", &shared(), IfSessionExists::Replace);
                allow(replaced, &[ErrorCode::SessionNameInUse]);
                race.find();
            },
        ],
        |race| {
            let closed = race.closed.lock().unwrap();
            for (found, at) in race.found.lock().unwrap().iter() {
                let before = closed.iter().find(|(handle, closed)| handle == found && closed < at);
                assert!(before.is_none(), "found at {at}, closed at {before:?}");
            }
            let open = race.opened.lock().unwrap().iter().filter(|session| !session.is_closed()).count();
            assert!(open <= 1 && race.sessions.in_process() == open, "{open} sessions have one name");
        },
    );
}

#[test]
#[ignore = "it takes minutes, and each part of it is a test"]
fn a_million_orders() {
    for part in [end_of_root, ends_together, same_id_again, disconnects] {
        part(250_000);
    }
}
