//! The key of a request that is made once.

use crate::contract::ParseError;
use crate::contract::TextKind;
use crate::contract::inputs::text_kind::text_kind;

/// Limit of this package: long enough for a name with a date, or for a hash
const MAX_KEY: usize = 128;

/// A key that the calls of one request have in common: 1 to 128 characters in one line
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyKey(String);

impl IdempotencyKey {
    /// Returns the key as it was written
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TextKind for IdempotencyKey {
    const EXPECTED: &'static str = "an idempotency key";

    fn parse(text: &str) -> Result<Self, ParseError> {
        let is_long = text.chars().count() > MAX_KEY;
        if text.trim().is_empty() || is_long || text.trim() != text || text.chars().any(char::is_control) {
            return Err(ParseError::invalid(
                "an idempotency key has 1 to 128 characters in one line, without spaces at its ends",
            ));
        }
        Ok(IdempotencyKey(text.to_owned()))
    }
}

text_kind!(IdempotencyKey, { "minLength": 1, "maxLength": MAX_KEY });

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_one_line_of_limited_length() {
        let most = "é".repeat(MAX_KEY);
        for good in ["nightly-2026-11-30", "a b", &most] {
            assert_eq!(IdempotencyKey::parse(good).expect(good).as_str(), good);
        }
        for bad in ["", " ", " a", "a ", "a\nb", &"é".repeat(MAX_KEY + 1)] {
            assert!(IdempotencyKey::parse(bad).is_err(), "{bad:?}");
        }
    }
}
