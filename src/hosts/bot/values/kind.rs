//! The kinds of variables, and the values that each can hold.

use std::fmt;

use crate::contract::Dictionary;
use crate::contract::Number;
use crate::contract::Value;
use crate::hosts::bot::values::parse_boolean;
use crate::hosts::bot::values::parse_number;
use crate::package::PACKAGE_NAME;
use crate::package::is_package_name;

/// The kind of a variable
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum VariableKind {
    Text,
    Number,
    Boolean,
    DateTime,
    File,
    List,
    Dictionary,
    /// A list of records
    Table,
    /// A dictionary whose fields have positions: a row of a table
    Record,
    Credential,
    /// A session of the package with this name
    Session(String),
    /// A value of any type
    Any,
    /// A type that this host does not support, such as a window
    Unknown(String),
}

impl VariableKind {
    /// Returns the kind with this name in a bot file; `session_type` is the package of a session variable
    pub(crate) fn of(kind: &str, session_type: &str) -> Self {
        match kind {
            "STRING" => VariableKind::Text,
            "NUMBER" => VariableKind::Number,
            "BOOLEAN" => VariableKind::Boolean,
            "DATETIME" => VariableKind::DateTime,
            "FILE" => VariableKind::File,
            "LIST" => VariableKind::List,
            "DICTIONARY" => VariableKind::Dictionary,
            "TABLE" => VariableKind::Table,
            "RECORD" => VariableKind::Record,
            "CREDENTIAL" => VariableKind::Credential,
            // The package has two names, and one kind of session.
            "SESSION" if is_package_name(session_type) => VariableKind::Session(PACKAGE_NAME.to_owned()),
            "SESSION" => VariableKind::Session(session_type.to_owned()),
            "" | "ANY" | "UNDEFINED" => VariableKind::Any,
            other => VariableKind::Unknown(other.to_owned()),
        }
    }

    /// Returns whether parent and child share the variable; otherwise, the child gets a copy
    pub(crate) const fn is_by_reference(&self) -> bool {
        matches!(
            self,
            VariableKind::File
                | VariableKind::List
                | VariableKind::Dictionary
                | VariableKind::Table
                | VariableKind::Record
                | VariableKind::Session(_)
                | VariableKind::Any
        )
    }

    /// Returns whether this is a session variable of this package
    pub(crate) fn is_own_session(&self) -> bool {
        matches!(self, VariableKind::Session(package) if package == PACKAGE_NAME)
    }

    /// Converts a value to this kind; `None` if a variable of this kind cannot hold it
    ///
    /// Numbers and booleans become texts in a text variable, and texts that are numbers become
    /// numbers in a number variable, since a flow cannot convert a part of a dictionary.
    pub(crate) fn keep(&self, value: Value) -> Option<Value> {
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
            (VariableKind::Dictionary | VariableKind::Record, Value::Dictionary(entries)) => {
                Some(Value::Dictionary(entries))
            }
            (VariableKind::Table, Value::List(rows)) => {
                rows.iter().all(|row| matches!(row, Value::Dictionary(_))).then_some(Value::List(rows))
            }
            (VariableKind::Credential, value @ (Value::Text(_) | Value::Dictionary(_))) => Some(value),
            _ => None,
        }
    }

    /// Returns the initial value of a variable
    pub(crate) fn empty(&self) -> Value {
        match self {
            VariableKind::Text | VariableKind::File | VariableKind::DateTime => Value::from(""),
            VariableKind::Number => Value::Number(Number::Integer(0)),
            VariableKind::Boolean => Value::from(false),
            VariableKind::List | VariableKind::Table => Value::List(Vec::new()),
            VariableKind::Dictionary | VariableKind::Record => Value::Dictionary(Dictionary::new()),
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
            VariableKind::Table => "a table variable",
            VariableKind::Record => "a record variable",
            VariableKind::Credential => "a credential variable",
            VariableKind::Session(package) if package == PACKAGE_NAME => "a session variable of this package",
            VariableKind::Session(_) => "a session variable of another package",
            VariableKind::Any => "a variable of any type",
            VariableKind::Unknown(_) => "a variable of an unsupported type",
        })
    }
}
