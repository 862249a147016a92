//! Reads JSON of a caller: no repeated keys, bounded depth and size, and errors that never quote a value.

use std::fmt;

use serde::Deserialize;
use serde::Deserializer;
use serde::de::DeserializeSeed;
use serde::de::Error as _;
use serde::de::MapAccess;
use serde::de::SeqAccess;
use serde::de::Visitor;

use crate::contract::Dictionary;
use crate::contract::Number;
use crate::contract::Value;

/// The maximum nesting of lists and dictionaries
pub const MAX_DEPTH: usize = 64;

/// Why a text is not an accepted JSON value, and where; it never quotes the text
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason} at line {line}, column {column}")]
pub struct JsonError {
    /// `not JSON`, `the text ends too early`, `a repeated key or too deep a nesting`
    pub reason: &'static str,
    /// Line, counted from 1
    pub line: usize,
    /// Column, counted from 1
    pub column: usize,
}

impl From<serde_json::Error> for JsonError {
    fn from(error: serde_json::Error) -> Self {
        let reason = match error.classify() {
            serde_json::error::Category::Io => "it cannot be read",
            serde_json::error::Category::Syntax => "not JSON",
            serde_json::error::Category::Data => {
                "a repeated key, too deep a nesting, or another shape than expected"
            }
            serde_json::error::Category::Eof => "the text ends too early",
        };
        JsonError { reason, line: error.line(), column: error.column() }
    }
}

/// Reads one JSON value of at most `max_bytes`
///
/// The error has the position and the category; a text that is too long fails at line 0.
pub fn read_json(text: &[u8], max_bytes: usize) -> Result<Value, JsonError> {
    if text.len() > max_bytes {
        return Err(JsonError { reason: "the text is too long", line: 0, column: 0 });
    }
    Ok(serde_json::from_slice(text)?)
}

impl<'de> Deserialize<'de> for Value {
    /// Rejects a repeated key and nesting deeper than [`MAX_DEPTH`]
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Nested::OF_CALLER.deserialize(deserializer)
    }
}

impl<'de> Deserialize<'de> for Dictionary {
    /// Rejects what [`Value`] rejects
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Members)
    }
}

struct Members;

impl<'de> Visitor<'de> for Members {
    type Value = Dictionary;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map")
    }

    fn visit_map<A: MapAccess<'de>>(self, access: A) -> Result<Dictionary, A::Error> {
        Nested::OF_CALLER.members(access)
    }
}

/// Reads a record of the service
///
/// The service may nest as deep as the JSON parser allows (128 levels). Of members with the same name, the last counts.
pub(super) fn read_record(json: &str) -> Result<Value, JsonError> {
    let mut deserializer = serde_json::Deserializer::from_str(json);
    let value = Nested::OF_SERVICE.deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok(value)
}

/// The number of levels that a value may still nest, and whether a key may be repeated
#[derive(Clone, Copy)]
struct Nested {
    levels: usize,
    repeats: bool,
}

impl Nested {
    const OF_CALLER: Nested = Nested { levels: MAX_DEPTH, repeats: false };
    const OF_SERVICE: Nested = Nested { levels: usize::MAX, repeats: true };

    fn deeper<E: serde::de::Error>(self) -> Result<Nested, E> {
        let levels = self.levels.checked_sub(1).ok_or_else(|| E::custom("nested too deep"))?;
        Ok(Nested { levels, ..self })
    }

    /// Reads the members of a dictionary; `self` are the limits of their values
    fn members<'de, A: MapAccess<'de>>(self, mut access: A) -> Result<Dictionary, A::Error> {
        let mut entries = Dictionary::new();
        while let Some(name) = access.next_key::<String>()? {
            let known = entries.contains_key(&name);
            if known && !self.repeats {
                return Err(A::Error::custom("a key is repeated"));
            }
            let value = access.next_value_seed(self)?;
            match known {
                true => drop(entries.insert(name, value)),
                false => entries.push(name.into(), value),
            }
        }
        Ok(entries)
    }
}

impl<'de> DeserializeSeed<'de> for Nested {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Nested {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        self.deserialize(deserializer)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Value, E> {
        Ok(Value::Boolean(flag))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(Value::Number(Number::Integer(number)))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(Value::Number(Number::from(number)))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
        Ok(Value::Number(Number::Decimal(number)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::Text(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Value, E> {
        Ok(Value::Text(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let inner = self.deeper()?;
        let mut items = Vec::new();
        while let Some(item) = access.next_element_seed(inner)? {
            items.push(item);
        }
        Ok(Value::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, access: A) -> Result<Value, A::Error> {
        self.deeper()?.members(access).map(Value::Dictionary)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(text: &str) -> JsonError {
        read_json(text.as_bytes(), 1 << 20).expect_err("the text should be rejected")
    }

    #[test]
    fn a_repeated_key_is_rejected_with_its_position() {
        let fault = fault("{\"pat\":\"a\",\n \"pat\":\"b\"}");
        assert_eq!(
            (fault.line, fault.reason),
            (2, "a repeated key, too deep a nesting, or another shape than expected")
        );
    }

    #[test]
    fn depth_is_bounded() {
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(read_json(nested(MAX_DEPTH).as_bytes(), 1 << 20).is_ok());
        assert!(read_json(nested(MAX_DEPTH + 1).as_bytes(), 1 << 20).is_err());
        assert!(read_json(nested(100_000).as_bytes(), 1 << 20).is_err());
    }

    #[test]
    fn size_is_bounded() {
        assert_eq!(read_json(b"[1,2,3]", 3).expect_err("too long").reason, "the text is too long");
    }

    #[test]
    fn an_error_has_the_position_and_never_quotes_the_text() {
        for text in ["{\"pat\": hidden}", "{\"pat\":\"hidden", "hidden", "{\"a\":\"hidden\"} hidden"] {
            assert!(!fault(text).to_string().contains("hidden"), "{text}");
        }
    }

    #[test]
    fn order_and_numbers_are_kept() {
        let value = read_json(br#"{"b":1,"a":2.5,"c":18446744073709551615}"#, 100).expect("it is JSON");
        assert_eq!(
            serde_json::to_string(&value).expect("it serializes"),
            r#"{"b":1,"a":2.5,"c":1.8446744073709552e+19}"#
        );
    }
}
