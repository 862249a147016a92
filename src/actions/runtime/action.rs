//! The trait that each action implements.

use std::future::Future;
use std::time::Duration;

use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::actions::runtime::audited_object::AuditedObject;
use crate::actions::runtime::context::Context;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::Needs;
use crate::contract::Value;

/// The time limit of an action that neither waits nor transfers files
const CALL_LIMIT: Duration = Duration::from_secs(55);

/// The effect of an action on the service
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Changes nothing
    Reads,
    /// Creates something
    Creates,
    /// Changes something
    Changes,
    /// Destroys something
    Destroys,
}

impl Effect {
    /// Returns the name in the reference: `reads`
    pub const fn as_str(self) -> &'static str {
        match self {
            Effect::Reads => "reads",
            Effect::Creates => "creates",
            Effect::Changes => "changes",
            Effect::Destroys => "destroys",
        }
    }
}

/// How an action uses its session
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionUse {
    /// Sends requests through it, and fails without one
    Works,
    /// Checks whether it is open
    Asks,
    /// Closes it
    Closes,
}

/// How an action uses its files
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileUse {
    /// Reads them
    Reads,
    /// Writes them
    Writes,
}

/// How an action finds the outcome of a change whose response was lost, with a description of the evidence
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LostResponse {
    /// The action changes nothing; its requests are retried
    NotApplicable,
    /// The request carries a unique mark, which is searched for
    Marked(&'static str),
    /// Everything that was sent is compared with what exists
    ByContent(&'static str),
    /// The request leads to a state, such as a deletion, and the state is read
    ByState(&'static str),
    /// There is no proof: the outcome stays unknown
    Never(&'static str),
}

impl LostResponse {
    /// Returns the name in the reference: `marked`
    pub const fn as_str(self) -> &'static str {
        match self {
            LostResponse::NotApplicable => "not applicable",
            LostResponse::Marked(_) => "marked",
            LostResponse::ByContent(_) => "by content",
            LostResponse::ByState(_) => "by state",
            LostResponse::Never(_) => "never",
        }
    }

    /// Returns the evidence, or why there is none
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

/// An example of an action's inputs, shown in the reference and run by the tests
pub struct Example {
    /// The title
    pub title: &'static str,
    /// The inputs as JSON
    pub inputs: serde_json::Value,
}

/// The needs of an action when one of its fields has a certain value; they replace its other needs
#[derive(Debug, Clone, Copy)]
pub struct ChoiceNeeds {
    /// The field: `ifProjectMissing`
    pub field: &'static str,
    /// The value: `CREATE`
    pub choice: &'static str,
    /// The needs
    pub needs: Needs,
}

/// A value of a field with which an action does the work of another action too
///
/// The operator's policy treats it as that action: who denies `create project` denies a Connect that creates one.
#[derive(Debug, Clone, Copy)]
pub struct AlsoPerforms {
    /// The field: `ifProjectMissing`
    pub field: &'static str,
    /// The value as text: `CREATE`, `true`; [`AlsoPerforms::ANY`] for a field that is always set
    pub value: &'static str,
    /// The other action: `create project`
    pub action: &'static str,
}

impl AlsoPerforms {
    /// Every value of a field that is always set: each call does the work of the other action too
    pub const ANY: &'static str = "";

    /// Returns whether each call does the work of the other action
    pub fn is_always(&self) -> bool {
        self.value == Self::ANY
    }

    /// Returns whether a value of the field is this one
    pub fn is(&self, value: &Value) -> bool {
        match value {
            _ if self.is_always() => true,
            Value::Boolean(set) => set.to_string() == self.value,
            other => other.as_text() == Some(self.value),
        }
    }
}

/// An action
///
/// The doc comment of `Input` is the action's help: its first line is the summary, and the comments of the fields are
/// their descriptions. The order of the fields is the order in forms.
pub trait Action: 'static {
    /// The name in words, verb first: `create repository`; every host has its own spelling
    const NAME: &'static str;
    /// The text of its node in a flow: the label and what it works on, `Create repository "{{name}}"`, with fields that are
    /// always set; ` in session {{session}}` follows unless the text has the session itself
    const NODE: &'static str;
    /// The effect on the service
    const EFFECT: Effect;
    /// The permissions and the token scope that it needs
    const NEEDS: Needs;
    /// Values of fields that change the needs
    const CHOICES: &'static [ChoiceNeeds] = &[];
    /// The error codes that a flow may branch on, besides those common to all actions
    const ERRORS: &'static [ErrorCode];
    /// How the outcome is found when the response is lost; required for every action that changes something
    const LOST_RESPONSE: LostResponse = LostResponse::NotApplicable;
    /// Values of fields with which it does the work of another action too
    const ALSO_PERFORMS: &'static [AlsoPerforms] = &[];
    /// What it changes; required for every action that changes something
    const OBJECT: Option<AuditedObject> = None;
    /// Whether it starts a pipeline run or a deployment
    const STARTS_RUN: bool = false;
    /// Whether it returns a session
    const RETURNS_SESSION: bool = false;
    /// How it uses its session
    const SESSION_USE: SessionUse = SessionUse::Works;
    /// How it uses its files
    const FILE_USE: FileUse = FileUse::Writes;
    /// The inputs
    type Input: DeserializeOwned + JsonSchema + Send + 'static;
    /// The outputs, an object; hosts treat one with a single list, and at most `more` besides, as a list
    type Output: Serialize + JsonSchema;

    /// Returns at least one example of its inputs
    fn examples() -> Vec<Example>;

    /// Checks whether the inputs are consistent, before any request is sent
    ///
    /// Errors: `input.invalid`.
    fn check(_input: &Self::Input) -> Result<(), Error> {
        Ok(())
    }

    /// Returns the time limit
    fn time_limit(_input: &Self::Input) -> Duration {
        CALL_LIMIT
    }

    /// Runs the action
    fn run(cx: &Context<'_>, input: Self::Input) -> impl Future<Output = Result<Self::Output, Error>> + Send;
}
