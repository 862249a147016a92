//! Sessions that no action uses are closed after the idle limit, and no other ones.

use std::time::Duration;

use azdo_bot::contract::ErrorCode;
use azdo_bot::contract::SessionTarget;

use crate::sessions::support::by_handle;
use crate::sessions::support::by_name;
use crate::sessions::support::family;
use crate::sessions::support::find;
use crate::sessions::support::local;
use crate::sessions::support::open;
use crate::sessions::support::run;

const HOUR: Duration = Duration::from_secs(3600);
const LIMIT: Duration = Duration::from_secs(8 * 3600);

#[tokio::test(start_paused = true)]
async fn a_session_without_an_action_for_the_limit_is_closed_and_says_why() {
    let sessions = family();
    let kept = open(&sessions, "child", &SessionTarget::Variable, 1);
    open(&sessions, "root", &local("Work"), 2);
    tokio::time::advance(LIMIT - HOUR).await;
    drop(sessions.find_for_use(&run("child"), &by_handle(kept.handle())).expect("it is open"));
    assert_eq!(sessions.close_idle(LIMIT), 0, "an hour is left");

    tokio::time::advance(HOUR).await;
    assert_eq!(sessions.close_idle(LIMIT), 1);
    assert_eq!(find(&sessions, "child", &by_handle(kept.handle())), Ok(1), "an action used it an hour ago");
    let error = sessions.find(&run("root"), &by_name("Work")).expect_err("it is closed");
    assert_eq!(error.code(), ErrorCode::SessionClosed);
    assert_eq!(error.message(), "The session \"Work\" was closed since no action used it for 8h");
    assert_eq!(sessions.in_process(), 1);
    open(&sessions, "root", &local("Work"), 3);
}

#[tokio::test(start_paused = true)]
async fn a_session_in_use_is_not_idle_however_long_its_action_takes() {
    let sessions = family();
    let session = open(&sessions, "root", &SessionTarget::Variable, 1);
    let waiting = sessions.find_for_use(&run("root"), &by_handle(session.handle())).expect("it is open");
    tokio::time::advance(10 * LIMIT).await;
    assert_eq!(sessions.close_idle(LIMIT), 0);
    drop(waiting);
    assert_eq!(sessions.close_idle(LIMIT), 0, "the time begins with the end of the action");
    tokio::time::advance(LIMIT).await;
    assert_eq!(sessions.close_idle(LIMIT), 1);
    assert!(session.is_closed());
}
