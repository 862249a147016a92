//! What a run tells of itself while it works. Answers of actions come masked; what the flow says itself is masked here.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;

use crate::contract::BotRunId;
use crate::contract::Error;
use crate::contract::Masked;
use crate::contract::Masker;
use crate::contract::Progress;
use crate::contract::Warning;
use crate::contract::WarningCode;
use crate::hosts::bot::location::Location;
use crate::package::ActionCard;

/// How much is shown of what an action works on
const WHAT: usize = 60;

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

/// The way to the observer: what passes it holds no secret of the run tree
pub(super) struct Reporter<'a> {
    observer: &'a dyn Observer,
    masker: Arc<Masker>,
    /// The places whose insecure string was told of
    insecure: Mutex<HashSet<Location>>,
}

impl<'a> Reporter<'a> {
    pub(super) fn new(observer: &'a dyn Observer, masker: Arc<Masker>) -> Self {
        Reporter { observer, masker, insecure: Mutex::default() }
    }

    pub(super) fn mask(&self, text: &str) -> String {
        self.masker.mask(text).into_owned()
    }

    pub(super) fn masker(&self) -> &Arc<Masker> {
        &self.masker
    }

    /// What an action works on; an input may be a token
    fn shown(&self, call: &ActionCall<'_>) -> String {
        self.masker.mask(call.what).excerpt(WHAT)
    }

    pub(super) fn child_started(&self, place: &Location, bot: &str) {
        self.observer.notice(&Event::ChildStarted { place, bot });
    }

    pub(super) fn bot_ended(&self, bot: &str, closed: &[String]) {
        self.observer.notice(&Event::BotEnded { bot, closed });
    }

    pub(super) fn action_started(&self, call: &ActionCall<'_>) {
        let what = self.shown(call);
        self.observer.notice(&Event::ActionStarted(ActionCall { what: &what, ..*call }));
    }

    pub(super) fn action_finished(&self, call: &ActionCall<'_>, error: Option<&Error>, requests: u64) {
        let what = self.shown(call);
        let call = ActionCall { what: &what, ..*call };
        self.observer.notice(&Event::ActionFinished { call, error, requests });
    }

    pub(super) fn caught(&self, place: &Location, error: &Error) {
        self.observer.notice(&Event::Caught { place, error });
    }

    pub(super) fn message(&self, place: &Location, title: &str, content: &str) {
        let (title, content) = (&self.masker.mask(title), &self.masker.mask(content));
        self.observer.notice(&Event::Message { place, title, content });
    }

    pub(super) fn logged(&self, place: &Location, file: &str) {
        self.observer.notice(&Event::Logged { place, file: &self.masker.mask(file) });
    }

    /// What an action warns about; of an insecure string once a place, however often a loop comes by
    pub(super) fn warning_of_action(&self, place: &Location, warning: &Warning) {
        let places = || self.insecure.lock().unwrap_or_else(PoisonError::into_inner);
        if warning.code != WarningCode::InsecureString || places().insert(place.clone()) {
            self.warning(place, &warning.message);
        }
    }

    pub(super) fn warning(&self, place: &Location, text: &str) {
        self.observer.notice(&Event::Warning { place, text: &self.masker.mask(text) });
    }
}

/// The progress of one action
pub(super) struct CallProgress<'a> {
    pub(super) reporter: &'a Reporter<'a>,
    pub(super) call: ActionCall<'a>,
}

impl Progress for CallProgress<'_> {
    fn report(&self, message: &str) {
        let what = self.reporter.shown(&self.call);
        let call = ActionCall { what: &what, ..self.call };
        self.reporter.observer.notice(&Event::ActionProgress(call, message));
    }
}
