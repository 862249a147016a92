//! What an action is: a type, and the row a `const fn` makes of it.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use schemars::JsonSchema;
use schemars::Schema;
use schemars::generate::SchemaSettings;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::actions::Context;
use crate::contract::Dictionary;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::Needs;
use crate::contract::Value;
use crate::contract::decode;

/// How long an action may take that neither waits nor moves files
pub(super) const CALL_LIMIT: Duration = Duration::from_secs(55);

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

/// The future of an action at work
pub(super) type Work<'a> = Pin<Box<dyn Future<Output = Result<Dictionary, Error>> + Send + 'a>>;

/// An action whose inputs are decoded, ready to run
pub struct Prepared {
    /// How long it may take
    pub time_limit: Duration,
    /// Does the work
    pub run: Box<dyn for<'a> FnOnce(&'a Context<'a>) -> Work<'a> + Send>,
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

/// A row of the catalogue
#[derive(Clone, Copy)]
pub struct Entry {
    /// The action's words
    pub words: &'static str,
    /// What it does to the service
    pub effect: Effect,
    /// What it needs of the service
    pub needs: Needs,
    /// Choices with which it needs something else
    pub choices: &'static [ChoiceNeeds],
    /// The codes a flow may want to branch on
    pub errors: &'static [ErrorCode],
    /// How its outcome is found out when its response is lost
    pub lost_response: LostResponse,
    /// Whether it returns a session
    pub returns_session: bool,
    /// What it does with the session that it names
    pub session_use: SessionUse,
    /// What it does with the files that it names
    pub file_use: FileUse,
    /// The schema of its inputs
    pub input_schema: fn() -> Schema,
    /// The schema of its outputs
    pub output_schema: fn() -> Schema,
    /// Examples of its inputs
    pub examples: fn() -> Vec<Example>,
    /// Decodes its inputs and makes it ready to run
    pub prepare: fn(Dictionary) -> Result<Prepared, Error>,
}

impl Entry {
    /// The row of an action
    pub const fn of<A: Action>() -> Self {
        Entry {
            words: A::NAME,
            effect: A::EFFECT,
            needs: A::NEEDS,
            choices: A::CHOICES,
            errors: A::ERRORS,
            lost_response: A::LOST_RESPONSE,
            returns_session: A::RETURNS_SESSION,
            session_use: A::SESSION_USE,
            file_use: A::FILE_USE,
            input_schema: || schema::<A::Input>(SchemaSettings::draft2020_12()),
            output_schema: || schema::<A::Output>(SchemaSettings::draft2020_12().for_serialize()),
            examples: A::examples,
            prepare: prepare::<A>,
        }
    }

    /// The name in the manifest, bot files and JSON-RPC: `createRepository`
    pub fn name(&self) -> String {
        let mut name = String::with_capacity(self.words.len());
        for (at, word) in self.words.split(' ').enumerate() {
            let (first, rest) = word.split_at(usize::from(at > 0));
            name.extend(first.chars().map(|c| c.to_ascii_uppercase()));
            name.push_str(rest);
        }
        name
    }

    /// The label a designer shows: `Create repository`
    pub fn label(&self) -> String {
        let (first, rest) = self.words.split_at(1);
        first.to_ascii_uppercase() + rest
    }
}

/// Actions that belong together
pub struct Group {
    /// The heading a designer shows
    pub label: &'static str,
    /// The group's actions in order
    pub actions: &'static [Entry],
}

/// Schemas stand alone: no references between them, as several hosts cannot follow any
fn schema<T: JsonSchema>(settings: SchemaSettings) -> Schema {
    settings.with(|settings| settings.inline_subschemas = true).into_generator().into_root_schema_for::<T>()
}

fn prepare<A: Action>(inputs: Dictionary) -> Result<Prepared, Error> {
    let input: A::Input = decode(A::NAME, inputs)?;
    A::check(&input)?;
    Ok(Prepared {
        time_limit: A::time_limit(&input),
        run: Box::new(move |cx| {
            Box::pin(async move {
                let output = A::run(cx, input).await?;
                outputs(&output)
            })
        }),
    })
}

fn outputs<T: Serialize>(output: &T) -> Result<Dictionary, Error> {
    let failed = || Error::new(ErrorCode::Internal, "the output of the action is not an object");
    match serde_json::to_value(output).map(Value::from) {
        Ok(Value::Dictionary(outputs)) => Ok(outputs),
        _ => Err(failed()),
    }
}
