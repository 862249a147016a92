//! The output of a run as JSON, one object on each line.

use std::io::Write;
use std::sync::Mutex;
use std::sync::PoisonError;

use serde::Serialize;

use crate::contract::Dictionary;
use crate::contract::Error;
use crate::hosts::bot::location::Location;
use crate::hosts::bot::observe::ActionCall;
use crate::hosts::bot::observe::Event;
use crate::hosts::bot::observe::Observer;
use crate::hosts::bot::run::Summary;
use crate::hosts::bot::screen::HasRoom;

/// Writes every event as a line of JSON
///
/// `{"event":"action"|"progress"|"summary","botRun","place","action","code"?,"requests"}`, and for events of
/// the flow itself `message`, `log`, `caught` and `warning`. The line of an action is written when it
/// has ended. Write errors are ignored: a run does not fail because its output is not read.
pub struct JsonLines<W> {
    out: Mutex<W>,
    has_room: HasRoom,
}

/// A line; members without a value are omitted
#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Record<'a> {
    event: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    bot_run: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bot: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    place: Option<&'a Location>,
    #[serde(skip_serializing_if = "Option::is_none")]
    action: Option<&'a str>,
    #[serde(skip_serializing_if = "str::is_empty")]
    what: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    requests: Option<u64>,
}

/// The last line
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SummaryRecord<'a> {
    event: &'static str,
    bot_run: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    place: Option<&'a Location>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'a Error>,
    #[serde(skip_serializing_if = "Option::is_none")]
    outputs: Option<&'a Dictionary>,
    actions: u64,
    sessions_opened: usize,
    sessions_closed_by_flow: usize,
    sessions_closed_at_end: usize,
    requests: u64,
}

impl<W: Write> JsonLines<W> {
    /// Creates an observer that writes lines to `out`
    pub fn new(out: W) -> Self {
        JsonLines { out: Mutex::new(out), has_room: |_| true }
    }

    /// Writes a line of progress only if `has_room` returns `true` for its length, so that no action waits for the
    /// reader
    #[must_use]
    pub fn progress_if(self, has_room: HasRoom) -> Self {
        JsonLines { has_room, ..self }
    }

    /// Writes the summary as the last line
    pub fn summary(&self, summary: &Summary) {
        let fault = summary.result.as_ref().err();
        self.write(&SummaryRecord {
            event: "summary",
            bot_run: summary.bot_run.as_str(),
            place: fault.map(|fault| &fault.place),
            code: fault.map(|fault| fault.error.code().as_str()),
            error: fault.map(|fault| &fault.error),
            outputs: summary.result.as_ref().ok(),
            actions: summary.actions,
            sessions_opened: summary.sessions_opened,
            sessions_closed_by_flow: summary.sessions_closed_by_flow,
            sessions_closed_at_end: summary.sessions_closed_at_end,
            requests: summary.requests,
        });
    }

    fn write(&self, record: &impl Serialize) {
        if let Some(line) = line(record) {
            self.write_line(&line);
        }
    }

    fn write_line(&self, line: &str) {
        let mut out = self.out.lock().unwrap_or_else(PoisonError::into_inner);
        let _ = out.write_all(line.as_bytes()).and_then(|()| out.flush());
    }
}

impl<W: Write + Send> Observer for JsonLines<W> {
    fn notice(&self, event: &Event<'_>) {
        match *event {
            Event::ActionFinished { call, error, requests, .. } => self.write(&Record {
                code: error.map(|error| error.code().as_str()),
                message: error.map(Error::message),
                requests: Some(requests),
                ..of_call("action", call)
            }),
            Event::ActionProgress(call, message) => {
                let line = line(&Record { message: Some(message), ..of_call("progress", call) });
                if let Some(line) = line.filter(|line| (self.has_room)(line.len())) {
                    self.write_line(&line);
                }
            }
            Event::Message { place, title, content } => {
                let title = Some(&**title).filter(|title| !title.is_empty());
                self.write(&Record { title, message: Some(content), ..of_place("message", place) });
            }
            Event::Logged { place, file } => {
                self.write(&Record { file: Some(file), ..of_place("log", place) })
            }
            Event::Warning { place, text } => {
                self.write(&Record { message: Some(text), ..of_place("warning", place) });
            }
            Event::Caught { place, error } => self.write(&Record {
                code: Some(error.code().as_str()),
                message: Some(error.message()),
                ..of_place("caught", place)
            }),
            Event::ChildStarted { .. } | Event::BotEnded { .. } | Event::ActionStarted(_) => {}
        }
    }
}

fn line(record: &impl Serialize) -> Option<String> {
    serde_json::to_string(record).ok().map(|line| line + "\n")
}

fn of_place<'a>(event: &'static str, place: &'a Location) -> Record<'a> {
    Record { event, place: Some(place), ..Record::default() }
}

fn of_call<'a>(event: &'static str, call: ActionCall<'a>) -> Record<'a> {
    Record {
        bot_run: Some(call.bot_run.as_str()),
        bot: Some(call.bot),
        action: Some(&call.card.name),
        what: call.what,
        ..of_place(event, call.place)
    }
}
