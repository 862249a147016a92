//! The error of an expression, and how it names what it is about.

use crate::contract::Error;
use crate::contract::ErrorCode;

/// Returns the error of an expression that cannot be parsed or evaluated
pub(crate) fn expression_error(message: impl Into<String>) -> Error {
    Error::new(ErrorCode::BotExpression, message)
}

/// Quotes a name only if it looks like one: the text between two stray dollar signs may be a token
pub(crate) fn quoted(name: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | ':' | '@');
    if name.len() <= 50 && name.chars().all(plain) {
        format!("\"{name}\"")
    } else {
        "of that name".to_owned()
    }
}
