//! The errors about sessions and bot runs, one for each reason.

use std::fmt;
use std::fmt::Write as _;

use crate::contract::BotRunId;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::PolicyRule;
use crate::contract::SessionName;
use crate::contract::SessionReference;
use crate::contract::SessionTarget;
use crate::contract::counted;
use crate::contract::nearest;
use crate::contract::printable;
use crate::sessions::closure::Closure;
use crate::sessions::run_id_text::quoted;

/// The maximum number of open sessions that a message lists
const LISTED: usize = 10;

/// The maximum length of a session's name in a message, in characters
const NAME_CHARACTERS: usize = 128;

pub(super) fn run_unknown(run: &BotRunId) -> Error {
    Error::new(ErrorCode::BotRunUnknown, format!("No bot run {} was started", quoted(run)))
}

pub(super) fn run_ended(run: &BotRunId) -> Error {
    Error::new(ErrorCode::BotRunEnded, format!("Bot run {} has ended", quoted(run)))
}

pub(super) fn run_running(run: &BotRunId) -> Error {
    Error::new(ErrorCode::InputInvalid, format!("Bot run {} is already running", quoted(run)))
        .help("Use a unique id for every bot run, or end the earlier one first.")
}

/// Returns the error for a bot run that ended during its Connect
pub(super) fn ended_while_connecting(run: &BotRunId) -> Error {
    let message = format!("Bot run {} ended during Connect; no session was opened", quoted(run));
    Error::new(ErrorCode::Cancelled, message)
}

/// Returns the error for a closed session; `what` is its target
pub(super) fn closed(what: &SessionTarget, closure: Option<&Closure>) -> Error {
    let message = match closure {
        Some(closure) => format!("The {what} was closed {closure}"),
        None => format!("The {what} was closed"),
    };
    Error::new(ErrorCode::SessionClosed, message)
}

/// Returns the error for a name or variable whose session was closed
pub(super) fn closed_before(reference: &SessionReference, closure: &Closure) -> Error {
    Error::new(ErrorCode::SessionClosed, format!("The session {reference} was closed {closure}"))
}

/// Returns the error for a name or variable without a session
///
/// `local` and `global` are the open names of this bot run and of its tree. The message says nothing about
/// other trees.
pub(super) fn not_found<'a>(
    reference: &SessionReference,
    local: impl Iterator<Item = &'a SessionName>,
    global: impl Iterator<Item = &'a SessionName>,
) -> Error {
    let SessionReference::Name(name) = reference else {
        let message = "The session variable holds no session of this run tree";
        return Error::new(ErrorCode::SessionNotFound, message).help(
            "Connect into the variable first, in this bot, its parent or a child; \
             a session of another run tree or of an earlier run is never found.",
        );
    };
    let mut open: Vec<VisibleSession<'_>> = local
        .map(|name| VisibleSession { scope: "local", name: name.as_str() })
        .chain(global.map(|name| VisibleSession { scope: "global", name: name.as_str() }))
        .collect();
    open.sort_unstable_by_key(|session| (session.name, session.scope));
    let message =
        format!("There is no session {reference} in this bot run or its run tree; {}", listed(&open));
    let mut help = match nearest(name.as_str(), open.iter().map(|session| session.name)) {
        Some(near) => format!("Did you mean \"{}\"? Otherwise connect first. ", shown(near)),
        None => "Connect first, or correct the name. ".to_owned(),
    };
    help.push_str(
        "Only the bot that opened a local session can use it; \
         to share one, connect to a global session or into a session variable.",
    );
    Error::new(ErrorCode::SessionNotFound, message).help(help)
}

/// A name of a session that the bot run can use
struct VisibleSession<'a> {
    scope: &'static str,
    name: &'a str,
}

impl fmt::Display for VisibleSession<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} \"{}\"", self.scope, shown(self.name))
    }
}

fn shown(name: &str) -> String {
    printable(name, NAME_CHARACTERS)
}

/// Returns the list of open sessions: `open here: global "Default", local "Work"`
fn listed(open: &[VisibleSession<'_>]) -> String {
    if open.is_empty() {
        return "no named session is open here".to_owned();
    }
    let mut text = String::from("open here: ");
    for (at, session) in open.iter().take(LISTED).enumerate() {
        let comma = if at == 0 { "" } else { ", " };
        write!(text, "{comma}{session}").expect("writing to a string does not fail");
    }
    if let more @ 1.. = open.len().saturating_sub(LISTED) {
        write!(text, " and {more} more").expect("writing to a string does not fail");
    }
    text
}

/// Returns the error for a name that is already open
pub(super) fn name_open(target: &SessionTarget, by: &BotRunId) -> Error {
    let message = format!("The {target} is already open; bot run {} opened it", quoted(by));
    Error::new(ErrorCode::SessionNameInUse, message)
}

/// Returns the error for a name for which another Connect is in progress
pub(super) fn name_connecting(target: &SessionTarget, by: &BotRunId) -> Error {
    let message = format!("The {target} is being connected by bot run {}", quoted(by));
    Error::new(ErrorCode::SessionNameInUse, message)
        .help("Use another name, or set `ifSessionExists` to REUSE, which waits for that Connect.")
}

/// Returns the error for a name that another Connect reserved, since this one took longer than the store keeps it
pub(super) fn reservation_lost(target: &SessionTarget) -> Error {
    let message = format!("The session store no longer reserves the {target} for this Connect");
    Error::new(ErrorCode::SessionNameInUse, message)
        .help("Connect again; if it happens again, check that this machine reaches the session store without pauses.")
}

/// Returns the error for a run tree that the store does not have
pub(super) fn tree_unknown() -> Error {
    let message =
        "The session store has no such run tree: its root has ended, or never started with this store";
    Error::new(ErrorCode::BotRunEnded, message).help(
        "Start the root first, with the same session store, and give its run tree's id to the processes that join it.",
    )
}

/// Returns the error for a session whose token only the process that opened it has
pub(super) fn only_there(target: &SessionTarget, by: &BotRunId) -> Error {
    let message = format!(
        "The {target} can be used only in the process in which bot run {} opened it, since no other one can resolve its credential",
        quoted(by)
    );
    Error::new(ErrorCode::CredentialNotFound, message).help(
        "Connect there with a reference to a credential, such as env:NAME, which this process can read too, or ask the operator for a \
         `sealing_key` in the table `sessions` of the operator's file.",
    )
}

pub(super) fn sealed_elsewhere(target: &SessionTarget) -> Error {
    let message = format!("The token of the {target} is sealed with a key that this process does not have");
    Error::new(ErrorCode::CredentialNotFound, message).help(
        "Ask the operator to give all machines the same `sealing_key` in the table `sessions` of the operator's file.",
    )
}

pub(super) fn tree_full(limit: usize) -> Error {
    let message = format!("This run tree has as many sessions as it may, open or being connected: {limit}");
    Error::new(ErrorCode::LimitExceeded, message)
        .help(
            "Disconnect sessions that are not needed; a Connect inside a loop may be missing its Disconnect.",
        )
        .with("limit", limit)
}

pub(super) fn run_full(most: u32, rule: &PolicyRule) -> Error {
    let sessions = counted(most, "session");
    rule.denies("connect", &format!(", since this bot run has {sessions} open or being connected"))
}

pub(super) fn process_full(limit: usize) -> Error {
    let message = format!("This process has as many sessions as it may, open or being connected: {limit}");
    Error::new(ErrorCode::LimitExceeded, message)
        .help("Try again when other bot runs have ended, or ask the operator to run fewer at a time.")
        .with("limit", limit)
}
