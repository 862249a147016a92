//! Concurrent Connects: which one gets the name, which ones wait, and that all that wait are woken.

use azdo_bot::contract::ErrorCode;
use azdo_bot::sessions::IfSessionExists;
use azdo_bot::sessions::Reserved;

use crate::sessions::support::ByHand;
use crate::sessions::support::by_name;
use crate::sessions::support::close;
use crate::sessions::support::complete;
use crate::sessions::support::family;
use crate::sessions::support::find;
use crate::sessions::support::global;
use crate::sessions::support::local;
use crate::sessions::support::open;
use crate::sessions::support::reserve;
use crate::sessions::support::reserve_new;
use crate::sessions::support::run;

#[test]
fn of_two_concurrent_connects_one_succeeds_and_the_other_fails_immediately() {
    let sessions = family();
    let winner = reserve_new(&sessions, "child", &global("Default"));
    for if_exists in [IfSessionExists::Error, IfSessionExists::Replace] {
        let refused = reserve(&sessions, "sibling", &global("Default"), if_exists).unwrap_err();
        assert_eq!(refused.code(), ErrorCode::SessionNameInUse);
    }
    assert_eq!(find(&sessions, "sibling", &by_name("Default")), Err(ErrorCode::SessionNotFound));
    complete(winner, 1).unwrap();
    assert_eq!(find(&sessions, "sibling", &by_name("Default")), Ok(1));
}

#[test]
fn with_reuse_the_second_connect_waits_for_the_first_and_uses_its_session() {
    let sessions = family();
    let (id, target) = (run("root"), local("Default"));
    let first = reserve_new(&sessions, "root", &target);
    let mut second = ByHand::new(sessions.reserve(&id, &target, IfSessionExists::Reuse));
    assert!(second.poll().is_none());
    let session = complete(first, 1).unwrap();
    assert!(second.was_woken());
    match second.poll() {
        Some(Ok(Reserved::Existing(same))) => assert_eq!(same.handle(), session.handle()),
        other => panic!("{other:?}"),
    }
}

// A Connect that is dropped is one that was cancelled
#[test]
fn when_the_first_connect_fails_one_of_the_waiting_ones_continues() {
    let sessions = family();
    let (child, sibling, target) = (run("child"), run("sibling"), global("Default"));
    let first = reserve_new(&sessions, "root", &target);
    let mut second = ByHand::new(sessions.reserve(&child, &target, IfSessionExists::Reuse));
    let mut third = ByHand::new(sessions.reserve(&sibling, &target, IfSessionExists::Reuse));
    assert!(second.poll().is_none() && third.poll().is_none());
    drop(first);
    assert!(second.was_woken() && third.was_woken());
    let Some(Ok(Reserved::New(reservation))) = second.poll() else { panic!("the name is free") };
    assert!(third.poll().is_none());
    complete(reservation, 2).unwrap();
    assert!(matches!(third.poll(), Some(Ok(Reserved::Existing(session))) if *session.connection() == 2));
}

#[test]
fn reuse_waits_for_a_replacement_in_progress() {
    let sessions = family();
    let (id, target) = (run("root"), local("Default"));
    open(&sessions, "root", &target, 1);
    for (connection, then) in [(None, 1), (Some(2), 2)] {
        let replacing = reserve(&sessions, "root", &target, IfSessionExists::Replace).unwrap();
        let Reserved::New(replacing) = replacing else { panic!("a replacement is a new session") };
        let mut waiting = ByHand::new(sessions.reserve(&id, &target, IfSessionExists::Reuse));
        assert!(waiting.poll().is_none());
        match connection {
            Some(connection) => drop(complete(replacing, connection).unwrap()),
            None => drop(replacing),
        }
        assert!(
            matches!(waiting.poll(), Some(Ok(Reserved::Existing(session))) if *session.connection() == then)
        );
    }
}

#[test]
fn the_session_being_replaced_can_be_closed_meanwhile() {
    let sessions = family();
    open(&sessions, "root", &local("Default"), 1);
    let replacing = reserve(&sessions, "root", &local("Default"), IfSessionExists::Replace).unwrap();
    let Reserved::New(replacing) = replacing else { panic!("a replacement is a new session") };
    assert_eq!(close(&sessions, "root", &by_name("Default")), None);
    complete(replacing, 2).unwrap();
    assert_eq!(find(&sessions, "root", &by_name("Default")), Ok(2));
}

#[test]
fn a_waiting_connect_whose_run_ends_is_woken() {
    let sessions = family();
    let (sibling, target) = (run("sibling"), global("Default"));
    let first = reserve_new(&sessions, "child", &target);
    let mut waiting = ByHand::new(sessions.reserve(&sibling, &target, IfSessionExists::Reuse));
    assert!(waiting.poll().is_none());
    sessions.end(&sibling).unwrap();
    assert!(waiting.was_woken());
    assert_eq!(waiting.poll().unwrap().unwrap_err().code(), ErrorCode::Cancelled);
    complete(first, 1).unwrap();
}

// The name is free as soon as the run has ended, not only when its Connect has noticed
#[test]
fn a_run_that_ends_releases_its_global_name_immediately() {
    let sessions = family();
    let (sibling, target) = (run("sibling"), global("Default"));
    let first = reserve_new(&sessions, "child", &target);
    let mut waiting = ByHand::new(sessions.reserve(&sibling, &target, IfSessionExists::Reuse));
    assert!(waiting.poll().is_none());
    sessions.end(&run("child")).unwrap();
    assert!(waiting.was_woken());
    let Some(Ok(Reserved::New(second))) = waiting.poll() else { panic!("the name is free") };
    assert_eq!(complete(first, 1).unwrap_err().code(), ErrorCode::Cancelled);
    complete(second, 2).unwrap();
    assert_eq!(find(&sessions, "root", &by_name("Default")), Ok(2));
}

#[test]
fn names_are_reserved_only_in_their_own_scope() {
    let sessions = family();
    let _taken = [
        reserve_new(&sessions, "root", &local("Default")),
        reserve_new(&sessions, "child", &local("Default")),
        reserve_new(&sessions, "root", &global("Default")),
        reserve_new(&sessions, "other", &global("Default")),
    ];
}

#[test]
fn disconnect_closes_the_session_for_all_calls() {
    let sessions = family();
    let shared = open(&sessions, "root", &global("Default"), 1);
    let held = sessions.find(&run("sibling"), &by_name("Default")).unwrap();
    let mut work = ByHand::new(held.closed());
    assert!(work.poll().is_none() && !held.is_closed());
    assert_eq!(close(&sessions, "child", &by_name("Default")), None);
    assert!(held.is_closed() && work.was_woken() && work.poll().is_some());
    assert_eq!(shared.closed_error().code(), ErrorCode::SessionClosed);
}

// Threads that race for one name; exactly one wins each round
#[test]
fn one_of_many_threads_gets_the_name() {
    let sessions = family();
    for round in 0..200 {
        let wins: usize = std::thread::scope(|scope| {
            let race = |id: &'static str| {
                let sessions = &sessions;
                scope.spawn(move || {
                    let target = global("Default");
                    match reserve(sessions, id, &target, IfSessionExists::Error) {
                        Ok(Reserved::New(reservation)) => complete(reservation, round).map(|_| 1).unwrap(),
                        Ok(other) => panic!("{other:?}"),
                        Err(error) => {
                            assert_eq!(error.code(), ErrorCode::SessionNameInUse);
                            0
                        }
                    }
                })
            };
            let threads = ["root", "child", "sibling"].map(race);
            threads.into_iter().map(|thread| thread.join().expect("no thread panics")).sum()
        });
        assert_eq!(wins, 1);
        assert_eq!(close(&sessions, "root", &by_name("Default")), None);
    }
}
