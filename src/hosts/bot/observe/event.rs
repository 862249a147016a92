//! The events of a run, and who observes them.

use crate::contract::BotRunId;
use crate::contract::Dictionary;
use crate::contract::Error;
use crate::contract::Masked;
use crate::hosts::bot::location::Location;
use crate::package::ActionCard;

/// An observer of a run
pub trait Observer: Send + Sync {
    /// Receives an event
    fn notice(&self, event: &Event<'_>);
}

/// A call of an action by the flow
#[derive(Clone, Copy)]
pub struct ActionCall<'a> {
    /// The node
    pub place: &'a Location,
    /// The name of the bot
    pub bot: &'a str,
    /// The bot run
    pub bot_run: &'a BotRunId,
    /// The action
    pub card: &'static ActionCard,
    /// A short description of what it works on; may be empty
    pub what: &'a str,
    /// The session that it uses or opens: `session "Default"`; empty if it uses none
    pub session: &'a str,
}

/// An event of a run
pub enum Event<'a> {
    /// A child bot starts
    ChildStarted {
        /// The node that runs it
        place: &'a Location,
        /// The name of the child bot
        bot: &'a str,
    },
    /// A bot run ended, which closed its sessions
    BotEnded {
        /// The name of the bot
        bot: &'a str,
        /// The sessions that were closed: `local session "Archive"`
        closed: &'a [String],
    },
    /// An action starts
    ActionStarted(ActionCall<'a>),
    /// An action reports its progress
    ActionProgress(ActionCall<'a>, &'a str),
    /// An action succeeded or failed
    ActionFinished {
        /// The action
        call: ActionCall<'a>,
        /// The error, if it failed
        error: Option<&'a Error>,
        /// The number of requests that it sent
        requests: u64,
        /// What it returned, if it succeeded; masked
        outputs: Option<&'a Dictionary>,
    },
    /// The flow caught an error and continues
    Caught {
        /// The location of the catch
        place: &'a Location,
        /// The error
        error: &'a Error,
    },
    /// The flow shows a message
    Message {
        /// The node
        place: &'a Location,
        /// The title; may be empty
        title: &'a Masked<'a>,
        /// The text
        content: &'a Masked<'a>,
    },
    /// The flow wrote a line to a file
    Logged {
        /// The node
        place: &'a Location,
        /// The file
        file: &'a str,
    },
    /// A warning to the author of the flow
    Warning {
        /// The node
        place: &'a Location,
        /// The message
        text: &'a str,
    },
}

/// An observer that ignores all events
#[derive(Debug, Clone, Copy, Default)]
pub struct Unobserved;

impl Observer for Unobserved {
    fn notice(&self, _event: &Event<'_>) {}
}
