//! Values of another type that can mean only one thing: the number 42 as a text, the text `42` as a number. Decision 0190.

use crate::contract::Number;
use crate::contract::Value;

/// Whole numbers above this are not exact in a decimal
const EXACT: f64 = 9_007_199_254_740_992.0;

/// Returns the text of a number that has one spelling
///
/// A decimal without a fraction has none: 3.0 may be meant as "3" or as "3.0". Nor has one that is written with an
/// exponent or has lost digits.
pub(super) fn text_of(value: &Value) -> Option<String> {
    let Value::Number(number) = value else { return None };
    let has_one_spelling = match number {
        Number::Integer(_) => true,
        Number::Decimal(decimal) => decimal.fract() != 0.0 && (1e-6..1e15).contains(&decimal.abs()),
    };
    has_one_spelling.then(|| number.to_string())
}

/// Returns the whole number that a text or a decimal is
pub(super) fn whole_number(value: &Value) -> Option<i64> {
    match value {
        Value::Text(text) => text.trim().parse().ok(),
        Value::Number(Number::Decimal(decimal)) if decimal.fract() == 0.0 && decimal.abs() < EXACT => {
            Some(*decimal as i64)
        }
        _ => None,
    }
}

/// Returns the boolean that a text is: `true` or `false` in any case
pub(super) fn boolean(value: &Value) -> Option<bool> {
    let text = value.as_text()?.trim();
    let is = |word: &str| text.eq_ignore_ascii_case(word);
    if is("true") {
        return Some(true);
    }
    is("false").then_some(false)
}
