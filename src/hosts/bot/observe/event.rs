//! What a run reports while it works.

use crate::contract::BotRunId;
use crate::contract::Error;
use crate::contract::Masked;
use crate::hosts::bot::location::Location;
use crate::package::ActionCard;

/// Watches a run
pub trait Observer: Send + Sync {
    /// One thing that happened
    fn notice(&self, event: &Event<'_>);
}

/// One call of an action by the flow
#[derive(Clone, Copy)]
pub struct ActionCall<'a> {
    /// The node
    pub place: &'a Location,
    /// The bot's name
    pub bot: &'a str,
    /// The bot run
    pub bot_run: &'a BotRunId,
    /// The action
    pub card: &'static ActionCard,
    /// What it works on, in a few words; may be empty
    pub what: &'a str,
}

/// What can happen in a run
pub enum Event<'a> {
    /// A child bot begins; the place is the node that runs it
    ChildStarted {
        /// The node that runs it
        place: &'a Location,
        /// The child's name
        bot: &'a str,
    },
    /// A bot run ended, and these sessions with it, in words
    BotEnded {
        /// The bot's name
        bot: &'a str,
        /// `local session "Archive"`
        closed: &'a [String],
    },
    /// An action begins
    ActionStarted(ActionCall<'a>),
    /// An action says where it is
    ActionProgress(ActionCall<'a>, &'a str),
    /// An action is done, or failed
    ActionFinished {
        /// The action
        call: ActionCall<'a>,
        /// Why it failed
        error: Option<&'a Error>,
        /// Requests it sent
        requests: u64,
    },
    /// The flow caught an error and goes on
    Caught {
        /// The catch
        place: &'a Location,
        /// The error
        error: &'a Error,
    },
    /// The flow shows a message
    Message {
        /// The node
        place: &'a Location,
        /// Its title; may be empty
        title: &'a Masked<'a>,
        /// Its text
        content: &'a Masked<'a>,
    },
    /// The flow wrote a line to a file
    Logged {
        /// The node
        place: &'a Location,
        /// The file
        file: &'a str,
    },
    /// Something that the author should know
    Warning {
        /// The node
        place: &'a Location,
        /// What it is
        text: &'a str,
    },
}

/// An observer that does not want to know
#[derive(Debug, Clone, Copy, Default)]
pub struct Unobserved;

impl Observer for Unobserved {
    fn notice(&self, _event: &Event<'_>) {}
}
