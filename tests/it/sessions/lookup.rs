//! Lookup of sessions: scopes, names, handles, trees.

use std::collections::HashSet;

use azdo_bot::contract::ErrorCode;
use azdo_bot::contract::SessionHandle;
use azdo_bot::contract::SessionTarget;
use azdo_bot::sessions::IfSessionExists;
use azdo_bot::sessions::Reserved;

use crate::sessions::support::by_handle;
use crate::sessions::support::by_name;
use crate::sessions::support::close;
use crate::sessions::support::complete;
use crate::sessions::support::disconnect;
use crate::sessions::support::family;
use crate::sessions::support::find;
use crate::sessions::support::global;
use crate::sessions::support::local;
use crate::sessions::support::open;
use crate::sessions::support::reserve;
use crate::sessions::support::run;

const NOT_FOUND: Result<u32, ErrorCode> = Err(ErrorCode::SessionNotFound);
const CLOSED: Result<u32, ErrorCode> = Err(ErrorCode::SessionClosed);

#[test]
fn a_local_session_is_found_only_by_its_own_bot_run() {
    let sessions = family();
    let mine = open(&sessions, "root", &local("Work"), 1);
    open(&sessions, "child", &local("Work"), 2);
    assert_eq!(find(&sessions, "root", &by_name("Work")), Ok(1));
    assert_eq!(find(&sessions, "child", &by_name("Work")), Ok(2));
    assert_eq!(find(&sessions, "root", &by_handle(mine.handle())), Ok(1));
    for other_run in ["sibling", "other"] {
        assert_eq!(find(&sessions, other_run, &by_name("Work")), NOT_FOUND, "{other_run}");
        assert_eq!(find(&sessions, other_run, &by_handle(mine.handle())), NOT_FOUND, "{other_run}");
        assert_eq!(close(&sessions, other_run, &by_handle(mine.handle())), Some(ErrorCode::SessionNotFound));
    }
    assert_eq!(find(&sessions, "child", &by_handle(mine.handle())), NOT_FOUND);
}

#[test]
fn a_global_session_is_found_by_parents_children_and_siblings() {
    let sessions = family();
    let shared = open(&sessions, "child", &global("Default"), 1);
    sessions.start(&run("grandchild"), Some(&run("sibling"))).unwrap();
    for relative in ["root", "child", "sibling", "grandchild"] {
        assert_eq!(find(&sessions, relative, &by_name("Default")), Ok(1), "{relative}");
        assert_eq!(find(&sessions, relative, &by_handle(shared.handle())), Ok(1), "{relative}");
    }
}

// Its owner is the tree, not the bot run that opened it
#[test]
fn a_global_session_outlives_the_child_that_opened_it() {
    let sessions = family();
    let shared = open(&sessions, "child", &global("Default"), 1);
    assert_eq!(sessions.end(&run("child")).unwrap(), []);
    assert_eq!(find(&sessions, "root", &by_name("Default")), Ok(1));
    assert!(!shared.is_closed());
}

#[test]
fn another_tree_gets_the_same_error_as_without_a_session() {
    let sessions = family();
    let shared = open(&sessions, "root", &global("Default"), 1);
    let in_variable = open(&sessions, "root", &SessionTarget::Variable, 2);
    let closed = open(&sessions, "root", &SessionTarget::Variable, 3);
    assert_eq!(close(&sessions, "root", &by_handle(closed.handle())), None);

    let answer = |reference| format!("{:?}", sessions.find(&run("other"), &reference).unwrap_err());
    let never = answer(by_handle(SessionHandle::from_bytes([7; 16])));
    for handle in [shared.handle(), in_variable.handle(), closed.handle()] {
        assert_eq!(answer(by_handle(handle)), never);
        let refused = disconnect(&sessions, "other", &by_handle(handle)).unwrap_err();
        assert_eq!(format!("{refused:?}"), never);
    }
    assert_eq!(answer(by_name("Default")).replace("Default", "Dfeault"), answer(by_name("Dfeault")));

    open(&sessions, "other", &global("Default"), 9);
    assert_eq!(find(&sessions, "other", &by_name("Default")), Ok(9));
    assert_eq!(find(&sessions, "root", &by_name("Default")), Ok(1));
}

#[test]
fn a_session_in_a_variable_has_no_name_and_belongs_to_the_tree() {
    let sessions = family();
    let session = open(&sessions, "child", &SessionTarget::Variable, 1);
    open(&sessions, "child", &SessionTarget::Variable, 2);
    assert_eq!(find(&sessions, "child", &by_name("Default")), NOT_FOUND);
    assert_eq!(find(&sessions, "sibling", &by_handle(session.handle())), Ok(1));
    assert_eq!(sessions.end(&run("child")).unwrap(), []);
    assert_eq!(find(&sessions, "root", &by_handle(session.handle())), Ok(1));
    assert_eq!(close(&sessions, "root", &by_handle(session.handle())), None);
    assert_eq!(find(&sessions, "sibling", &by_handle(session.handle())), CLOSED);
}

#[test]
fn a_local_name_hides_a_global_one_until_it_is_closed() {
    let sessions = family();
    open(&sessions, "root", &global("Default"), 1);
    open(&sessions, "root", &local("Default"), 2);
    assert_eq!(find(&sessions, "root", &by_name("Default")), Ok(2));
    assert_eq!(find(&sessions, "child", &by_name("Default")), Ok(1));
    assert_eq!(close(&sessions, "root", &by_name("Default")), None);
    assert_eq!(find(&sessions, "root", &by_name("Default")), Ok(1));
}

#[test]
fn an_open_name_is_rejected_reused_or_replaced() {
    for (target, opener) in [(local("Default"), "root"), (global("Default"), "child")] {
        let sessions = family();
        let first = open(&sessions, opener, &target, 1);

        let refused = reserve(&sessions, "root", &target, IfSessionExists::Error).unwrap_err();
        assert_eq!(refused.code(), ErrorCode::SessionNameInUse);

        let reused = reserve(&sessions, "root", &target, IfSessionExists::Reuse).unwrap();
        assert!(matches!(reused, Reserved::Existing(session) if session.handle() == first.handle()));

        let replacing = reserve(&sessions, "root", &target, IfSessionExists::Replace).unwrap();
        let Reserved::New(replacing) = replacing else { panic!("a replacement is a new session") };
        assert_eq!(
            find(&sessions, "root", &by_name("Default")),
            Ok(1),
            "still open while the new one connects"
        );
        let second = complete(replacing, 2).unwrap();
        assert!(first.is_closed() && !second.is_closed());
        assert_ne!(first.handle(), second.handle());
        assert_eq!(find(&sessions, "root", &by_name("Default")), Ok(2));
        assert_eq!(find(&sessions, opener, &by_handle(first.handle())), CLOSED);
    }
}

#[test]
fn a_replacement_that_fails_leaves_the_open_session() {
    let sessions = family();
    let first = open(&sessions, "root", &local("Default"), 1);
    drop(reserve(&sessions, "root", &local("Default"), IfSessionExists::Replace).unwrap());
    assert_eq!(find(&sessions, "root", &by_name("Default")), Ok(1));
    assert!(!first.is_closed());
}

#[test]
fn unknown_and_closed_are_different_errors_until_the_name_is_opened_again() {
    let sessions = family();
    let shared = open(&sessions, "root", &global("Default"), 1);
    assert_eq!(close(&sessions, "child", &by_name("Default")), None, "any bot of the tree may close it");
    assert!(shared.is_closed());
    for id in ["root", "child", "sibling"] {
        assert_eq!(find(&sessions, id, &by_name("Default")), CLOSED);
        assert_eq!(close(&sessions, id, &by_name("Default")), Some(ErrorCode::SessionClosed));
        assert_eq!(close(&sessions, id, &by_name("Other")), Some(ErrorCode::SessionNotFound));
    }
    open(&sessions, "sibling", &global("Default"), 2);
    assert_eq!(find(&sessions, "root", &by_name("Default")), Ok(2));
    assert_eq!(find(&sessions, "root", &by_handle(shared.handle())), CLOSED);
}

#[test]
fn the_latest_thousand_closed_names_are_remembered() {
    let sessions = family();
    for number in 0..1_001 {
        let name = format!("Session {number}");
        open(&sessions, "root", &local(&name), number);
        assert_eq!(close(&sessions, "root", &by_name(&name)), None);
    }
    assert_eq!(find(&sessions, "root", &by_name("Session 0")), NOT_FOUND);
    assert_eq!(find(&sessions, "root", &by_name("Session 1")), CLOSED);
    assert_eq!(find(&sessions, "root", &by_name("Session 1000")), CLOSED);
}

#[test]
fn names_are_compared_after_normalization() {
    let sessions = family();
    open(&sessions, "root", &local("caf\u{e9}"), 1);
    assert_eq!(find(&sessions, "root", &by_name("cafe\u{301}")), Ok(1));
    for other in ["Caf\u{e9}", "cafe", "__proto__", "../caf\u{e9}", "root:caf\u{e9}", "*", "🎉"] {
        assert_eq!(find(&sessions, "root", &by_name(other)), NOT_FOUND, "{other}");
        open(&sessions, "root", &local(other), 2);
        assert_eq!(find(&sessions, "root", &by_name(other)), Ok(2), "{other}");
    }
    assert_eq!(find(&sessions, "root", &by_name("caf\u{e9}")), Ok(1));
}

// Handles are minted here, no caller has a say in them, and none is met by guessing
#[test]
fn guessed_handles_find_nothing() {
    let sessions = family();
    let opened: Vec<_> =
        (0..500).map(|number| open(&sessions, "root", &SessionTarget::Variable, number)).collect();
    let handles: HashSet<_> = opened.iter().map(|session| session.handle()).collect();
    assert_eq!(handles.len(), opened.len());
    for session in opened.iter().take(100) {
        // All handles that differ from a valid one in one byte.
        for at in 0..16 {
            for change in 1..=63 {
                let mut guess = *session.handle().as_bytes();
                guess[at] ^= change;
                let guess = SessionHandle::from_bytes(guess);
                assert_eq!(find(&sessions, "root", &by_handle(guess)), NOT_FOUND);
            }
        }
    }
}

#[test]
fn the_open_sessions_of_a_bot_run_are_listed_in_their_order() {
    let sessions = family();
    let listed = |id: &str| -> Vec<u32> {
        let open = sessions.open(&run(id)).expect("it is running");
        open.iter().map(|session| *session.connection()).collect()
    };
    assert!(listed("root").is_empty());
    open(&sessions, "root", &local("Work"), 1);
    open(&sessions, "child", &global("Shared"), 2);
    open(&sessions, "child", &local("Work"), 3);
    open(&sessions, "root", &SessionTarget::Variable, 4);
    open(&sessions, "other", &global("Shared"), 5);
    assert_eq!((listed("root"), listed("child"), listed("other")), (vec![1, 2, 4], vec![2, 3, 4], vec![5]));
    close(&sessions, "root", &by_name("Shared"));
    assert_eq!(listed("root"), [1, 4]);
    sessions.end(&run("child")).expect("it was running");
    assert_eq!(sessions.open(&run("child")).unwrap_err().code(), ErrorCode::BotRunEnded);
}
