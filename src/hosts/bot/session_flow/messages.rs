//! The messages of the check of sessions.

use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::SessionName;
use crate::contract::did_you_mean;
use crate::contract::nearest;
use crate::contract::printable;
use crate::hosts::bot::location::Location;
use crate::hosts::bot::session_flow::names::Status;
use crate::hosts::bot::session_flow::state::FlowState;
use crate::hosts::bot::session_flow::state::VariableContent;

/// The maximum length of a name in a message
const MAX_NAME: usize = 128;

/// The maximum number of open sessions in a message
const MAX_LISTED: usize = 10;

/// A Connect of the flow with a named session
#[derive(Debug)]
pub(super) struct NamedConnect<'p> {
    pub(super) bot: usize,
    pub(super) bot_name: &'p str,
    pub(super) place: &'p Location,
    pub(super) global: bool,
    pub(super) name: &'p SessionName,
}

/// The context of a message: the bot, the node, and the node that runs the bot
#[derive(Clone, Copy)]
pub(super) struct MessageContext<'c, 'p> {
    pub(super) bot: usize,
    pub(super) place: &'p Location,
    pub(super) run_by: Option<&'p Location>,
    pub(super) connects: &'c [NamedConnect<'p>],
}

impl MessageContext<'_, '_> {
    /// Returns ` when release-day.bot.json line 16 runs this bot` for a child bot
    fn when(&self) -> String {
        let when = |place: &Location| format!(" when {} line {} runs this bot", place.file, place.line);
        self.run_by.map(when).unwrap_or_default()
    }

    /// No session with this name is open, on any path
    pub(super) fn not_open(&self, name: &SessionName, state: &FlowState) -> Error {
        let (shown, when) = (shown(name), self.when());
        if state.status(name).may_be(Status::CLOSED) {
            let always = state.status(name).is_only(Status::CLOSED);
            let how = if always {
                "is closed before this node"
            } else {
                "is not open here, on any path through the flow"
            };
            let message = format!("\"session\": the session \"{shown}\" {how}{when}");
            return Error::new(ErrorCode::SessionClosed, message).with("field", "session");
        }
        let open = || state.local.open().chain(state.global.open()).map(SessionName::as_str);
        let elsewhere = || self.connects.iter().map(|connect| connect.name.as_str());
        let near = nearest(name.as_str(), open())
            .or_else(|| nearest(name.as_str(), elsewhere().filter(|other| *other != name.as_str())));
        let hint = did_you_mean(near);
        let message = format!(
            "\"session\": no Connect before this node can have opened the session \"{shown}\"{when}{hint}"
        );
        Error::new(ErrorCode::SessionNotFound, message)
            .help(self.remedy(name, state))
            .with("field", "session")
    }

    fn remedy(&self, name: &SessionName, state: &FlowState) -> String {
        let mut others = self.connects.iter().filter(|connect| connect.name == name);
        let here = self.connects.iter().find(|connect| connect.name == name && connect.bot == self.bot);
        if let Some(later) = here.filter(|connect| connect.place.line > self.place.line) {
            return format!(
                "The Connect in line {} comes after this node; move it before the node.",
                later.place.line
            );
        }
        if let Some(other) = others.find(|connect| !connect.global && connect.bot != self.bot) {
            return format!(
                "The local session \"{}\" that {} line {} opens is visible only to the bot \"{}\". \
                 To share it, connect to a global session or into a session variable.",
                shown(name),
                other.place.file,
                other.place.line,
                printable(other.bot_name, MAX_NAME),
            );
        }
        format!("Add a Connect before this node, or correct the name. {}", listed(state))
    }

    /// A session with this name is open on some paths only
    pub(super) fn may_not_be_open(&self, name: &SessionName) -> Error {
        let message = format!(
            "\"session\": whether the session \"{}\" is open here depends on the path through the flow{}",
            shown(name),
            self.when()
        );
        Error::new(ErrorCode::SessionNotFound, message).with("field", "session")
    }

    /// The name is computed
    pub(super) fn computed(&self) -> Error {
        let message = "\"session\": the session's name is computed, so whether it is open is known only when the bot runs";
        Error::new(ErrorCode::SessionNotFound, message).with("field", "session")
    }

    /// The session is a constant handle
    pub(super) fn foreign_handle(&self) -> Error {
        let message = "\"session\": a session handle is valid only in the run that opened the session, and this one is in the bot file";
        Error::new(ErrorCode::SessionNotFound, message)
            .help("Use the name of the session, or a session variable.")
            .with("field", "session")
    }

    /// The variable holds no open session, on any path
    ///
    /// `others` are the session variables of the bot and their contents; `is_input` is whether a parent can set the
    /// variable.
    pub(super) fn variable_not_open<'v>(
        &self,
        variable: &str,
        status: Status,
        others: impl Iterator<Item = (&'v str, &'v VariableContent)>,
        is_input: bool,
    ) -> Error {
        let (name, when) = (printable(variable, MAX_NAME), self.when());
        if status.may_be(Status::CLOSED) {
            let message =
                format!("\"session\": the session in the variable ${name}$ is closed before this node{when}");
            return Error::new(ErrorCode::SessionClosed, message).with("field", "session");
        }
        let filled = |held: &VariableContent| match held {
            VariableContent::Session { status, .. } => status.may_be(Status::OPEN),
            VariableContent::Name(_) | VariableContent::Unknown => true,
        };
        let near = nearest(variable, others.filter(|(_, held)| filled(held)).map(|(name, _)| name));
        let hint = did_you_mean(near);
        let message = format!(
            "\"session\": no node before this one can have put a session into the variable ${name}${when}{hint}"
        );
        let help = match (is_input, self.run_by) {
            (true, None) => "The session comes from the bot that runs this one: check and run that bot.",
            (true, Some(_)) => {
                "Pass a session as this input where the bot is run, or connect into the variable first."
            }
            (false, _) => "Connect into the variable first, or make it an input that the parent bot sets.",
        };
        Error::new(ErrorCode::SessionNotFound, message).help(help).with("field", "session")
    }

    /// The variable holds an open session on some paths only
    pub(super) fn variable_may_not_be_open(&self, variable: &str) -> Error {
        let message = format!(
            "\"session\": whether the variable ${}$ holds an open session here depends on the path through the flow{}",
            printable(variable, MAX_NAME),
            self.when()
        );
        Error::new(ErrorCode::SessionNotFound, message).with("field", "session")
    }

    /// The name of a Connect is in use
    pub(super) fn name_in_use(&self, global: bool, name: &SessionName, may_work: bool) -> Error {
        let how = if may_work {
            "may already be open, depending on the path through the flow"
        } else {
            "is already open"
        };
        let message =
            format!("\"returnTo\": the {} session \"{}\" {how}{}", scope(global), shown(name), self.when());
        Error::new(ErrorCode::SessionNameInUse, message).with("field", "returnTo")
    }

    /// A Connect reuses a session that is connected to another place
    pub(super) fn other_access(&self, global: bool, name: &SessionName, may_work: bool) -> Error {
        let may = if may_work { "may be" } else { "is" };
        let message = format!(
            "\"returnTo\": the {} session \"{}\" {may} open with another organization, project, credential or method{}",
            scope(global),
            shown(name),
            self.when()
        );
        Error::new(ErrorCode::SessionNameInUse, message)
            .help("REUSE requires the same organization, project, credential and method; use another name, or REPLACE.")
            .with("field", "returnTo")
    }

    /// The name of a Connect is computed, and may be in use
    pub(super) fn computed_name_in_use(&self) -> Error {
        let message = "\"returnTo\": the session's name is computed, so whether it is already open is known only when the bot runs";
        Error::new(ErrorCode::SessionNameInUse, message).with("field", "returnTo")
    }
}

fn scope(global: bool) -> &'static str {
    if global { "global" } else { "local" }
}

fn shown(name: &SessionName) -> String {
    printable(name.as_str(), MAX_NAME)
}

/// Returns `Open here: local "Work", global "Default".`
fn listed(state: &FlowState) -> String {
    let local = state.local.open().map(|name| format!("local \"{}\"", shown(name)));
    let global = state.global.open().map(|name| format!("global \"{}\"", shown(name)));
    let all: Vec<String> = local.chain(global).collect();
    match all.len() {
        0 => "No session is open here by name.".to_owned(),
        1..=MAX_LISTED => format!("Open here: {}.", all.join(", ")),
        more => format!("Open here: {} and {} more.", all[..MAX_LISTED].join(", "), more - MAX_LISTED),
    }
}
