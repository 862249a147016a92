//! Records the events of a run for its report, and passes them on.

use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::Duration;

use tokio::time::Instant;

use crate::contract::Dictionary;
use crate::contract::Error;
use crate::contract::Value;
use crate::hosts::bot::ActionCall;
use crate::hosts::bot::Event;
use crate::hosts::bot::Location;
use crate::hosts::bot::Observer;
use crate::package::Returns;
use crate::report::run_record::ActionRecord;
use crate::report::run_record::BotRecord;
use crate::report::run_record::ConnectionRecord;
use crate::report::run_record::Item;
use crate::report::run_record::Note;
use crate::report::run_record::NoteKind;
use crate::report::run_record::Problem;

/// The maximum number of events in a report; later ones are counted, and failures are kept
///
/// Limit of this package: a page of that length is still opened by the browser of a phone.
const MAX_ITEMS: usize = 5000;

/// Records the events of a run
pub(crate) struct RunRecorder {
    state: Mutex<State>,
}

struct State {
    started: Instant,
    /// The bots that run, the root first
    open: Vec<BotRecord>,
    current: Option<Box<ActionRecord>>,
    kept: usize,
    left_out: u64,
}

/// The events of a run that has ended
pub(super) struct Recorded {
    pub(super) root: BotRecord,
    pub(super) total: Duration,
    /// The number of events that are not kept
    pub(super) left_out: u64,
}

impl RunRecorder {
    /// Creates a recorder of a run that starts now; `bot` is the name of the root
    pub(crate) fn start(bot: &str) -> Self {
        let root = bot_record(bot, None, Duration::ZERO);
        let state = State { started: Instant::now(), open: vec![root], current: None, kept: 0, left_out: 0 };
        RunRecorder { state: Mutex::new(state) }
    }

    /// Returns what was recorded
    pub(super) fn end(self) -> Recorded {
        let mut state = self.state.into_inner().unwrap_or_else(PoisonError::into_inner);
        let total = state.started.elapsed();
        if let Some(action) = state.current.take() {
            state.keep(Item::Action(action), true);
        }
        while state.open.len() > 1 {
            state.close(None);
        }
        let mut root = state.open.pop().expect("the root is never closed");
        root.end = Some(total);
        Recorded { root, total, left_out: state.left_out }
    }
}

impl Observer for RunRecorder {
    fn notice(&self, event: &Event<'_>) {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).record(event);
    }
}

impl State {
    fn record(&mut self, event: &Event<'_>) {
        let now = self.started.elapsed();
        match event {
            Event::ChildStarted { place, bot } => self.open.push(bot_record(bot, Some(place), now)),
            Event::BotEnded { bot, closed } => self.bot_ended(bot, closed, now),
            Event::ActionStarted(call) => self.current = Some(Box::new(action_record(call, now))),
            Event::ActionProgress(_, message) => {
                if let Some(action) = &mut self.current {
                    action.waits_from.get_or_insert(now);
                    (*message).clone_into(&mut action.progress);
                }
            }
            Event::ActionFinished { call, error, requests, outputs } => {
                let mut action = self.current.take().unwrap_or_else(|| Box::new(action_record(call, now)));
                action.end = Some(now);
                action.requests = *requests;
                action.problem = error.map(problem);
                action.link = outputs.and_then(|outputs| text(outputs, "webUrl"));
                action.connection =
                    outputs.filter(|_| call.card.returns == Returns::Session).and_then(connection);
                let failed = action.problem.is_some();
                self.keep(Item::Action(action), failed);
            }
            Event::Caught { place, error } => {
                let text = format!("{}: {}", error.code(), error.message());
                self.note(place, NoteKind::Caught, text, now);
            }
            Event::Message { place, title, content } => {
                let text = match title.is_empty() {
                    true => content.to_string(),
                    false => format!("{}: {}", &***title, &***content),
                };
                self.note(place, NoteKind::Message, text, now);
            }
            Event::Logged { place, file } => self.note(place, NoteKind::Logged, (*file).to_owned(), now),
            Event::Warning { place, text } => self.note(place, NoteKind::Warning, (*text).to_owned(), now),
        }
    }

    fn note(&mut self, place: &Location, kind: NoteKind, text: String, at: Duration) {
        let item = Item::Note(Note { place: place.clone(), at, kind, text });
        self.keep(item, kind == NoteKind::Caught);
    }

    /// Adds what the bot that runs did, unless there is too much of it
    fn keep(&mut self, item: Item, always: bool) {
        if self.kept >= MAX_ITEMS && !always {
            self.left_out += 1;
            return;
        }
        self.kept += 1;
        if let Some(bot) = self.open.last_mut() {
            bot.items.push(item);
        }
    }

    /// A run that is stopped ends its root alone
    fn bot_ended(&mut self, bot: &str, closed: &[String], now: Duration) {
        if let Some(stopped) = self.current.take() {
            self.keep(Item::Action(stopped), true);
        }
        while self.open.len() > 1 && self.open.last().is_some_and(|open| open.name != bot) {
            self.close(None);
        }
        if let Some(open) = self.open.last_mut() {
            open.closed = closed.to_vec();
        }
        if self.open.len() > 1 {
            self.close(Some(now));
        }
    }

    /// Moves the innermost bot into the one that ran it
    fn close(&mut self, end: Option<Duration>) {
        let Some(mut bot) = self.open.pop() else { return };
        bot.end = end;
        if let Some(parent) = self.open.last_mut() {
            parent.items.push(Item::Bot(bot));
        }
    }
}

fn bot_record(name: &str, place: Option<&Location>, start: Duration) -> BotRecord {
    let (name, place) = (name.to_owned(), place.cloned());
    BotRecord { name, place, start, end: None, closed: Vec::new(), items: Vec::new() }
}

fn action_record(call: &ActionCall<'_>, start: Duration) -> ActionRecord {
    ActionRecord {
        place: call.place.clone(),
        card: call.card,
        what: call.what.to_owned(),
        session: call.session.to_owned(),
        start,
        end: None,
        waits_from: None,
        progress: String::new(),
        requests: 0,
        problem: None,
        link: None,
        connection: None,
    }
}

/// Returns the parts of an error that a report shows
pub(super) fn problem(error: &Error) -> Problem {
    Problem {
        code: error.code().as_str(),
        message: error.message().to_owned(),
        help: error.help_text().to_owned(),
    }
}

fn connection(outputs: &Dictionary) -> Option<ConnectionRecord> {
    Some(ConnectionRecord {
        organization: text(outputs, "organizationUrl")?,
        project: text(outputs, "projectName")?,
        user: text(outputs, "user").unwrap_or_default(),
    })
}

fn text(outputs: &Dictionary, name: &str) -> Option<String> {
    outputs.get(name).and_then(Value::as_text).map(str::to_owned)
}
