//! Decodes inputs from values. An error names the field, the expected kind and the kind of the value.
//!
//! serde's messages quote values, and a value may be a token. So decoding has its own
//! deserializer, whose error type cannot hold a value.

use std::fmt;

use serde::Deserialize;
use serde::de::DeserializeSeed;
use serde::de::Expected;
use serde::de::IntoDeserializer;
use serde::de::MapAccess;
use serde::de::SeqAccess;
use serde::de::Unexpected;
use serde::de::Visitor;
use serde::de::value::StrDeserializer;
use serde::de::value::StringDeserializer;
use serde::forward_to_deserialize_any;

use crate::contract::Dictionary;
use crate::contract::EntryName;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::Number;
use crate::contract::TOKEN_AS_NAME;
use crate::contract::Value;
use crate::contract::did_you_mean;
use crate::contract::holds_token;
use crate::contract::inputs::parse_error::take_refusal;
use crate::contract::inputs::same_value;
use crate::contract::nearest;
use crate::contract::printable;

/// The longest name of a field that is shown, in characters
pub const LONGEST_NAME: usize = 512;

/// Decodes the fields of something that is no action's input: a message of a protocol, a file of settings
///
/// Each value has to have the type of its field. `subject` begins the message: the name of a method or a file. Errors:
/// `input.invalid`, or the code of the kind that rejected the field. The message names the field and never quotes the value.
pub fn decode<'de, T: Deserialize<'de>>(subject: &str, fields: Dictionary) -> Result<T, Error> {
    take_refusal();
    T::deserialize(Input { value: Value::Dictionary(fields), types: Types::Exact })
        .map_err(|fault| fault.into_error(subject, str::to_owned))
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
    T::deserialize(Input::converted(inputs)).map_err(|fault| {
        let is_null =
            |(field, _): &(String, Fault)| matches!(fault.what, What::Missing(name) if name == field);
        match not_given.into_iter().find(|one| fault.path.is_empty() && is_null(one)) {
            Some((_, null)) => null.into_error(subject, spell),
            None => fault.into_error(subject, spell),
        }
    })
}

/// How a host spells the name of a field: `time-limit` for `timeLimit`
pub type Spelling = fn(&str) -> String;

/// Takes out the fields that are null where their type has no null, each with the error that it would be
///
/// The types are asked with the null fields alone, since no other value may be copied: it may be a token.
fn take_not_given<'de, T: Deserialize<'de>>(inputs: &mut Dictionary) -> Vec<(String, Fault)> {
    let nulls = inputs.iter().filter(|(_, value)| **value == Value::Null);
    let mut nulls: Dictionary = nulls.map(|(name, _)| (name.to_owned(), Value::Null)).collect();
    let mut taken = Vec::new();
    while !nulls.is_empty() {
        let Err(fault) = T::deserialize(Input::converted(nulls.clone())) else { break };
        let (What::Type { found: NOTHING, .. }, [field]) = (&fault.what, fault.path.as_slice()) else {
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

/// The kind of null in a message
const NOTHING: &str = "nothing";

/// A serde error, reduced to what a message may repeat
#[derive(Debug)]
enum What {
    Missing(&'static str),
    Unknown { field: String, known: &'static [&'static str] },
    Type { expected: String, found: &'static str },
    Choice { known: &'static [&'static str] },
    Refused,
}

/// An error and the path to it, innermost part first
#[derive(Debug)]
struct Fault {
    path: Vec<String>,
    what: What,
    /// Whether the name of a field is a token
    token: bool,
}

impl Fault {
    fn new(what: What) -> Self {
        Fault { path: Vec::new(), what, token: false }
    }

    fn inside(mut self, part: &str) -> Self {
        self.token |= holds_token(part);
        self.path.push(printable(part, LONGEST_NAME));
        self
    }

    fn into_error(self, subject: &str, spell: Spelling) -> Error {
        let name = |own: Option<&str>| -> String {
            let mut parts: Vec<&str> = self.path.iter().rev().map(String::as_str).collect();
            parts.extend(own);
            parts.join(".")
        };
        // The parts below a field are its content, which no host spells in another way.
        let at = |own: Option<&str>| -> String {
            let name = name(own);
            match name.split_once('.') {
                Some((field, below)) => format!("{}.{below}", spell(field)),
                None => spell(&name),
            }
        };
        let error = match &self.what {
            What::Missing(field) => {
                let message = format!("{subject}: the field \"{}\" is missing", at(Some(field)));
                Error::new(ErrorCode::InputInvalid, message).with("field", name(Some(field)))
            }
            What::Unknown { field, known } => {
                let spelled =
                    |known: &&str| if self.path.is_empty() { spell(known) } else { (*known).to_owned() };
                let known: Vec<String> = known.iter().map(spelled).collect();
                let hint = did_you_mean(nearest(field, known.iter().map(String::as_str)));
                let message = format!("{subject}: there is no field \"{}\"{hint}", at(Some(field)));
                Error::new(ErrorCode::InputInvalid, message)
                    .help(format!("The fields are: {}.", known.join(", ")))
                    .with("field", name(Some(field)))
            }
            What::Type { expected, found } => {
                let field = at(None);
                let place = if field.is_empty() { String::new() } else { format!(" \"{field}\"") };
                Error::new(
                    ErrorCode::InputInvalid,
                    format!("{subject}:{place} expected {expected}, got {found}"),
                )
                .with("field", name(None))
            }
            What::Choice { known } => {
                let field = at(None);
                Error::new(
                    ErrorCode::InputInvalid,
                    format!("{subject}: \"{field}\" is not one of {}", known.join(", ")),
                )
                .with("field", name(None))
            }
            What::Refused => {
                let field = at(None);
                let refusal = take_refusal();
                let code = refusal.as_ref().map_or(ErrorCode::InputInvalid, |refusal| refusal.code);
                let reason = refusal.as_ref().map_or("it is not accepted", |refusal| refusal.reason.as_str());
                let message = format!("{subject}: \"{field}\": {reason}");
                let error = Error::new(code, message).with("field", name(None));
                match refusal.and_then(|refusal| refusal.help) {
                    Some(help) => error.help(help),
                    None => error,
                }
            }
        };
        let error = error.operation(subject.to_owned());
        if self.token {
            let help = format!("{TOKEN_AS_NAME} {}", error.help_text());
            return error.help(help);
        }
        error
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the input is rejected")
    }
}

impl std::error::Error for Fault {}

impl serde::de::Error for Fault {
    fn custom<T: fmt::Display>(_message: T) -> Self {
        Fault::new(What::Refused)
    }

    fn invalid_type(unexpected: Unexpected<'_>, expected: &dyn Expected) -> Self {
        let found = match unexpected {
            Unexpected::Bool(_) => "a boolean",
            Unexpected::Unsigned(_) | Unexpected::Signed(_) | Unexpected::Float(_) => "a number",
            Unexpected::Str(_) | Unexpected::Char(_) | Unexpected::Bytes(_) => "a text",
            Unexpected::Unit | Unexpected::Option => NOTHING,
            Unexpected::Seq => "a list",
            Unexpected::Map | Unexpected::StructVariant => "a dictionary",
            _ => "something else",
        };
        Fault::new(What::Type { expected: plain_expectation(&expected.to_string()), found })
    }

    fn invalid_value(unexpected: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::invalid_type(unexpected, expected)
    }

    fn invalid_length(_length: usize, expected: &dyn Expected) -> Self {
        Fault::new(What::Type { expected: expected.to_string(), found: "another number of items" })
    }

    fn unknown_variant(_variant: &str, known: &'static [&'static str]) -> Self {
        Fault::new(What::Choice { known })
    }

    fn unknown_field(field: &str, known: &'static [&'static str]) -> Self {
        let what = What::Unknown { field: printable(field, LONGEST_NAME), known };
        Fault { token: holds_token(field), ..Fault::new(what) }
    }

    fn missing_field(field: &'static str) -> Self {
        Fault::new(What::Missing(field))
    }

    fn duplicate_field(field: &'static str) -> Self {
        Fault::new(What::Unknown { field: field.to_owned(), known: &[] })
    }
}

/// Returns the expectation in plain words; serde names Rust types
fn plain_expectation(expected: &str) -> String {
    match expected {
        "a string" | "string" => "a text".to_owned(),
        "i8" | "i16" | "i32" | "i64" | "u8" | "u16" | "u32" | "u64" => "a whole number".to_owned(),
        "a sequence" => "a list".to_owned(),
        "a map" => "a dictionary".to_owned(),
        text if text.starts_with("struct ") => "a dictionary".to_owned(),
        text => text.to_owned(),
    }
}

/// A value being decoded; private, so that nothing else decodes with these errors
struct Input {
    value: Value,
    types: Types,
}

/// Whether values of another type than that of their field are taken
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Types {
    Exact,
    /// If they can mean only one thing
    Converted,
}

impl Input {
    fn converted(inputs: Dictionary) -> Self {
        Input { value: Value::Dictionary(inputs), types: Types::Converted }
    }

    /// Returns the value as another type, if it is taken as one
    fn as_type<T>(&self, convert: fn(&Value) -> Option<T>) -> Option<T> {
        if self.types == Types::Converted { convert(&self.value) } else { None }
    }
}

impl<'de> serde::Deserializer<'de> for Input {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self.value {
            Value::Null => visitor.visit_unit(),
            Value::Boolean(flag) => visitor.visit_bool(flag),
            Value::Number(Number::Integer(number)) => visitor.visit_i64(number),
            Value::Number(Number::Decimal(number)) => visitor.visit_f64(number),
            Value::Text(text) => visitor.visit_string(text),
            Value::List(items) => {
                visitor.visit_seq(Items { items: items.into_iter(), at: 0, types: self.types })
            }
            Value::Dictionary(entries) => {
                visitor.visit_map(Entries { entries: entries.into_iter(), open: None, types: self.types })
            }
        }
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self.as_type(same_value::text_of) {
            Some(text) => visitor.visit_string(text),
            None => self.deserialize_any(visitor),
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        self.deserialize_str(visitor)
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self.as_type(same_value::boolean) {
            Some(flag) => visitor.visit_bool(flag),
            None => self.deserialize_any(visitor),
        }
    }

    fn deserialize_i64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self.as_type(same_value::whole_number) {
            Some(number) => visitor.visit_i64(number),
            None => self.deserialize_any(visitor),
        }
    }

    fn deserialize_u16<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        self.deserialize_i64(visitor)
    }

    fn deserialize_u32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        self.deserialize_i64(visitor)
    }

    fn deserialize_u64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        self.deserialize_i64(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self.value {
            Value::Null => visitor.visit_none(),
            value => visitor.visit_some(Input { value, types: self.types }),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        match self.value {
            Value::Text(text) => visitor.visit_enum(text.into_deserializer() as StringDeserializer<Fault>),
            other => {
                Err(Fault::new(What::Type { expected: "one of the choices".to_owned(), found: other.kind() }))
            }
        }
    }

    forward_to_deserialize_any! {
        i8 i16 i32 i128 u8 u128 f32 f64 char bytes byte_buf unit unit_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}

struct Items {
    items: std::vec::IntoIter<Value>,
    at: usize,
    types: Types,
}

impl<'de> SeqAccess<'de> for Items {
    type Error = Fault;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Fault> {
        let Some(item) = self.items.next() else { return Ok(None) };
        self.at += 1;
        seed.deserialize(Input { value: item, types: self.types })
            .map(Some)
            .map_err(|fault| fault.inside(&(self.at - 1).to_string()))
    }
}

struct Entries {
    entries: std::vec::IntoIter<(EntryName, Value)>,
    open: Option<(EntryName, Value)>,
    types: Types,
}

impl<'de> MapAccess<'de> for Entries {
    type Error = Fault;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Fault> {
        let Some(entry) = self.entries.next() else { return Ok(None) };
        let (name, _) = self.open.insert(entry);
        seed.deserialize((&**name).into_deserializer() as StrDeserializer<'_, Fault>).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Fault> {
        let (name, value) = self.open.take().expect("serde asks for a value only after its key");
        seed.deserialize(Input { value, types: self.types }).map_err(|fault| fault.inside(&name))
    }
}

#[cfg(test)]
#[path = "decode_tests.rs"]
mod tests;
