//! A TOML file whose keys keep their location, for messages.

use toml::de::DeTable;
use toml::de::DeValue;

use crate::contract::Dictionary;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::LONGEST_NAME;
use crate::contract::Number;
use crate::contract::Value;
use crate::contract::printable;

/// The text of a file with its values and their locations
pub(crate) struct Located<'a> {
    name: &'a str,
    text: &'a str,
    table: DeTable<'a>,
}

impl<'a> Located<'a> {
    /// Parses the file; the error is `input.invalid` with the location
    pub(crate) fn parse(name: &'a str, text: &'a str) -> Result<Self, Error> {
        match DeTable::parse(text) {
            Ok(table) => Ok(Located { name, text, table: table.into_inner() }),
            Err(error) => {
                let place = place(name, text, error.span().map_or(0, |span| span.start));
                // The message of the toml crate quotes the file, which may contain a secret.
                let message = format!("{place}: this is not valid TOML, or a key occurs twice");
                Err(Error::new(ErrorCode::InputInvalid, message).help(
                    "Correct the line: a quote, a bracket or an equals sign may be missing, or the key is there before.",
                ))
            }
        }
    }

    /// The values in the form that `contract` decodes; its errors name the key and never the value
    pub(crate) fn dictionary(&self) -> Dictionary {
        dictionary(&self.table)
    }

    /// Returns the location of a key such as `network.proxy`: `FILE, line 3, column 1`
    pub(crate) fn place_of(&self, key: &str) -> String {
        place(self.name, self.text, offset_of(&self.table, key).unwrap_or(0))
    }
}

fn place(name: &str, text: &str, offset: usize) -> String {
    let before = text.get(..offset).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
    format!("{name}, line {line}, column {column}")
}

fn dictionary(table: &DeTable<'_>) -> Dictionary {
    table.iter().map(|(key, value)| (key.get_ref().to_string(), plain(value.get_ref()))).collect()
}

fn plain(value: &DeValue<'_>) -> Value {
    // A number beyond 64 bits is kept as a decimal.
    let decimal = |text: &str| {
        Value::Number(Number::Decimal(text.parse().unwrap_or(f64::MAX).clamp(f64::MIN, f64::MAX)))
    };
    match value {
        DeValue::String(text) => Value::from(&**text),
        DeValue::Integer(number) => match i64::from_str_radix(number.as_str(), number.radix()) {
            Ok(number) => Value::from(number),
            Err(_) => decimal(number.as_str()),
        },
        DeValue::Float(number) => decimal(number.as_str()),
        DeValue::Boolean(flag) => Value::from(*flag),
        DeValue::Datetime(date) => Value::from(date.to_string()),
        DeValue::Array(items) => Value::List(items.iter().map(|item| plain(item.get_ref())).collect()),
        DeValue::Table(table) => Value::Dictionary(dictionary(table)),
    }
}

/// Returns the offset of a key: `a.b` is `b` in `a`, or a key that contains a dot
///
/// For a missing key it is the offset of the table that lacks it.
fn offset_of(table: &DeTable<'_>, key: &str) -> Option<usize> {
    let mut nearest = None;
    for (own, value) in table.iter() {
        let Some(rest) = key.strip_prefix(printable(own.get_ref(), LONGEST_NAME).as_str()) else { continue };
        let start = own.span().start;
        let Some(rest) = rest.strip_prefix('.') else {
            if rest.is_empty() {
                return Some(start);
            }
            continue;
        };
        let inner = match value.get_ref() {
            DeValue::Table(table) => offset_of(table, rest),
            DeValue::Array(items) => {
                let (at, below) = rest.split_once('.').unwrap_or((rest, ""));
                let item = at.parse().ok().and_then(|at: usize| items.get(at));
                item.map(|item| match item.get_ref() {
                    DeValue::Table(table) if !below.is_empty() => {
                        offset_of(table, below).unwrap_or(item.span().start)
                    }
                    _ => item.span().start,
                })
            }
            _ => None,
        };
        if inner.is_some() {
            return inner;
        }
        nearest = Some(start);
    }
    nearest
}
