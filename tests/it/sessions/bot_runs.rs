//! The lifetime of bot runs: start, end, and what ends with them.

use azdo_bot::contract::ErrorCode;
use azdo_bot::contract::SessionTarget;
use azdo_bot::contract::TextKind as _;
use azdo_bot::sessions::Sessions;

use crate::sessions::support::ByHand;
use crate::sessions::support::by_handle;
use crate::sessions::support::by_name;
use crate::sessions::support::complete;
use crate::sessions::support::family;
use crate::sessions::support::find;
use crate::sessions::support::global;
use crate::sessions::support::local;
use crate::sessions::support::open;
use crate::sessions::support::reserve_new;
use crate::sessions::support::run;

#[test]
fn the_end_of_a_bot_run_closes_its_local_sessions_newest_first() {
    let sessions = family();
    open(&sessions, "root", &local("Kept"), 0);
    open(&sessions, "child", &local("First"), 1);
    open(&sessions, "child", &global("Shared"), 2);
    open(&sessions, "child", &SessionTarget::Variable, 3);
    let second = open(&sessions, "child", &local("Second"), 4);

    let closed = sessions.end(&run("child")).unwrap();
    let targets: Vec<_> = closed.iter().map(|session| session.target.clone()).collect();
    assert_eq!(targets, [local("Second"), local("First")]);
    assert_eq!((closed[0].handle, &closed[0].audit_id), (second.handle(), &second.audit_id()));
    assert!(second.is_closed());
    assert_eq!(find(&sessions, "root", &by_name("Kept")), Ok(0));
    assert_eq!(find(&sessions, "root", &by_name("Shared")), Ok(2));
}

#[test]
fn the_end_of_the_root_ends_every_descendant_and_closes_everything() {
    let sessions = family();
    sessions.start(&run("grandchild"), Some(&run("child"))).unwrap();
    open(&sessions, "grandchild", &local("Work"), 1);
    open(&sessions, "child", &global("Default"), 2);
    open(&sessions, "sibling", &SessionTarget::Variable, 3);
    let of_other_tree = open(&sessions, "other", &global("Default"), 4);

    let closed = sessions.end(&run("root")).unwrap();
    let targets: Vec<_> = closed.into_iter().map(|session| session.target).collect();
    assert_eq!(targets, [SessionTarget::Variable, global("Default"), local("Work")]);
    for id in ["root", "child", "sibling", "grandchild"] {
        assert_eq!(find(&sessions, id, &by_name("Default")), Err(ErrorCode::BotRunEnded), "{id}");
    }
    assert!(!of_other_tree.is_closed());
    assert_eq!(sessions.in_process(), 1);
}

#[test]
fn the_end_of_a_child_leaves_its_own_children_running() {
    let sessions = family();
    sessions.start(&run("grandchild"), Some(&run("child"))).unwrap();
    open(&sessions, "root", &global("Default"), 1);
    sessions.end(&run("child")).unwrap();
    assert_eq!(find(&sessions, "grandchild", &by_name("Default")), Ok(1));
}

#[test]
fn an_ended_run_stays_ended() {
    let sessions = family();
    let code = |result: Result<(), azdo_bot::contract::Error>| result.unwrap_err().code();
    assert_eq!(sessions.end(&run("never")).unwrap_err().code(), ErrorCode::BotRunUnknown);
    assert_eq!(sessions.enter(&run("never")).unwrap_err().code(), ErrorCode::BotRunUnknown);
    assert_eq!(code(sessions.start(&run("new"), Some(&run("never")))), ErrorCode::BotRunUnknown);

    open(&sessions, "child", &local("Work"), 1);
    assert_eq!(sessions.end(&run("child")).unwrap().len(), 1);
    assert_eq!(sessions.end(&run("child")).unwrap(), []);
    assert_eq!(sessions.enter(&run("child")).unwrap_err().code(), ErrorCode::BotRunEnded);
    assert_eq!(sessions.counts(&run("child")).unwrap_err().code(), ErrorCode::BotRunEnded);
    assert_eq!(find(&sessions, "child", &by_name("Work")), Err(ErrorCode::BotRunEnded));
    assert_eq!(code(sessions.start(&run("new"), Some(&run("child")))), ErrorCode::BotRunEnded);
    assert_eq!(
        sessions.enter(&run("new")).unwrap_err().code(),
        ErrorCode::BotRunUnknown,
        "nothing half-started"
    );

    sessions.end(&run("root")).unwrap();
    assert_eq!(sessions.end(&run("root")).unwrap(), []);
    assert_eq!(sessions.end(&run("sibling")).unwrap(), []);
    assert_eq!(code(sessions.start(&run("new"), Some(&run("root")))), ErrorCode::BotRunEnded);
}

#[test]
fn a_running_id_is_not_started_again() {
    let sessions = family();
    for (id, parent) in
        [("root", None), ("child", Some("root")), ("child", Some("other")), ("other", Some("other"))]
    {
        let refused = sessions.start(&run(id), parent.map(run).as_ref()).unwrap_err();
        assert_eq!(refused.code(), ErrorCode::InputInvalid, "{id}");
    }
}

#[test]
fn a_reused_id_shares_nothing_with_the_run_before() {
    let sessions = family();
    let named = open(&sessions, "root", &global("Default"), 1);
    let work = open(&sessions, "child", &local("Work"), 2);

    sessions.end(&run("child")).unwrap();
    sessions.start(&run("child"), Some(&run("root"))).unwrap();
    assert_eq!(find(&sessions, "child", &by_name("Work")), Err(ErrorCode::SessionNotFound));
    assert_eq!(find(&sessions, "child", &by_handle(work.handle())), Err(ErrorCode::SessionNotFound));
    assert_eq!(find(&sessions, "child", &by_name("Default")), Ok(1), "the tree's is still there");

    sessions.end(&run("root")).unwrap();
    sessions.start(&run("root"), None).unwrap();
    assert_eq!(find(&sessions, "root", &by_name("Default")), Err(ErrorCode::SessionNotFound));
    assert_eq!(find(&sessions, "root", &by_handle(named.handle())), Err(ErrorCode::SessionNotFound));
    assert_eq!(sessions.enter(&run("child")).unwrap_err().code(), ErrorCode::BotRunEnded);
    sessions.start(&run("child"), Some(&run("other"))).unwrap();
    assert!(sessions.enter(&run("child")).is_ok(), "a child's id may come back in another tree");
}

#[test]
fn the_end_of_a_run_cancels_its_calls() {
    let sessions = family();
    let entered = ["root", "child", "sibling"].map(|id| sessions.enter(&run(id)).unwrap());
    let work = open(&sessions, "child", &local("Work"), 1);
    let mut closed = ByHand::new(work.closed());
    assert!(closed.poll().is_none());

    sessions.end(&run("child")).unwrap();
    assert!(closed.was_woken() && closed.poll().is_some());
    assert_eq!(entered.each_ref().map(|run| run.ended.is_cancelled()), [false, true, false]);
    sessions.end(&run("root")).unwrap();
    assert_eq!(entered.each_ref().map(|run| run.ended.is_cancelled()), [true, true, true]);
}

#[test]
fn a_run_that_ends_during_its_connect_gets_no_session() {
    for (id, target) in
        [("child", local("Work")), ("child", global("Default")), ("child", SessionTarget::Variable)]
    {
        for ends in ["child", "root"] {
            let sessions = family();
            let reservation = reserve_new(&sessions, id, &target);
            sessions.end(&run(ends)).unwrap();
            // Even if the id is in use again.
            sessions.start(&run("child"), Some(&run("other"))).unwrap();
            assert_eq!(complete(reservation, 1).unwrap_err().code(), ErrorCode::Cancelled, "{target:?}");
            assert_eq!(sessions.in_process(), 0);
        }
    }
}

#[test]
fn a_run_started_again_in_the_same_tree_does_not_inherit_a_connect() {
    let sessions = family();
    let reservation = reserve_new(&sessions, "child", &local("Work"));
    sessions.end(&run("child")).unwrap();
    sessions.start(&run("child"), Some(&run("root"))).unwrap();
    let anew = reserve_new(&sessions, "child", &local("Work"));
    assert_eq!(complete(reservation, 1).unwrap_err().code(), ErrorCode::Cancelled);
    complete(anew, 2).unwrap();
    assert_eq!(find(&sessions, "child", &by_name("Work")), Ok(2));
}

#[test]
fn bot_runs_of_a_tree_share_their_secrets_and_trees_do_not() {
    let sessions = family();
    let token: String = ["remembered", "in", "one", "tree"].concat();
    let masker = |id: &str| sessions.enter(&run(id)).unwrap().masker;
    masker("child").remember(&azdo_bot::contract::Secret::new(token.clone()));
    assert_eq!(masker("root").mask(&token), "********");
    assert_eq!(masker("other").mask(&token), token);
}

#[test]
fn ten_thousand_ended_runs_are_remembered() {
    let sessions: Sessions<u32> = Sessions::new();
    for number in 0..10_001 {
        let id = run(&format!("r{number}"));
        sessions.start(&id, None).unwrap();
        sessions.end(&id).unwrap();
    }
    assert_eq!(sessions.enter(&run("r0")).unwrap_err().code(), ErrorCode::BotRunUnknown);
    assert_eq!(sessions.enter(&run("r1")).unwrap_err().code(), ErrorCode::BotRunEnded);
    assert_eq!(sessions.enter(&run("r10000")).unwrap_err().code(), ErrorCode::BotRunEnded);
}

#[test]
fn the_ids_of_bot_runs_are_only_names() {
    let sessions: Sessions<u32> = Sessions::new();
    for id in ["1", "01", "../1", "__proto__", "1 ", "r\u{e9}", "re\u{301}"] {
        let id = azdo_bot::contract::BotRunId::parse(id).unwrap();
        sessions.start(&id, None).unwrap();
    }
}

// A child that starts while its root ends is ended with it, or never was
#[test]
fn no_child_survives_the_end_of_its_root() {
    let sessions: Sessions<u32> = Sessions::new();
    for round in 0..200 {
        let root = run(&format!("root {round}"));
        let children: Vec<_> = (0..8).map(|number| run(&format!("child {round} {number}"))).collect();
        sessions.start(&root, None).unwrap();
        std::thread::scope(|scope| {
            scope.spawn(|| {
                for child in &children {
                    // Rejected once the root has ended.
                    let _ = sessions.start(child, Some(&root));
                }
            });
            scope.spawn(|| sessions.end(&root).map(drop));
        });
        for child in &children {
            let code = sessions.enter(child).unwrap_err().code();
            assert!(matches!(code, ErrorCode::BotRunEnded | ErrorCode::BotRunUnknown), "{code}");
        }
    }
}
