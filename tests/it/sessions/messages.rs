//! The messages about sessions and bot runs, as the bot's author reads them.

use azdo_bot::contract::Error;
use azdo_bot::contract::SessionHandle;
use azdo_bot::contract::SessionTarget;
use azdo_bot::sessions::IfSessionExists;
use azdo_bot::sessions::Reserved;
use azdo_bot::sessions::SessionLimits;
use azdo_bot::sessions::Sessions;
use insta::assert_snapshot;

use crate::sessions::support::by_handle;
use crate::sessions::support::by_name;
use crate::sessions::support::close;
use crate::sessions::support::complete;
use crate::sessions::support::family;
use crate::sessions::support::global;
use crate::sessions::support::local;
use crate::sessions::support::open;
use crate::sessions::support::reserve;
use crate::sessions::support::reserve_new;
use crate::sessions::support::run;

fn words(error: &Error) -> String {
    format!("{error}\n{}", error.help_text())
}

fn not_found(sessions: &Sessions<u32>, id: &str, name: &str) -> String {
    words(&sessions.find(&run(id), &by_name(name)).expect_err("it is not open"))
}

#[test]
fn a_name_that_never_existed() {
    let sessions = family();
    assert_snapshot!(not_found(&sessions, "child", "Archive"), @r#"
        session.not_found: There is no session "Archive" in this bot run or its run tree; no named session is open here
        Connect first, or correct the name. Only the bot that opened a local session can use it; to share one, connect to a global session or into a session variable.
        "#);

    open(&sessions, "root", &local("Archive"), 1);
    open(&sessions, "root", &global("Release"), 2);
    open(&sessions, "child", &local("Work"), 3);
    open(&sessions, "child", &local("Release"), 4);
    open(&sessions, "other", &global("Archive"), 5);
    assert_snapshot!(not_found(&sessions, "child", "Archive"), @r#"
        session.not_found: There is no session "Archive" in this bot run or its run tree; open here: global "Release", local "Release", local "Work"
        Connect first, or correct the name. Only the bot that opened a local session can use it; to share one, connect to a global session or into a session variable.
        "#);
    assert_snapshot!(not_found(&sessions, "child", "Relaese"), @r#"
        session.not_found: There is no session "Relaese" in this bot run or its run tree; open here: global "Release", local "Release", local "Work"
        Did you mean "Release"? Otherwise connect first. Only the bot that opened a local session can use it; to share one, connect to a global session or into a session variable.
        "#);
}

#[test]
fn a_long_list_is_cut_and_a_control_character_is_escaped() {
    let sessions = family();
    for number in 10..22 {
        open(&sessions, "root", &local(&format!("Session {number}")), number);
    }
    open(&sessions, "root", &local("A \u{202e}turned\" name"), 1);
    assert_snapshot!(not_found(&sessions, "root", "Session 9\u{202e}"), @r#"
        session.not_found: There is no session "Session 9\u202e" in this bot run or its run tree; open here: local "A \u202eturned" name", local "Session 10", local "Session 11", local "Session 12", local "Session 13", local "Session 14", local "Session 15", local "Session 16", local "Session 17", local "Session 18" and 3 more
        Did you mean "Session 10"? Otherwise connect first. Only the bot that opened a local session can use it; to share one, connect to a global session or into a session variable.
        "#);
}

#[test]
fn a_handle_of_another_tree() {
    let sessions = family();
    let error = sessions.find(&run("root"), &by_handle(SessionHandle::from_bytes([1; 16]))).unwrap_err();
    assert_snapshot!(words(&error), @r#"
        session.not_found: The session variable holds no session of this run tree
        Connect into the variable first, in this bot, its parent or a child; a session of another run tree or of an earlier run is never found.
        "#);
}

#[test]
fn a_closed_session_names_the_bot_run_and_how() {
    let sessions = family();
    let disconnected = open(&sessions, "root", &global("Default"), 1);
    assert_eq!(close(&sessions, "child", &by_name("Default")), None);
    assert_snapshot!(not_found(&sessions, "root", "Default"), @r#"
        session.closed: The session "Default" was closed by bot run "child" with Disconnect
        Connect again, or move the action before the Disconnect.
        "#);
    let by_variable = sessions.find(&run("root"), &by_handle(disconnected.handle())).unwrap_err();
    assert_snapshot!(by_variable, @r#"session.closed: The session in the session variable was closed by bot run "child" with Disconnect"#);
    assert_snapshot!(disconnected.closed_error(), @r#"session.closed: The global session "Default" was closed by bot run "child" with Disconnect"#);

    let replaced = open(&sessions, "root", &local("Default"), 2);
    if let Reserved::New(new) =
        reserve(&sessions, "root", &local("Default"), IfSessionExists::Replace).unwrap()
    {
        complete(new, 3).unwrap();
    }
    assert_snapshot!(replaced.closed_error(), @r#"session.closed: The local session "Default" was closed by bot run "root" with a Connect that replaced it"#);

    let ended = open(&sessions, "child", &SessionTarget::Variable, 4);
    sessions.end(&run("root")).unwrap();
    assert_snapshot!(ended.closed_error(), @r#"session.closed: The session in a variable was closed when bot run "root" ended"#);
}

#[test]
fn a_name_in_use() {
    let sessions = family();
    open(&sessions, "child", &global("Default"), 1);
    let refusal = |target| words(&reserve(&sessions, "root", &target, IfSessionExists::Error).unwrap_err());
    assert_snapshot!(refusal(global("Default")), @r#"
        session.name_in_use: The global session "Default" is already open; bot run "child" opened it
        Disconnect it first, use another name, or set `ifSessionExists` to REUSE or REPLACE.
        "#);
    let _connecting = reserve_new(&sessions, "root", &local("Default"));
    assert_snapshot!(refusal(local("Default")), @r#"
        session.name_in_use: The local session "Default" is being connected by bot run "root"
        Use another name, or set `ifSessionExists` to REUSE, which waits for that Connect.
        "#);
}

#[test]
fn bot_runs_that_are_unknown_running_or_ended() {
    let sessions = family();
    assert_snapshot!(words(&sessions.enter(&run("r\u{202e}7")).unwrap_err()), @r#"
        bot_run.unknown: No bot run "r\u202e7" was started
        Start the bot run before its first action.
        "#);
    assert_snapshot!(words(&sessions.start(&run("root"), None).unwrap_err()), @r#"
        input.invalid: Bot run "root" is already running
        Use a unique id for every bot run, or end the earlier one first.
        "#);
    let reservation = reserve_new(&sessions, "child", &local("Default"));
    sessions.end(&run("child")).unwrap();
    assert_snapshot!(words(&sessions.enter(&run("child")).unwrap_err()), @r#"
        bot_run.ended: Bot run "child" has ended
        Start a new bot run; a child cannot outlive its root.
        "#);
    assert_snapshot!(words(&complete(reservation, 1).unwrap_err()), @r#"
        cancelled: Bot run "child" ended during Connect; no session was opened
        No action is needed; the message says whether the service may have carried out the request.
        "#);
}

#[test]
fn limits_that_are_exceeded() {
    let sessions: Sessions<u32> =
        Sessions::with_limits(SessionLimits { per_tree: 1, per_process: 2, per_run: None });
    for id in ["one", "two", "three"] {
        sessions.start(&run(id), None).unwrap();
    }
    open(&sessions, "one", &SessionTarget::Variable, 1);
    open(&sessions, "two", &SessionTarget::Variable, 2);
    let refusal =
        |id| words(&reserve(&sessions, id, &SessionTarget::Variable, IfSessionExists::Error).unwrap_err());
    assert_snapshot!(refusal("one"), @r#"
        limit.exceeded: This run tree has as many sessions as it may, open or being connected: 1
        Disconnect sessions that are not needed; a Connect inside a loop may be missing its Disconnect.
        "#);
    assert_snapshot!(refusal("three"), @r#"
        limit.exceeded: This process has as many sessions as it may, open or being connected: 2
        Try again when other bot runs have ended, or ask the operator to run fewer at a time.
        "#);
}
