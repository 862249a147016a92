//! Kinds of input that are whole numbers between two bounds.

use serde::Deserialize as _;
use serde::Deserializer;

use crate::contract::ParseError;
use crate::contract::inputs::parse_error::refuse;

/// Deserializes a whole number between two bounds; the body of a number kind's `Deserialize`
pub(in crate::contract) fn deserialize_integer<'de, D: Deserializer<'de>>(
    deserializer: D,
    expected: &str,
    bounds: std::ops::RangeInclusive<i64>,
) -> Result<i64, D::Error> {
    let number = i64::deserialize(deserializer)?;
    if bounds.contains(&number) {
        return Ok(number);
    }
    let (low, high) = bounds.into_inner();
    Err(refuse(ParseError::invalid(format!("expected {expected} from {low} to {high}"))))
}
