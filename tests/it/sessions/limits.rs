//! The limits on sessions, and that every way to end a session releases its permit.

use azdo_bot::contract::ErrorCode;
use azdo_bot::contract::SessionTarget;
use azdo_bot::sessions::Counts;
use azdo_bot::sessions::IfSessionExists;
use azdo_bot::sessions::Reserved;
use azdo_bot::sessions::SessionLimits;
use azdo_bot::sessions::Sessions;

use crate::sessions::support::by_handle;
use crate::sessions::support::by_name;
use crate::sessions::support::close;
use crate::sessions::support::complete;
use crate::sessions::support::local;
use crate::sessions::support::open;
use crate::sessions::support::reserve;
use crate::sessions::support::reserve_new;
use crate::sessions::support::run;

fn limited(per_tree: usize, per_process: usize) -> Sessions<u32> {
    let sessions = Sessions::with_limits(SessionLimits { per_tree, per_process, per_run: None });
    for id in ["one", "two"] {
        sessions.start(&run(id), None).expect("it was never started");
    }
    sessions
}

fn refusal(sessions: &Sessions<u32>, id: &str) -> Option<ErrorCode> {
    let target = SessionTarget::Variable;
    reserve(sessions, id, &target, IfSessionExists::Error).err().map(|error| error.code())
}

#[test]
fn a_tree_has_a_maximum_of_sessions_including_those_being_connected() {
    let sessions = limited(2, 10);
    let connecting = reserve_new(&sessions, "one", &local("A"));
    let session = open(&sessions, "one", &SessionTarget::Variable, 1);
    assert_eq!(refusal(&sessions, "one"), Some(ErrorCode::LimitExceeded));
    assert_eq!(refusal(&sessions, "two"), None, "another tree has its own limit");

    drop(connecting);
    assert_eq!(refusal(&sessions, "one"), None);
    open(&sessions, "one", &local("A"), 2);
    assert_eq!(refusal(&sessions, "one"), Some(ErrorCode::LimitExceeded));
    assert_eq!(close(&sessions, "one", &by_handle(session.handle())), None);
    assert_eq!(refusal(&sessions, "one"), None);
}

#[test]
fn the_process_has_a_maximum_of_sessions() {
    let sessions = limited(10, 2);
    open(&sessions, "one", &local("A"), 1);
    open(&sessions, "two", &local("A"), 2);
    assert_eq!(refusal(&sessions, "one"), Some(ErrorCode::LimitExceeded));
    sessions.end(&run("two")).unwrap();
    assert_eq!(refusal(&sessions, "one"), None);
}

// A Connect in a loop without a Disconnect
#[test]
fn the_default_limit_of_a_tree_is_a_thousand() {
    let sessions: Sessions<u32> = Sessions::new();
    sessions.start(&run("one"), None).unwrap();
    for number in 0..1_000 {
        open(&sessions, "one", &SessionTarget::Variable, number);
    }
    assert_eq!(refusal(&sessions, "one"), Some(ErrorCode::LimitExceeded));
    assert_eq!(sessions.end(&run("one")).unwrap().len(), 1_000);
    assert_eq!(sessions.in_process(), 0);
}

#[test]
fn every_way_to_end_releases_the_permit() {
    let sessions = limited(10, 10);
    sessions.start(&run("child"), Some(&run("one"))).unwrap();
    open(&sessions, "one", &local("Replaced"), 1);
    match reserve(&sessions, "one", &local("Replaced"), IfSessionExists::Replace).unwrap() {
        Reserved::New(replacing) => drop(complete(replacing, 2).unwrap()),
        other => panic!("{other:?} was to be replaced"),
    }
    assert_eq!(sessions.in_process(), 1);
    drop(reserve_new(&sessions, "one", &local("Given back")));
    open(&sessions, "child", &local("Ended"), 3);
    assert_eq!(sessions.in_process(), 2);
    sessions.end(&run("child")).unwrap();
    assert_eq!(close(&sessions, "one", &by_name("Replaced")), None);
    assert_eq!(sessions.in_process(), 0);
    assert_eq!(sessions.counts(&run("one")).unwrap(), Counts { opened: 3, closed: 3 });
    assert_eq!(sessions.counts(&run("two")).unwrap(), Counts { opened: 0, closed: 0 });
}
