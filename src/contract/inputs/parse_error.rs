//! The error of a kind of input: a code and a reason, passed beside serde's text-only errors.

use std::cell::RefCell;

use crate::contract::ErrorCode;

/// Why an input is rejected
///
/// The reason completes `<field>: …` and names the rule. It quotes at most one invalid character,
/// never the input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseError {
    /// `input.invalid` or a more specific code, such as `organization.invalid_url`
    pub code: ErrorCode,
    /// The rule that was broken
    pub reason: String,
    /// What to write instead, if that is known
    pub help: Option<String>,
}

impl ParseError {
    /// Creates an error with a specific code
    pub fn new(code: ErrorCode, reason: impl Into<String>) -> Self {
        ParseError { code, reason: reason.into(), help: None }
    }

    /// Creates an error with the code `input.invalid`
    pub fn invalid(reason: impl Into<String>) -> Self {
        Self::new(ErrorCode::InputInvalid, reason)
    }

    /// Sets what to write instead
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

thread_local! {
    /// serde's error trait carries text only, so the parse error is passed beside it: a kind stores it here,
    /// and `decode`, which runs on the same thread without interruption, takes it.
    static REFUSED: RefCell<Option<ParseError>> = const { RefCell::new(None) };
}

/// Returns the error of a `Deserialize`, and stores the parse error for `decode`
pub(in crate::contract) fn refuse<E: serde::de::Error>(refusal: ParseError) -> E {
    REFUSED.set(Some(refusal));
    E::custom("rejected")
}

/// Takes the parse error that a kind has stored, if there is one
pub(super) fn take_refusal() -> Option<ParseError> {
    REFUSED.take()
}
