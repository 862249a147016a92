//! A TOML file whose values can be decoded and whose keys can be found again, for messages.

use toml::de::DeTable;
use toml::de::DeValue;

use crate::contract::Dictionary;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::LONGEST_NAME;
use crate::contract::Number;
use crate::contract::Value;
use crate::contract::printable;

/// A file's text with its values and where they stand
pub(crate) struct Located<'a> {
    name: &'a str,
    text: &'a str,
    table: DeTable<'a>,
}

impl<'a> Located<'a> {
    /// Errors: `input.invalid` with the place
    pub(crate) fn parse(name: &'a str, text: &'a str) -> Result<Self, Error> {
        match DeTable::parse(text) {
            Ok(table) => Ok(Located { name, text, table: table.into_inner() }),
            Err(error) => {
                let place = place(name, text, error.span().map_or(0, |span| span.start));
                // toml's own message quotes what it read.
                let message = format!("{place}: this is not TOML, or a key stands twice");
                Err(Error::new(ErrorCode::InputInvalid, message))
            }
        }
    }

    /// The values as `contract` decodes them, so that its errors name the key and never the value
    pub(crate) fn dictionary(&self) -> Dictionary {
        dictionary(&self.table)
    }

    /// `FILE, line 3, column 1`: where a key of a message stands, as `network.proxy`
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
    // Beyond 64 bits it is still a number, and no whole one.
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

/// Where a key of a message stands: `a.b` may be `b` in `a`, or a key with a dot in it
///
/// Of a key that is missing, where the table stands that lacks it.
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
                rest.parse().ok().and_then(|at: usize| items.get(at)).map(|item| item.span().start)
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
