//! The error of an expression.

use crate::contract::Error;
use crate::contract::ErrorCode;

/// An expression that cannot be read or computed
pub(crate) fn failed(message: impl Into<String>) -> Error {
    Error::new(ErrorCode::BotExpression, message)
}
