//! How a kind of input refuses a text: with a code and a reason, beside serde's text-only errors.

use std::cell::RefCell;
use std::fmt;

use serde::Deserialize;
use serde::Deserializer;
use serde::de::Visitor;

use crate::contract::ErrorCode;

/// Why an input is refused
///
/// The reason completes `<field>: …` and names the rule; it quotes at most one offending character,
/// never the input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseError {
    /// `input.invalid` or a code of its own, as `organization.invalid_url`
    pub code: ErrorCode,
    /// The rule that was broken
    pub reason: String,
    /// What to write instead, where that can be said
    pub help: Option<String>,
}

impl ParseError {
    /// A refusal with a code of its own
    pub fn new(code: ErrorCode, reason: impl Into<String>) -> Self {
        ParseError { code, reason: reason.into(), help: None }
    }

    /// A refusal as `input.invalid`
    pub fn invalid(reason: impl Into<String>) -> Self {
        Self::new(ErrorCode::InputInvalid, reason)
    }

    /// Adds what to write instead
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// A kind of input that is written as one text: its parser and what it expects, side by side
pub trait TextKind: Sized {
    /// What is expected, in words: `a repository name`
    const EXPECTED: &'static str;

    /// Takes a text or says which rule it breaks
    fn parse(text: &str) -> Result<Self, ParseError>;
}

thread_local! {
    /// serde's error trait carries text only, so a refusal travels beside it: put here where a kind
    /// refuses, taken by `decode`, which runs on the same thread without a break.
    static REFUSED: RefCell<Option<ParseError>> = const { RefCell::new(None) };
}

/// Fails a `Deserialize` with a refusal that `decode` finds again
pub(super) fn refuse<E: serde::de::Error>(refusal: ParseError) -> E {
    REFUSED.set(Some(refusal));
    E::custom("refused")
}

/// The refusal behind the failure that was just seen, if a kind refused
pub(super) fn take_refusal() -> Option<ParseError> {
    REFUSED.take()
}

/// The body of every text kind's `Deserialize`
pub(super) fn deserialize_text<'de, D: Deserializer<'de>, K: TextKind>(
    deserializer: D,
) -> Result<K, D::Error> {
    struct Text<K>(std::marker::PhantomData<K>);
    impl<K: TextKind> Visitor<'_> for Text<K> {
        type Value = K;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(K::EXPECTED)
        }

        fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<K, E> {
            K::parse(text).map_err(refuse)
        }
    }
    deserializer.deserialize_str(Text(std::marker::PhantomData))
}

/// A whole number between two bounds, the body of every number kind's `Deserialize`
pub(super) fn deserialize_integer<'de, D: Deserializer<'de>>(
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
