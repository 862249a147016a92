//! The error of an input that does not decode, and its words.
//!
//! serde's messages quote values, and a value may be a token. This type cannot hold a value.

use std::fmt;

use serde::de::Expected;
use serde::de::Unexpected;

use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::TOKEN_AS_NAME;
use crate::contract::did_you_mean;
use crate::contract::holds_token;
use crate::contract::inputs::parse_error::take_refusal;
use crate::contract::nearest;
use crate::contract::printable;

/// The longest name of a field that is shown, in characters
pub const LONGEST_NAME: usize = 512;

/// How a host spells the name of a field: `time-limit` for `timeLimit`
pub type Spelling = fn(&str) -> String;

/// The kind of null in a message
pub(super) const NOTHING: &str = "nothing";

/// A whole number in a message
const WHOLE_NUMBER: &str = "a whole number";

/// A number that its field cannot hold, in a message
const OUT_OF_RANGE: &str = "a number that is out of range";

/// A serde error, reduced to what a message may repeat
#[derive(Debug)]
pub(super) enum FaultKind {
    Missing(&'static str),
    Unknown {
        field: String,
        known: &'static [&'static str],
    },
    Type {
        expected: String,
        found: &'static str,
    },
    Choice {
        near: Option<&'static str>,
        known: &'static [&'static str],
    },
    /// A field is missing, and a field that does not exist has nearly its name
    Misspelt {
        given: String,
        meant: &'static str,
    },
    Refused,
}

/// An error and the path to it, innermost part first
#[derive(Debug)]
pub(super) struct DecodeFault {
    pub(super) path: Vec<String>,
    pub(super) what: FaultKind,
    /// Whether the name of a field is a token
    token: bool,
}

impl DecodeFault {
    pub(super) fn new(what: FaultKind) -> Self {
        DecodeFault { path: Vec::new(), what, token: false }
    }

    pub(super) fn inside(mut self, part: &str) -> Self {
        self.token |= holds_token(part);
        self.path.push(printable(part, LONGEST_NAME));
        self
    }

    /// The fault of a field that does not exist and has nearly the name of one that does
    pub(super) fn misspelt(given: &str, meant: &'static str) -> Self {
        let what = FaultKind::Misspelt { given: printable(given, LONGEST_NAME), meant };
        DecodeFault { token: holds_token(given), ..DecodeFault::new(what) }
    }

    /// Looks for a missing field among the names that were given, for a message that ignores unknown fields
    pub(super) fn among(self, given: &[String]) -> Self {
        let FaultKind::Missing(meant) = self.what else { return self };
        let names = || given.iter().map(String::as_str);
        // `botRunId` is meant to be `botRun`.
        let begins = |name: &&str| {
            name.strip_prefix(meant)
                .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_uppercase() || c == '_'))
        };
        match nearest(meant, names()).or_else(|| names().find(begins)) {
            Some(near) if self.path.is_empty() => DecodeFault::misspelt(near, meant),
            _ => self,
        }
    }

    pub(super) fn into_error(self, subject: &str, spell: Spelling) -> Error {
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
            FaultKind::Missing(field) => {
                let message = format!("{subject}: the field \"{}\" is missing", at(Some(field)));
                Error::new(ErrorCode::InputInvalid, message).with("field", name(Some(field)))
            }
            FaultKind::Unknown { field, known } => {
                let spelled =
                    |known: &&str| if self.path.is_empty() { spell(known) } else { (*known).to_owned() };
                let known: Vec<String> = known.iter().map(spelled).collect();
                let hint = did_you_mean(nearest(field, known.iter().map(String::as_str)));
                let message = format!("{subject}: there is no field \"{}\"{hint}", at(Some(field)));
                Error::new(ErrorCode::InputInvalid, message)
                    .help(format!("The fields are: {}.", known.join(", ")))
                    .with("field", name(Some(field)))
            }
            FaultKind::Type { expected, found } => {
                let field = at(None);
                let place = if field.is_empty() { String::new() } else { format!(" \"{field}\"") };
                Error::new(
                    ErrorCode::InputInvalid,
                    format!("{subject}:{place} expected {expected}, got {found}"),
                )
                .with("field", name(None))
            }
            FaultKind::Choice { near, known } => {
                let field = at(None);
                let hint = did_you_mean(*near);
                let message = format!("{subject}: \"{field}\" is not one of {}{hint}", known.join(", "));
                Error::new(ErrorCode::InputInvalid, message).with("field", name(None))
            }
            FaultKind::Misspelt { given, meant } => {
                let hint = did_you_mean(Some(meant));
                let message = format!("{subject}: there is no field \"{given}\"{hint}");
                Error::new(ErrorCode::InputInvalid, message)
                    .help(format!("Correct the name to \"{meant}\"."))
                    .with("field", *meant)
            }
            FaultKind::Refused => {
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

impl fmt::Display for DecodeFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the input is rejected")
    }
}

impl std::error::Error for DecodeFault {}

impl serde::de::Error for DecodeFault {
    fn custom<T: fmt::Display>(_message: T) -> Self {
        DecodeFault::new(FaultKind::Refused)
    }

    fn invalid_type(unexpected: Unexpected<'_>, expected: &dyn Expected) -> Self {
        let expected = plain_expectation(&expected.to_string());
        let found = match unexpected {
            Unexpected::Bool(_) => "a boolean",
            Unexpected::Float(number) if expected == WHOLE_NUMBER && number.fract() != 0.0 => {
                "a number with decimals"
            }
            Unexpected::Float(_) if expected == WHOLE_NUMBER => OUT_OF_RANGE,
            Unexpected::Unsigned(_) | Unexpected::Signed(_) | Unexpected::Float(_) => "a number",
            Unexpected::Str(_) | Unexpected::Char(_) | Unexpected::Bytes(_) => "a text",
            Unexpected::Unit | Unexpected::Option => NOTHING,
            Unexpected::Seq => "a list",
            Unexpected::Map | Unexpected::StructVariant => "a dictionary",
            _ => "something else",
        };
        DecodeFault::new(FaultKind::Type { expected, found })
    }

    fn invalid_value(unexpected: Unexpected<'_>, expected: &dyn Expected) -> Self {
        let found = match unexpected {
            Unexpected::Signed(number) if number < 0 => "a negative number",
            Unexpected::Unsigned(_) | Unexpected::Signed(_) => OUT_OF_RANGE,
            other => return Self::invalid_type(other, expected),
        };
        DecodeFault::new(FaultKind::Type { expected: plain_expectation(&expected.to_string()), found })
    }

    fn invalid_length(_length: usize, expected: &dyn Expected) -> Self {
        DecodeFault::new(FaultKind::Type { expected: expected.to_string(), found: "another number of items" })
    }

    fn unknown_variant(variant: &str, known: &'static [&'static str]) -> Self {
        DecodeFault::new(FaultKind::Choice { near: nearest(variant, known.iter().copied()), known })
    }

    fn unknown_field(field: &str, known: &'static [&'static str]) -> Self {
        let what = FaultKind::Unknown { field: printable(field, LONGEST_NAME), known };
        DecodeFault { token: holds_token(field), ..DecodeFault::new(what) }
    }

    fn missing_field(field: &'static str) -> Self {
        DecodeFault::new(FaultKind::Missing(field))
    }

    fn duplicate_field(field: &'static str) -> Self {
        DecodeFault::new(FaultKind::Unknown { field: field.to_owned(), known: &[] })
    }
}

/// Returns the expectation in plain words; serde names Rust types
fn plain_expectation(expected: &str) -> String {
    match expected {
        "a string" | "string" => "a text".to_owned(),
        "i8" | "i16" | "i32" | "i64" | "u8" | "u16" | "u32" | "u64" => WHOLE_NUMBER.to_owned(),
        "a sequence" => "a list".to_owned(),
        "a map" => "a dictionary".to_owned(),
        text if text.starts_with("struct ") => "a dictionary".to_owned(),
        text => text.to_owned(),
    }
}
