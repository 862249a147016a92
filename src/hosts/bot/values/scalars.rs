//! Numbers and booleans that are written as texts.

use crate::contract::Number;

/// Parses a number of a flow: `3`, `-3.5`
pub(crate) fn parse_number(text: &str) -> Option<Number> {
    let text = text.trim();
    if let Ok(integer) = text.parse() {
        return Some(Number::Integer(integer));
    }
    let digits = text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'+' | b'e' | b'E'));
    text.parse().ok().filter(|decimal: &f64| digits && decimal.is_finite()).map(Number::Decimal)
}

/// Parses `true` or `false`, ignoring case
pub(crate) fn parse_boolean(text: &str) -> Option<bool> {
    match text.trim() {
        text if text.eq_ignore_ascii_case("true") => Some(true),
        text if text.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_bot_files() {
        for (text, expected) in [
            ("3", Some(Number::Integer(3))),
            (" 3 ", Some(Number::Integer(3))),
            ("-3.5", Some(Number::Decimal(-3.5))),
            ("1e3", Some(Number::Decimal(1000.0))),
            ("inf", None),
            ("NaN", None),
            ("1e999", None),
            ("", None),
            ("3 apples", None),
        ] {
            assert_eq!(parse_number(text), expected, "{text}");
        }
    }
}
