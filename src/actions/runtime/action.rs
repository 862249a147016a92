//! An action: the trait that each action implements.

use std::future::Future;
use std::time::Duration;

use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::actions::runtime::context::Context;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::Needs;

/// How long an action may take that neither waits nor moves files
const CALL_LIMIT: Duration = Duration::from_secs(55);

/// What an action does to the service
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Changes nothing
    Reads,
    /// Makes something new
    Creates,
    /// Changes what is there
    Changes,
    /// Destroys what is there
    Destroys,
}

impl Effect {
    /// The word in the reference: `reads`
    pub const fn as_str(self) -> &'static str {
        match self {
            Effect::Reads => "reads",
            Effect::Creates => "creates",
            Effect::Changes => "changes",
            Effect::Destroys => "destroys",
        }
    }
}

/// What an action does with the session that it names
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionUse {
    /// Works through it, and fails without one
    Works,
    /// Answers whether it is open
    Asks,
    /// Closes it
    Closes,
}

/// What an action does with the files that it names
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileUse {
    /// Reads them
    Reads,
    /// Writes them
    Writes,
}

/// How the outcome of a change is found out whose response is lost; each says by what
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LostResponse {
    /// It changes nothing: it is sent again
    NotApplicable,
    /// The request carries a mark of its own, which is found again
    Marked(&'static str),
    /// What it made is compared whole with what was sent
    ByContent(&'static str),
    /// What was asked for is a state, or that something is gone, and either can be seen
    ByState(&'static str),
    /// Nothing can prove it: the outcome stays unknown
    Never(&'static str),
}

impl LostResponse {
    /// The word in the reference: `marked`
    pub const fn as_str(self) -> &'static str {
        match self {
            LostResponse::NotApplicable => "not applicable",
            LostResponse::Marked(_) => "marked",
            LostResponse::ByContent(_) => "by content",
            LostResponse::ByState(_) => "by state",
            LostResponse::Never(_) => "never",
        }
    }

    /// By what it is found out, or why it cannot be
    pub const fn by(self) -> &'static str {
        match self {
            LostResponse::NotApplicable => "",
            LostResponse::Marked(by)
            | LostResponse::ByContent(by)
            | LostResponse::ByState(by)
            | LostResponse::Never(by) => by,
        }
    }
}

/// An example of an action's inputs: in the reference, and run against the simulator by the tests
pub struct Example {
    /// What it shows
    pub title: &'static str,
    /// The inputs as JSON
    pub inputs: serde_json::Value,
}

/// What an action needs, all in all, when one of its fields has a certain choice
#[derive(Debug, Clone, Copy)]
pub struct ChoiceNeeds {
    /// The field: `ifProjectMissing`
    pub field: &'static str,
    /// The choice: `CREATE`
    pub choice: &'static str,
    /// What it needs then
    pub needs: Needs,
}

/// One action, declared once
///
/// The doc comment of `Input` is the action's text: the first line its summary, the fields' comments
/// their descriptions. The order of fields is the order of the form.
pub trait Action: 'static {
    /// The action's words, verb first: `create repository`; every host spells them its own way
    const NAME: &'static str;
    /// What it does to the service
    const EFFECT: Effect;
    /// What it needs of the service
    const NEEDS: Needs;
    /// Choices with which it needs something else
    const CHOICES: &'static [ChoiceNeeds] = &[];
    /// The codes a flow may want to branch on, beside those of every action
    const ERRORS: &'static [ErrorCode];
    /// How its outcome is found out when its response is lost; every action that changes something says it
    const LOST_RESPONSE: LostResponse = LostResponse::NotApplicable;
    /// Whether it returns a session
    const RETURNS_SESSION: bool = false;
    /// What it does with the session that it names
    const SESSION_USE: SessionUse = SessionUse::Works;
    /// What it does with the files that it names
    const FILE_USE: FileUse = FileUse::Writes;
    /// What it is given
    type Input: DeserializeOwned + JsonSchema + Send + 'static;
    /// What it answers, an object; one with one list, and at most `more` beside it, is a list to hosts
    type Output: Serialize + JsonSchema;

    /// At least one example of its inputs
    fn examples() -> Vec<Example>;

    /// Whether the inputs go together, as far as they tell; every host asks before anything is sent
    ///
    /// Errors: `input.invalid`.
    fn check(_input: &Self::Input) -> Result<(), Error> {
        Ok(())
    }

    /// How long it may take
    fn time_limit(_input: &Self::Input) -> Duration {
        CALL_LIMIT
    }

    /// Does the work
    fn run(cx: &Context<'_>, input: Self::Input) -> impl Future<Output = Result<Self::Output, Error>> + Send;
}
