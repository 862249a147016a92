//! Decodes the inputs of actions, settings and messages from values.

use serde::Deserialize;

use crate::contract::Dictionary;
use crate::contract::Error;
use crate::contract::Value;
use crate::contract::inputs::decode_fault::DecodeFault;
use crate::contract::inputs::decode_fault::FaultKind;
use crate::contract::inputs::decode_fault::NOTHING;
use crate::contract::inputs::decode_fault::Spelling;
use crate::contract::inputs::field_names::field_names;
use crate::contract::inputs::parse_error::take_refusal;
use crate::contract::inputs::value_deserializer::ValueDeserializer;
use crate::contract::nearest;

/// Decodes the fields of something that is no action's input: a message of a protocol, a file of settings
///
/// Each value has to have the type of its field. A field that does not exist is ignored, unless it is nearly the name of one that is
/// not given. `subject` begins the message: the name of a method or a file. Errors:
/// `input.invalid`, or the code of the kind that rejected the field. The message names the field and never quotes the value.
pub fn decode<'de, T: Deserialize<'de>>(subject: &str, fields: Dictionary) -> Result<T, Error> {
    take_refusal();
    let given: Vec<String> = fields.iter().map(|(name, _)| name.to_owned()).collect();
    let misspelt = misspelt(&given, field_names::<T>());
    T::deserialize(ValueDeserializer::exact(fields))
        .map_err(|fault| fault.among(&given))
        .and_then(|decoded| misspelt.map_or(Ok(decoded), Err))
        .map_err(|fault| fault.into_error(subject, str::to_owned))
}

/// Returns the fault of a field that does not exist and has nearly the name of one that is not given
///
/// Without it, a message with `targt` instead of `target` would be carried out without its target.
fn misspelt(given: &[String], known: &[&'static str]) -> Option<DecodeFault> {
    let absent = || known.iter().copied().filter(|name| !given.iter().any(|other| other == name));
    let unknown = given.iter().filter(|name| !known.contains(&name.as_str()));
    unknown.filter_map(|name| Some(DecodeFault::misspelt(name, nearest(name, absent())?))).next()
}

/// Decodes the inputs of an action for a host, whose spelling of the fields the messages use
///
/// A value of another type is taken if it can mean only one thing: a number for a text, a text of digits for a whole
/// number, and null for a field that is not given. Decision 0190. `subject` is the action's name. Errors: those of
/// [`decode`]; the field in the context of an error keeps its name.
pub fn decode_inputs<'de, T: Deserialize<'de>>(
    subject: &str,
    mut inputs: Dictionary,
    spell: Spelling,
) -> Result<T, Error> {
    take_refusal();
    let not_given = take_not_given::<T>(&mut inputs);
    T::deserialize(ValueDeserializer::converted(inputs)).map_err(|fault| {
        let is_null =
            |(field, _): &(String, DecodeFault)| matches!(fault.what, FaultKind::Missing(name) if name == field);
        match not_given.into_iter().find(|one| fault.path.is_empty() && is_null(one)) {
            Some((_, null)) => null.into_error(subject, spell),
            None => fault.into_error(subject, spell),
        }
    })
}

/// Takes out the fields that are null where their type has no null, each with the error that it would be
///
/// The types are asked with the null fields alone, since no other value may be copied: it may be a token.
fn take_not_given<'de, T: Deserialize<'de>>(inputs: &mut Dictionary) -> Vec<(String, DecodeFault)> {
    let nulls = inputs.iter().filter(|(_, value)| **value == Value::Null);
    let mut nulls: Dictionary = nulls.map(|(name, _)| (name.to_owned(), Value::Null)).collect();
    let mut taken = Vec::new();
    while !nulls.is_empty() {
        let Err(fault) = T::deserialize(ValueDeserializer::converted(nulls.clone())) else { break };
        let (FaultKind::Type { found: NOTHING, .. }, [field]) = (&fault.what, fault.path.as_slice()) else {
            break;
        };
        let field = field.clone();
        if nulls.remove(&field).is_none() {
            break;
        }
        inputs.remove(&field);
        taken.push((field, fault));
    }
    take_refusal();
    taken
}

#[cfg(test)]
#[path = "decode_tests.rs"]
mod tests;
