//! How a kind of input refuses a text: with a code and a reason, beside serde's text-only errors.

use std::cell::RefCell;

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

thread_local! {
    /// serde's error trait carries text only, so a refusal travels beside it: put here where a kind
    /// refuses, taken by `decode`, which runs on the same thread without a break.
    static REFUSED: RefCell<Option<ParseError>> = const { RefCell::new(None) };
}

/// Fails a `Deserialize` with a refusal that `decode` finds again
pub(in crate::contract) fn refuse<E: serde::de::Error>(refusal: ParseError) -> E {
    REFUSED.set(Some(refusal));
    E::custom("refused")
}

/// The refusal behind the failure that was just seen, if a kind refused
pub(super) fn take_refusal() -> Option<ParseError> {
    REFUSED.take()
}
