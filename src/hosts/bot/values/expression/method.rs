//! The methods of expressions: `$name.String:trim$`.

use std::borrow::Cow;
use std::fmt;

use crate::contract::Dictionary;
use crate::contract::Error;
use crate::contract::Number;
use crate::contract::Value;
use crate::hosts::bot::values::Expected;
use crate::hosts::bot::values::VariableScope;
use crate::hosts::bot::values::expression_error;
use crate::hosts::bot::values::parse_boolean;
use crate::hosts::bot::values::parse_number;

/// A method that is applied to a value
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Method {
    Trim,
    Uppercase,
    Lowercase,
    Reverse,
    Length,
    TextToNumber,
    TextToBoolean,
    NumberToText,
    BooleanToText,
    DateToText,
    RowCount,
    ColumnCount,
    ListSize,
    DictionarySize,
}

/// The methods by name; the first name of a method is the one that messages use
const METHODS: &[(&str, Method)] = &[
    ("String:trim", Method::Trim),
    ("String:uppercase", Method::Uppercase),
    ("String:toUpperCase", Method::Uppercase),
    ("String:lowercase", Method::Lowercase),
    ("String:toLowerCase", Method::Lowercase),
    ("String:reverse", Method::Reverse),
    ("String:length", Method::Length),
    ("String:toNumber", Method::TextToNumber),
    ("String:toBoolean", Method::TextToBoolean),
    ("Number:toString", Method::NumberToText),
    ("Boolean:toString", Method::BooleanToText),
    ("Datetime:toString", Method::DateToText),
    ("DataTable:rowCount", Method::RowCount),
    ("DataTable:columnCount", Method::ColumnCount),
    ("List:size", Method::ListSize),
    ("List:listSize", Method::ListSize),
    ("Dictionary:size", Method::DictionarySize),
];

impl Method {
    /// Returns the method with this name, ignoring case
    pub(super) fn named(name: &str) -> Option<Self> {
        METHODS.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, method)| *method)
    }

    /// The names of all methods
    pub(super) fn names() -> impl Iterator<Item = &'static str> {
        METHODS.iter().map(|(name, _)| *name)
    }

    /// The name of the method: `String:trim`
    pub(crate) fn name(self) -> &'static str {
        METHODS.iter().find(|(_, method)| *method == self).map_or("", |(name, _)| name)
    }

    /// The type of value that the method works on
    pub(crate) const fn takes(self) -> Expected {
        match self {
            Method::Trim
            | Method::Uppercase
            | Method::Lowercase
            | Method::Reverse
            | Method::Length
            | Method::TextToNumber
            | Method::TextToBoolean => Expected::Text,
            Method::NumberToText => Expected::Number,
            Method::BooleanToText => Expected::Boolean,
            Method::DateToText => Expected::DateTime,
            Method::RowCount | Method::ColumnCount => Expected::Table,
            Method::ListSize => Expected::List,
            Method::DictionarySize => Expected::Dictionary,
        }
    }

    /// The type of the result
    pub(crate) const fn gives(self) -> Expected {
        match self {
            Method::Trim
            | Method::Uppercase
            | Method::Lowercase
            | Method::Reverse
            | Method::NumberToText
            | Method::BooleanToText
            | Method::DateToText => Expected::Text,
            Method::Length
            | Method::TextToNumber
            | Method::RowCount
            | Method::ColumnCount
            | Method::ListSize
            | Method::DictionarySize => Expected::Number,
            Method::TextToBoolean => Expected::Boolean,
        }
    }

    /// Applies the method to the value of a reference
    ///
    /// Errors: `bot.expression` if the value has the wrong type, or has no such form; it is never quoted.
    pub(super) fn apply(
        self,
        value: &Value,
        of: &dyn fmt::Display,
        scope: &VariableScope,
    ) -> Result<Value, Error> {
        let wrong = || {
            let (got, wanted) = (value.kind(), self.takes().words());
            expression_error(format!("{of} is {got}, not {wanted}, which {} works on", self.name()))
        };
        let text = || match value {
            Value::Null => Ok(Cow::Borrowed("")),
            Value::Text(text) => Ok(Cow::Borrowed(text.as_str())),
            Value::Number(number) => Ok(Cow::Owned(number.to_string())),
            Value::Boolean(flag) => Ok(Cow::Owned(flag.to_string())),
            Value::List(_) | Value::Dictionary(_) => Err(wrong()),
        };
        Ok(match (self, value) {
            (Method::Trim, _) => text()?.trim().into(),
            (Method::Uppercase, _) => scope.masked(text()?.into_owned()).to_uppercase().into(),
            (Method::Lowercase, _) => scope.masked(text()?.into_owned()).to_lowercase().into(),
            (Method::Reverse, _) => {
                scope.masked(text()?.into_owned()).chars().rev().collect::<String>().into()
            }
            (Method::Length, _) => count(text()?.chars().count()),
            (Method::TextToNumber, _) => match parse_number(&text()?) {
                Some(number) => Value::Number(number),
                None => return Err(expression_error(format!("{of} is a text that is not a number"))),
            },
            (Method::TextToBoolean, _) => match parse_boolean(&text()?) {
                Some(flag) => flag.into(),
                None => return Err(expression_error(format!("{of} is a text that is not true or false"))),
            },
            (Method::NumberToText, Value::Number(number)) => number.to_string().into(),
            (Method::BooleanToText, Value::Boolean(flag)) => flag.to_string().into(),
            (Method::DateToText, Value::Text(date)) => date.as_str().into(),
            (Method::RowCount | Method::ListSize, Value::List(items)) => count(items.len()),
            (Method::ColumnCount, Value::List(rows)) => {
                count(rows.first().and_then(Value::as_dictionary).map_or(0, Dictionary::len))
            }
            (Method::DictionarySize, Value::Dictionary(entries)) => count(entries.len()),
            _ => return Err(wrong()),
        })
    }
}

/// Returns a number of things as a value
pub(crate) fn count(count: usize) -> Value {
    Value::Number(Number::Integer(i64::try_from(count).unwrap_or(i64::MAX)))
}
