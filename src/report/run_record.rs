//! What a run did, as a tree of bots and in the order of its events.

use std::time::Duration;

use crate::hosts::bot::Location;
use crate::package::ActionCard;

/// A bot run; all times are since the start of the run
pub(super) struct BotRecord {
    pub(super) name: String,
    /// The node that ran it; none for the root
    pub(super) place: Option<Location>,
    pub(super) start: Duration,
    /// When it ended; none if the run was stopped before
    pub(super) end: Option<Duration>,
    /// The sessions that were closed at its end
    pub(super) closed: Vec<String>,
    pub(super) items: Vec<Item>,
}

/// What a bot run did
pub(super) enum Item {
    Bot(BotRecord),
    Action(Box<ActionRecord>),
    Note(Note),
}

/// A call of an action
pub(super) struct ActionRecord {
    pub(super) place: Location,
    pub(super) card: &'static ActionCard,
    /// What it worked on; may be empty
    pub(super) what: String,
    /// The session that it used or opened; may be empty
    pub(super) session: String,
    pub(super) start: Duration,
    /// When it ended; none if the run was stopped before
    pub(super) end: Option<Duration>,
    /// When it first reported that it waits
    pub(super) waits_from: Option<Duration>,
    /// Its last report
    pub(super) progress: String,
    pub(super) requests: u64,
    pub(super) problem: Option<Problem>,
    /// The page of its result
    pub(super) link: Option<String>,
    /// What Connect returned
    pub(super) connection: Option<ConnectionRecord>,
}

/// An error
pub(super) struct Problem {
    pub(super) code: &'static str,
    pub(super) message: String,
    pub(super) help: String,
}

/// Who a session is signed in as, and where
pub(super) struct ConnectionRecord {
    pub(super) organization: String,
    pub(super) project: String,
    pub(super) user: String,
}

/// An event of the flow itself
pub(super) struct Note {
    pub(super) place: Location,
    pub(super) at: Duration,
    pub(super) kind: NoteKind,
    pub(super) text: String,
}

/// The kind of an event of the flow itself
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum NoteKind {
    Caught,
    Message,
    Logged,
    Warning,
}

impl Item {
    /// When it began
    pub(super) fn start(&self) -> Duration {
        match self {
            Item::Bot(bot) => bot.start,
            Item::Action(action) => action.start,
            Item::Note(note) => note.at,
        }
    }

    /// When it ended, as far as it did
    pub(super) fn end(&self) -> Duration {
        match self {
            Item::Bot(bot) => bot.end.unwrap_or(bot.start),
            Item::Action(action) => action.end.unwrap_or(action.start),
            Item::Note(note) => note.at,
        }
    }
}

impl BotRecord {
    /// Returns the calls of actions, in order, with those of child bots
    pub(super) fn actions(&self) -> Vec<&ActionRecord> {
        let mut found = Vec::new();
        let mut waiting: Vec<&Item> = self.items.iter().rev().collect();
        while let Some(item) = waiting.pop() {
            match item {
                Item::Bot(bot) => waiting.extend(bot.items.iter().rev()),
                Item::Action(action) => found.push(action.as_ref()),
                Item::Note(_) => {}
            }
        }
        found
    }
}
