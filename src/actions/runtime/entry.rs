//! The rows of the catalogue: a `const fn` makes one from an action.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use schemars::JsonSchema;
use schemars::Schema;
use schemars::generate::SchemaSettings;
use serde::Serialize;

use crate::actions::runtime::action::Action;
use crate::actions::runtime::action::ChoiceNeeds;
use crate::actions::runtime::action::Effect;
use crate::actions::runtime::action::Example;
use crate::actions::runtime::action::FileUse;
use crate::actions::runtime::action::LostResponse;
use crate::actions::runtime::action::SessionUse;
use crate::actions::runtime::context::Context;
use crate::contract::Dictionary;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::Needs;
use crate::contract::Value;
use crate::contract::decode;

/// The future of an action at work
type Work<'a> = Pin<Box<dyn Future<Output = Result<Dictionary, Error>> + Send + 'a>>;

/// An action whose inputs are decoded, ready to run
pub struct Prepared {
    /// How long it may take
    pub time_limit: Duration,
    /// Does the work
    pub run: Box<dyn for<'a> FnOnce(&'a Context<'a>) -> Work<'a> + Send>,
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
