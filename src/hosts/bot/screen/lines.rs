//! The output of a run for people: one line for each action.

use std::io::Write;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::time::Duration;

use anstyle::Style;
use indicatif::ProgressBar;
use indicatif::ProgressDrawTarget;
use tokio::time::Instant;

use crate::contract::Masker;
use crate::contract::Value;
use crate::contract::printable;
use crate::hosts::bot::location::Location;
use crate::hosts::bot::observe::ActionCall;
use crate::hosts::bot::observe::Event;
use crate::hosts::bot::observe::Observer;
use crate::hosts::bot::run::Summary;
use crate::hosts::bot::screen::HasRoom;
use crate::hosts::bot::screen::columns::BAD;
use crate::hosts::bot::screen::columns::Columns;
use crate::hosts::bot::screen::columns::GOOD;
use crate::hosts::bot::screen::columns::MOST_COLUMNS;
use crate::hosts::bot::screen::columns::PLAIN;
use crate::hosts::bot::screen::columns::Row;
use crate::hosts::bot::screen::columns::WARNING;

/// The minimum time between lines of progress, if the output is not a terminal
const PROGRESS_INTERVAL: Duration = Duration::from_secs(5);

/// The maximum number of lines of a message of the flow
const MAX_MESSAGE_LINES: usize = 50;

/// The maximum length of such a line, and of an output
const MAX_TEXT: usize = 500;

/// The maximum length of an error or warning; those of this package are shorter
const MAX_ERROR: usize = 8000;

/// The maximum number of sessions that are listed at the end of a bot
const MAX_CLOSED: usize = 5;

/// Writes a line for every action when it has ended, and the progress of long ones
///
/// A message that does not fit into its row is below it. On a terminal, progress is one line that is rewritten; otherwise, it is a line at most every five
/// seconds, the first one at once. Write errors are ignored: a run does not fail because its output
/// is not read.
pub struct Screen<W>(Mutex<State<W>>);

struct State<W> {
    out: W,
    terminal: bool,
    columns: Columns,
    bar: Option<ProgressBar>,
    /// When progress of the current action was last written
    last_progress: Option<Instant>,
    has_room: HasRoom,
}

impl<W: Write> Screen<W> {
    /// Creates a screen that writes to `out`; `terminal` is whether `out` is a terminal on standard output
    pub fn new(out: W, terminal: bool) -> Self {
        let columns = Columns { width: MOST_COLUMNS, place: 0, styled: false };
        Screen(Mutex::new(State {
            out,
            terminal,
            columns,
            bar: None,
            last_progress: None,
            has_room: |_| true,
        }))
    }

    /// Makes lines at most this wide; 150 columns at most, which is the default
    #[must_use]
    pub fn columns(self, columns: usize) -> Self {
        self.state().columns.width = columns.min(MOST_COLUMNS);
        self
    }

    /// Writes results in colours
    #[must_use]
    pub fn styled(self, styled: bool) -> Self {
        self.state().columns.styled = styled;
        self
    }

    /// Writes progress only if `has_room` returns `true` for its length, so that no action waits for the reader
    #[must_use]
    pub fn progress_if(self, has_room: HasRoom) -> Self {
        self.state().has_room = has_room;
        self
    }

    /// Writes the summary
    pub fn summary(&self, summary: &Summary) {
        let mut state = self.state();
        let columns = state.columns;
        state.line("");
        let counted =
            |number: u64, word: &str| format!("{number} {word}{}", if number == 1 { "" } else { "s" });
        state.line(&columns.prose(&format!(
            "{}, {} opened ({} closed by the flow, {} at its end), {}",
            counted(summary.actions, "action"),
            counted(summary.sessions_opened as u64, "session"),
            summary.sessions_closed_by_flow,
            summary.sessions_closed_at_end,
            counted(summary.requests, "request"),
        )));
        match &summary.result {
            Ok(outputs) => {
                state.line(&columns.paint(GOOD, "result: succeeded"));
                for (name, value) in outputs {
                    let value = shown(value, &summary.masker);
                    state.line(&columns.indented(&format!("{name} = {value}")));
                }
            }
            Err(fault) => {
                state.line(&columns.paint(BAD, "result: failed"));
                state.line(&columns.indented(&fault.to_string()));
                state.line(&columns.indented(&format!("help: {}", fault.error.help_text())));
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State<W>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<W: Write + Send> Observer for Screen<W> {
    fn notice(&self, event: &Event<'_>) {
        let mut state = self.state();
        match *event {
            Event::ActionStarted(call) => state.begin(call),
            Event::ActionProgress(call, message) => state.progress(call, message),
            Event::ActionFinished { call, error, requests, .. } => {
                state.end();
                let count =
                    if requests == 1 { "1 request".to_owned() } else { format!("{requests} requests") };
                let (how, style) = match error {
                    None => (format!("ok, {count}"), GOOD),
                    Some(error) => (format!("{}, {count}", error.code()), BAD),
                };
                let row = Row {
                    place: call.place,
                    label: (&call.card.label, PLAIN),
                    what: call.what,
                    how: (&how, style),
                };
                state.row(&row);
            }
            Event::ChildStarted { place, bot } => state.message(place, ("Run bot", PLAIN), bot),
            Event::BotEnded { bot, closed } => {
                let named: Vec<&str> = closed.iter().take(MAX_CLOSED).map(String::as_str).collect();
                if !named.is_empty() {
                    let more = match closed.len() - named.len() {
                        0 => String::new(),
                        more => format!(" and {more} more"),
                    };
                    let line = format!("{bot}: closed at its end: {}{more}", named.join(", "));
                    let line = state.columns.prose(&line);
                    state.line(&line);
                }
            }
            Event::Caught { place, error } => {
                state.message(place, ("Caught", WARNING), &printable(&error.to_string(), MAX_ERROR))
            }
            Event::Message { place, title, content } => {
                let mut title = title.excerpt(MAX_TEXT);
                for line in content.lines().take(MAX_MESSAGE_LINES) {
                    let before = if title.is_empty() { "" } else { ": " };
                    let line = format!("{}{before}{}", std::mem::take(&mut title), line.excerpt(MAX_TEXT));
                    state.message(place, ("Message", PLAIN), &line);
                }
            }
            Event::Logged { place, file } => state.message(place, ("Log", PLAIN), file),
            Event::Warning { place, text } => {
                state.message(place, ("Warning", WARNING), &printable(text, MAX_ERROR))
            }
        }
    }
}

impl<W: Write> State<W> {
    fn row(&mut self, row: &Row<'_>) {
        self.columns.admit(row.place);
        self.line(&self.columns.row(row));
    }

    fn message(&mut self, place: &Location, label: (&str, Style), text: &str) {
        self.row(&Row { place, label, what: text, how: ("", PLAIN) });
    }

    fn line(&mut self, text: &str) {
        let out = &mut self.out;
        let mut write = || {
            let _ = writeln!(out, "{text}").and_then(|()| out.flush());
        };
        match &self.bar {
            Some(bar) => bar.suspend(write),
            None => write(),
        }
    }

    fn begin(&mut self, call: ActionCall<'_>) {
        self.last_progress = None;
        if self.terminal {
            let style = indicatif::ProgressStyle::with_template("{wide_msg}").expect("the template is good");
            let message = self.columns.one_line(call.place, &call.card.label, call.what, "");
            // With its style and message from the start, the bar never shows anything else.
            let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stdout());
            let bar = bar.with_style(style).with_message(message);
            bar.tick();
            self.bar = Some(bar);
        }
    }

    fn progress(&mut self, call: ActionCall<'_>, text: &str) {
        if let Some(bar) = &self.bar {
            let message = self.columns.one_line(call.place, &call.card.label, call.what, text);
            if (self.has_room)(message.len()) {
                bar.set_message(message);
                bar.tick();
            }
            return;
        }
        let now = Instant::now();
        let row =
            self.columns.row(&Row { place: call.place, label: ("", PLAIN), what: text, how: ("", PLAIN) });
        if self.last_progress.is_none_or(|last_progress| now - last_progress >= PROGRESS_INTERVAL)
            && (self.has_room)(row.len() + 1)
        {
            self.last_progress = Some(now);
            self.line(&row);
        }
    }

    fn end(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }
}

/// Formats an output: a text as it is, any other value as JSON
fn shown(value: &Value, masker: &Masker) -> String {
    let text = match value {
        Value::Text(text) => text.clone(),
        other => serde_json::to_string(other).unwrap_or_else(|_| other.kind().to_owned()),
    };
    masker.mask(&text).excerpt(MAX_TEXT)
}
