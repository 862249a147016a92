//! The values that hosts pass: plain, ordered, and never printed by accident.

use std::fmt;

use serde::Serialize;
use serde::Serializer;

use crate::contract::values::ordered_map::OrderedMap;

/// A dictionary, which keeps the order of its entries
pub type Dictionary = OrderedMap<Value>;

/// A value of the flow: text, number, boolean, list, dictionary, or null
///
/// As in JSON, dates are RFC 3339 text, files are paths and sessions are handles. `Debug` shows
/// the kind only, since a value may be a token.
#[derive(Clone, PartialEq, Default)]
pub enum Value {
    /// No value
    #[default]
    Null,
    /// True or false
    Boolean(bool),
    /// A number
    Number(Number),
    /// A text
    Text(String),
    /// Values in order
    List(Vec<Value>),
    /// Named values in order
    Dictionary(Dictionary),
}

/// A number: an integer if it was written as one
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Number {
    /// An integer
    Integer(i64),
    /// A number with a fraction, or beyond 64 bits; always finite
    Decimal(f64),
}

impl Number {
    /// Returns the nearest decimal
    pub fn to_decimal(self) -> f64 {
        match self {
            Number::Integer(integer) => integer as f64,
            Number::Decimal(decimal) => decimal,
        }
    }
}

impl From<u64> for Number {
    /// Returns the integer, or the nearest decimal of one beyond 63 bits
    fn from(number: u64) -> Self {
        i64::try_from(number).map_or(Number::Decimal(number as f64), Number::Integer)
    }
}

impl Value {
    /// Returns the kind of the value, for a message
    pub const fn kind(&self) -> &'static str {
        match self {
            Value::Null => "nothing",
            Value::Boolean(_) => "a boolean",
            Value::Number(_) => "a number",
            Value::Text(_) => "a text",
            Value::List(_) => "a list",
            Value::Dictionary(_) => "a dictionary",
        }
    }

    /// Returns the text, if the value is one
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Returns the dictionary, if the value is one
    pub fn as_dictionary(&self) -> Option<&Dictionary> {
        match self {
            Value::Dictionary(entries) => Some(entries),
            _ => None,
        }
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind())
    }
}

impl fmt::Display for Number {
    /// Writes the number as a flow does: `3`, `3.5`; a decimal without a fraction is written as `3`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Number::Integer(number) => number.fmt(f),
            Number::Decimal(number) => number.fmt(f),
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Value::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Value::Text(text)
    }
}

impl From<bool> for Value {
    fn from(flag: bool) -> Self {
        Value::Boolean(flag)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Value::Number(Number::Integer(number))
    }
}

impl From<Dictionary> for Value {
    fn from(entries: Dictionary) -> Self {
        Value::Dictionary(entries)
    }
}

impl From<serde_json::Value> for Value {
    fn from(json: serde_json::Value) -> Self {
        match json {
            serde_json::Value::Null => Value::Null,
            serde_json::Value::Bool(flag) => Value::Boolean(flag),
            serde_json::Value::Number(number) => match (number.as_i64(), number.as_f64()) {
                (Some(integer), _) => Value::Number(Number::Integer(integer)),
                (None, Some(decimal)) => Value::Number(Number::Decimal(decimal)),
                (None, None) => Value::Text(number.to_string()),
            },
            serde_json::Value::String(text) => Value::Text(text),
            serde_json::Value::Array(items) => Value::List(items.into_iter().map(Value::from).collect()),
            serde_json::Value::Object(entries) => {
                Value::Dictionary(entries.into_iter().map(|(name, value)| (name, value.into())).collect())
            }
        }
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Value::Null => serializer.serialize_unit(),
            Value::Boolean(flag) => serializer.serialize_bool(*flag),
            Value::Number(Number::Integer(number)) => serializer.serialize_i64(*number),
            Value::Number(Number::Decimal(number)) => serializer.serialize_f64(*number),
            Value::Text(text) => serializer.serialize_str(text),
            Value::List(items) => serializer.collect_seq(items),
            Value::Dictionary(entries) => entries.serialize(serializer),
        }
    }
}

// A list has one of these for each field of each record.
#[cfg(target_pointer_width = "64")]
const _: () = assert!(size_of::<Value>() == 32);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_the_kind_and_never_the_content() {
        let value = Value::List(vec![Value::from("hidden")]);
        assert_eq!(format!("{value:?}"), "a list");
        let entries = Dictionary::from_iter([("name", Value::from("hidden"))]);
        assert_eq!(format!("{entries:?}"), r#"{"name": a text}"#);
    }

    #[test]
    fn numbers_are_written_as_a_flow_writes_them() {
        assert_eq!(Number::Decimal(3.0).to_string(), "3");
        assert_eq!(Number::Decimal(3.5).to_string(), "3.5");
        assert_eq!(Number::Integer(-7).to_string(), "-7");
    }
}
