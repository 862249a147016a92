//! Collects what a bot does during a test.

use std::sync::Mutex;
use std::sync::PoisonError;

use crate::contract::Dictionary;
use crate::hosts::bot::Event;
use crate::hosts::bot::Fault;
use crate::hosts::bot::Observer;

/// An observer that collects messages and actions
#[derive(Default)]
pub(super) struct Collector(Mutex<Collected>);

#[derive(Default)]
struct Collected {
    messages: Vec<String>,
    actions: Vec<String>,
}

/// What a bot did
pub(super) struct Observed {
    /// The outputs, or the errors that stopped the bot before or during its run
    pub(super) result: Result<Dictionary, Vec<Fault>>,
    /// The texts of the message boxes
    pub(super) messages: Vec<String>,
    /// The names of the actions
    pub(super) actions: Vec<String>,
    /// The requests that the service got: `GET /fabrikam/_apis/projects`
    pub(super) requests: Vec<String>,
}

impl Collector {
    /// Returns what was collected: the messages and the actions
    pub(super) fn collected(self) -> (Vec<String>, Vec<String>) {
        let collected = self.0.into_inner().unwrap_or_else(PoisonError::into_inner);
        (collected.messages, collected.actions)
    }
}

impl Observer for Collector {
    fn notice(&self, event: &Event<'_>) {
        let mut collected = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match event {
            Event::Message { content, .. } => collected.messages.push(content.to_string()),
            Event::ActionFinished { call, .. } => collected.actions.push(call.card.name.clone()),
            _ => {}
        }
    }
}
