//! The variables that a bot declares: kinds, defaults, inputs and outputs.

use std::fmt;

use crate::contract::Dictionary;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::Number;
use crate::contract::Value;
use crate::hosts::bot::expression::failed;
use crate::hosts::bot::expression::parse_number;
use crate::hosts::bot::file::RawValue;
use crate::hosts::bot::file::RawVariable;
use crate::hosts::bot::tokens::looks_like_token;
use crate::package::PACKAGE_NAME;

/// How deep lists and dictionaries may nest in a variable
///
/// Deeper than any answer of the service, and no deeper than a thread's stack bears: a value is copied and
/// dropped level by level.
const MAX_NESTING: usize = 256;

/// What a variable holds
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum VariableKind {
    Text,
    Number,
    Boolean,
    DateTime,
    File,
    List,
    Dictionary,
    Credential,
    /// A session of the named package
    Session(String),
    /// Whatever is put into it
    Any,
    /// A type that this host has no values of: a table, a window
    Unknown(String),
}

/// A variable as its bot declares it
#[derive(Debug)]
pub(super) struct Declaration {
    pub(super) name: String,
    pub(super) kind: VariableKind,
    pub(super) input: bool,
    /// An input that has to be given: it is marked so and has no default
    pub(super) required: bool,
    pub(super) output: bool,
    pub(super) default: Value,
    /// Whether the default is a text in a place for a credential
    pub(super) insecure: bool,
}

impl VariableKind {
    fn of(raw: &RawVariable) -> Self {
        match raw.kind.as_str() {
            "STRING" => VariableKind::Text,
            "NUMBER" => VariableKind::Number,
            "BOOLEAN" => VariableKind::Boolean,
            "DATETIME" => VariableKind::DateTime,
            "FILE" => VariableKind::File,
            "LIST" => VariableKind::List,
            "DICTIONARY" => VariableKind::Dictionary,
            "CREDENTIAL" => VariableKind::Credential,
            "SESSION" => VariableKind::Session(raw.session_type.clone()),
            "" | "ANY" | "UNDEFINED" => VariableKind::Any,
            other => VariableKind::Unknown(other.to_owned()),
        }
    }

    /// Whether parent and child share the variable, instead of the child getting a copy
    pub(super) const fn is_by_reference(&self) -> bool {
        matches!(
            self,
            VariableKind::File
                | VariableKind::List
                | VariableKind::Dictionary
                | VariableKind::Session(_)
                | VariableKind::Any
        )
    }

    /// Whether it is a session variable of this package
    pub(super) fn is_own_session(&self) -> bool {
        matches!(self, VariableKind::Session(package) if package == PACKAGE_NAME)
    }

    /// A value as a variable of this kind keeps it; `None` if it cannot
    ///
    /// Numbers and booleans become texts in a text variable, and texts that are numbers become
    /// numbers in a number variable: a part of a dictionary has no kind that a flow could convert.
    pub(super) fn keep(&self, value: Value) -> Option<Value> {
        match (self, value) {
            (VariableKind::Unknown(_), _) => None,
            (_, Value::Null) => Some(self.empty()),
            (VariableKind::Any, value) => Some(value),
            (
                VariableKind::Text | VariableKind::DateTime | VariableKind::File | VariableKind::Session(_),
                Value::Text(text),
            ) => Some(Value::Text(text)),
            (VariableKind::Text, Value::Number(number)) => Some(Value::Text(number.to_string())),
            (VariableKind::Text, Value::Boolean(flag)) => Some(Value::Text(flag.to_string())),
            (VariableKind::Number, Value::Number(number)) => Some(Value::Number(number)),
            (VariableKind::Number, Value::Text(text)) => parse_number(&text).map(Value::Number),
            (VariableKind::Boolean, Value::Boolean(flag)) => Some(Value::Boolean(flag)),
            (VariableKind::Boolean, Value::Text(text)) => parse_boolean(&text).map(Value::Boolean),
            (VariableKind::List, Value::List(items)) => Some(Value::List(items)),
            (VariableKind::Dictionary, Value::Dictionary(entries)) => Some(Value::Dictionary(entries)),
            (VariableKind::Credential, value @ (Value::Text(_) | Value::Dictionary(_))) => Some(value),
            _ => None,
        }
    }

    /// What a variable holds before anything is put into it
    fn empty(&self) -> Value {
        match self {
            VariableKind::Text | VariableKind::File | VariableKind::DateTime => Value::from(""),
            VariableKind::Number => Value::Number(Number::Integer(0)),
            VariableKind::Boolean => Value::from(false),
            VariableKind::List => Value::List(Vec::new()),
            VariableKind::Dictionary => Value::Dictionary(Dictionary::new()),
            VariableKind::Credential
            | VariableKind::Session(_)
            | VariableKind::Any
            | VariableKind::Unknown(_) => Value::Null,
        }
    }
}

impl fmt::Display for VariableKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            VariableKind::Text => "a text variable",
            VariableKind::Number => "a number variable",
            VariableKind::Boolean => "a boolean variable",
            VariableKind::DateTime => "a date variable",
            VariableKind::File => "a file variable",
            VariableKind::List => "a list variable",
            VariableKind::Dictionary => "a dictionary variable",
            VariableKind::Credential => "a credential variable",
            VariableKind::Session(package) if package == PACKAGE_NAME => "a session variable of this package",
            VariableKind::Session(_) => "a session variable of another package",
            VariableKind::Any => "a variable of any type",
            VariableKind::Unknown(_) => "a variable of a type that this host does not know",
        })
    }
}

impl Declaration {
    /// Reads a declaration
    ///
    /// Errors: `input.invalid` for a default that the variable cannot hold; the declaration then
    /// stands without it.
    pub(super) fn of(raw: &RawVariable) -> (Self, Result<(), Error>) {
        let kind = VariableKind::of(raw);
        let given = raw.default_value.is_given();
        let default = if given { constant(&raw.default_value, &kind) } else { Ok(Value::Null) };
        let fits = default.and_then(|value| {
            kind.keep(value)
                .or_else(|| matches!(kind, VariableKind::Unknown(_)).then_some(Value::Null))
                .ok_or_else(|| {
                    Error::new(
                        ErrorCode::InputInvalid,
                        format!("the default of the variable \"{}\" does not fit: it is {kind}", raw.name),
                    )
                })
        });
        let (default, result) = match fits {
            Ok(value) => (value, Ok(())),
            Err(error) => (kind.empty(), Err(error)),
        };
        let declaration = Declaration {
            name: raw.name.clone(),
            input: raw.input == "true",
            required: raw.input == "true" && raw.input_required == "true" && !given,
            output: raw.output == "true",
            insecure: kind == VariableKind::Credential && !raw.default_value.string.is_empty(),
            kind,
            default,
        };
        (declaration, result)
    }
}

impl Declaration {
    /// Whether a token seems to stand in the file as the variable's default
    ///
    /// A credential variable's default is told of where the credential is used.
    pub(super) fn default_looks_like_token(&self) -> bool {
        self.default.as_text().is_some_and(looks_like_token)
    }
}

/// A default value: written out, never computed
fn constant(raw: &RawValue, kind: &VariableKind) -> Result<Value, Error> {
    if raw.credential.is_given() {
        return Ok(locker(raw));
    }
    let entries = || {
        raw.dictionary
            .iter()
            .map(|entry| Ok((entry.key.clone(), constant(&entry.value, &VariableKind::Any)?)))
    };
    match raw.kind.as_str() {
        "LIST" => raw
            .list
            .iter()
            .map(|item| constant(item, &VariableKind::Any))
            .collect::<Result<_, _>>()
            .map(Value::List),
        "DICTIONARY" => entries().collect::<Result<_, _>>().map(Value::Dictionary),
        "NUMBER" => {
            parse_number(&raw.number).map(Value::Number).ok_or_else(|| failed("a default is not a number"))
        }
        "BOOLEAN" => {
            parse_boolean(&raw.boolean).map(Value::from).ok_or_else(|| failed("a default is not a boolean"))
        }
        _ if kind == &VariableKind::Credential => Ok(insecure(&raw.string)),
        _ if raw.string.is_empty() && !raw.expression.is_empty() => {
            Err(failed("a default value is written out, not computed"))
        }
        _ if matches!(kind, VariableKind::Session(_)) => Ok(Value::Null),
        _ => Ok(Value::from(raw.string.as_str())),
    }
}

/// Refuses a value that would nest too deep, put so many levels below a variable
///
/// Errors: `limit.exceeded`.
pub(super) fn check_nesting(variable: &str, value: &Value, below: usize) -> Result<(), Error> {
    if nests_deeper(value, MAX_NESTING - below) {
        let message =
            format!("${variable}$ cannot hold lists and dictionaries nested deeper than {MAX_NESTING}");
        return Err(Error::new(ErrorCode::LimitExceeded, message)
            .help("A loop may be putting a variable into itself."));
    }
    Ok(())
}

fn nests_deeper(value: &Value, levels: usize) -> bool {
    let below = |inner: &Value| levels == 0 || nests_deeper(inner, levels - 1);
    match value {
        Value::List(items) => items.iter().any(below),
        Value::Dictionary(entries) => entries.values().any(below),
        Value::Null | Value::Boolean(_) | Value::Number(_) | Value::Text(_) => false,
    }
}

/// `true` or `false`, in any case
pub(super) fn parse_boolean(text: &str) -> Option<bool> {
    match text.trim() {
        text if text.eq_ignore_ascii_case("true") => Some(true),
        text if text.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

/// A credential of the vault, as an action takes it
pub(super) fn locker(raw: &RawValue) -> Value {
    let entries = [
        ("lockerName", &raw.credential.locker_name),
        ("name", &raw.credential.name),
        ("attributeName", &raw.credential.attribute_name),
    ];
    Value::Dictionary(entries.into_iter().map(|(key, text)| (key.to_owned(), text.as_str().into())).collect())
}

/// A token typed into the flow, as an action takes it
pub(super) fn insecure(text: &str) -> Value {
    Value::Dictionary(Dictionary::from_iter([("insecure".to_owned(), text.into())]))
}
