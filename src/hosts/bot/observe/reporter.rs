//! Reports the events of a run to its observer. Texts of the flow are masked here; outcomes of actions are already
//! masked.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;

use crate::contract::Dictionary;
use crate::contract::Error;
use crate::contract::Masker;
use crate::contract::Progress;
use crate::contract::Warning;
use crate::contract::WarningCode;
use crate::hosts::bot::location::Location;
use crate::hosts::bot::observe::ActionCall;
use crate::hosts::bot::observe::Event;
use crate::hosts::bot::observe::Observer;

/// The maximum length of what an action works on
const MAX_WHAT: usize = 60;

/// Reports events to the observer, with the secrets of the run tree masked
pub(crate) struct Reporter<'a> {
    observer: &'a dyn Observer,
    masker: Arc<Masker>,
    /// The locations whose insecure string was reported
    insecure: Mutex<HashSet<Location>>,
}

impl<'a> Reporter<'a> {
    pub(crate) fn new(observer: &'a dyn Observer, masker: Arc<Masker>) -> Self {
        Reporter { observer, masker, insecure: Mutex::default() }
    }

    pub(crate) fn mask(&self, text: &str) -> String {
        self.masker.mask(text).into_owned()
    }

    pub(crate) fn masker(&self) -> &Arc<Masker> {
        &self.masker
    }

    /// Masks and shortens what an action works on, since an input may be a token
    fn shown(&self, call: &ActionCall<'_>) -> String {
        self.masker.mask(call.what).excerpt(MAX_WHAT)
    }

    pub(crate) fn child_started(&self, place: &Location, bot: &str) {
        self.observer.notice(&Event::ChildStarted { place, bot });
    }

    pub(crate) fn bot_ended(&self, bot: &str, closed: &[String]) {
        self.observer.notice(&Event::BotEnded { bot, closed });
    }

    pub(crate) fn action_started(&self, call: &ActionCall<'_>) {
        let what = self.shown(call);
        self.observer.notice(&Event::ActionStarted(ActionCall { what: &what, ..*call }));
    }

    pub(crate) fn action_finished(
        &self,
        call: &ActionCall<'_>,
        outcome: Result<&Dictionary, &Error>,
        requests: u64,
    ) {
        let what = self.shown(call);
        let call = ActionCall { what: &what, ..*call };
        let (outputs, error) = (outcome.ok(), outcome.err());
        self.observer.notice(&Event::ActionFinished { call, error, requests, outputs });
    }

    pub(crate) fn caught(&self, place: &Location, error: &Error) {
        self.observer.notice(&Event::Caught { place, error });
    }

    pub(crate) fn message(&self, place: &Location, title: &str, content: &str) {
        let (title, content) = (&self.masker.mask(title), &self.masker.mask(content));
        self.observer.notice(&Event::Message { place, title, content });
    }

    pub(crate) fn logged(&self, place: &Location, file: &str) {
        self.observer.notice(&Event::Logged { place, file: &self.masker.mask(file) });
    }

    /// Reports a warning of an action; a warning about an insecure string is reported once for each location
    pub(crate) fn warning_of_action(&self, place: &Location, warning: &Warning) {
        let places = || self.insecure.lock().unwrap_or_else(PoisonError::into_inner);
        if warning.code != WarningCode::InsecureString || places().insert(place.clone()) {
            self.warning(place, &warning.message);
        }
    }

    /// Warns that an encoding does not have a character of a text that was written
    pub(crate) fn not_in_encoding(&self, place: &Location, character: Option<char>, encoding: &str) {
        if let Some(character) = character {
            let text = format!(
                "{encoding} has no character \"{}\", and perhaps no others of the text; each is written as \"?\"",
                character.escape_debug()
            );
            self.warning(place, &text);
        }
    }

    pub(crate) fn warning(&self, place: &Location, text: &str) {
        self.observer.notice(&Event::Warning { place, text: &self.masker.mask(text) });
    }
}

/// Reports the progress of an action
pub(crate) struct CallProgress<'a> {
    pub(crate) reporter: &'a Reporter<'a>,
    pub(crate) call: ActionCall<'a>,
}

impl Progress for CallProgress<'_> {
    fn report(&self, message: &str) {
        let what = self.reporter.shown(&self.call);
        let call = ActionCall { what: &what, ..self.call };
        self.reporter.observer.notice(&Event::ActionProgress(call, message));
    }
}
