//! The entries of the catalogue, made from actions by a `const fn`.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use schemars::JsonSchema;
use schemars::Schema;
use schemars::generate::SchemaSettings;
use serde::Serialize;

use crate::actions::runtime::action::Action;
use crate::actions::runtime::action::AlsoPerforms;
use crate::actions::runtime::action::ChoiceNeeds;
use crate::actions::runtime::action::Effect;
use crate::actions::runtime::action::Example;
use crate::actions::runtime::action::FileUse;
use crate::actions::runtime::action::LostResponse;
use crate::actions::runtime::action::SessionUse;
use crate::actions::runtime::audited_object::AuditedObject;
use crate::actions::runtime::context::Context;
use crate::contract::Dictionary;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::Needs;
use crate::contract::Spelling;
use crate::contract::Value;
use crate::contract::decode_inputs;
use crate::contract::to_value;

/// The future of a running action
type Work<'a> = Pin<Box<dyn Future<Output = Result<Dictionary, Error>> + Send + 'a>>;

/// An action whose inputs are decoded, ready to run
pub struct Prepared {
    /// Returns the time limit
    pub time_limit: Duration,
    /// Runs the action
    pub run: Box<dyn for<'a> FnOnce(&'a Context<'a>) -> Work<'a> + Send>,
}

/// An entry of the catalogue
#[derive(Clone, Copy)]
pub struct Entry {
    /// The name in words
    pub words: &'static str,
    /// The text of its node in a flow
    pub node: &'static str,
    /// The effect on the service
    pub effect: Effect,
    /// The permissions and the token scope that it needs
    pub needs: Needs,
    /// Values of fields that change the needs
    pub choices: &'static [ChoiceNeeds],
    /// The error codes that a flow may branch on
    pub errors: &'static [ErrorCode],
    /// How the outcome is found when the response is lost
    pub lost_response: LostResponse,
    /// Values of fields with which it does the work of another action too
    pub also_performs: &'static [AlsoPerforms],
    /// What it changes, for the audit record
    pub object: Option<AuditedObject>,
    /// Whether it starts a pipeline run or a deployment
    pub starts_run: bool,
    /// Whether it returns a session
    pub returns_session: bool,
    /// How it uses its session
    pub session_use: SessionUse,
    /// How it uses its files
    pub file_use: FileUse,
    /// The schema of its inputs
    pub input_schema: fn() -> Schema,
    /// The schema of its outputs
    pub output_schema: fn() -> Schema,
    /// Examples of its inputs
    pub examples: fn() -> Vec<Example>,
    /// Decodes the inputs and prepares the action
    pub prepare: fn(Dictionary) -> Result<Prepared, Error>,
    /// Decodes and checks the inputs for a host with its own spelling of the fields
    pub check: fn(Dictionary, Spelling) -> Result<(), Error>,
}

impl Entry {
    /// Returns the entry of an action
    pub const fn of<A: Action>() -> Self {
        Entry {
            words: A::NAME,
            node: A::NODE,
            effect: A::EFFECT,
            needs: A::NEEDS,
            choices: A::CHOICES,
            errors: A::ERRORS,
            lost_response: A::LOST_RESPONSE,
            also_performs: A::ALSO_PERFORMS,
            object: A::OBJECT,
            starts_run: A::STARTS_RUN,
            returns_session: A::RETURNS_SESSION,
            session_use: A::SESSION_USE,
            file_use: A::FILE_USE,
            input_schema: || schema::<A::Input>(SchemaSettings::draft2020_12()),
            output_schema: || schema::<A::Output>(SchemaSettings::draft2020_12().for_serialize()),
            examples: A::examples,
            prepare: prepare::<A>,
            check: |inputs, spell| decoded::<A>(inputs, spell).map(drop),
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

    /// The label in a designer: `Create repository`
    pub fn label(&self) -> String {
        let (first, rest) = self.words.split_at(1);
        first.to_ascii_uppercase() + rest
    }
}

/// A group of actions
pub struct Group {
    /// The heading in a designer
    pub label: &'static str,
    /// The group's actions in order
    pub actions: &'static [Entry],
}

/// Returns a schema without references, which several hosts cannot follow
fn schema<T: JsonSchema>(settings: SchemaSettings) -> Schema {
    settings.with(|settings| settings.inline_subschemas = true).into_generator().into_root_schema_for::<T>()
}

fn prepare<A: Action>(inputs: Dictionary) -> Result<Prepared, Error> {
    let input = decoded::<A>(inputs, str::to_owned)?;
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

/// Decodes and checks the inputs
fn decoded<A: Action>(inputs: Dictionary, spell: Spelling) -> Result<A::Input, Error> {
    let decoded = decode_inputs::<A::Input>(A::NAME, inputs, spell);
    let checked = decoded.and_then(|input| A::check(&input).map(|()| input));
    checked.map_err(|error| match error.code() {
        ErrorCode::InputInvalid => error.or_help(|| fields_advice(A::NAME)),
        _ => error,
    })
}

/// Returns the help of an error about a field of an action; a host may have another one in its place
pub fn fields_advice(words: &str) -> String {
    format!("Correct the field; `azdo-bot actions {}` describes the fields.", words.replace(' ', "-"))
}

fn outputs<T: Serialize>(output: &T) -> Result<Dictionary, Error> {
    let failed = || Error::new(ErrorCode::Internal, "the output of the action is not an object");
    match to_value(output) {
        Ok(Value::Dictionary(outputs)) => Ok(outputs),
        _ => Err(failed()),
    }
}
