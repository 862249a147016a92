//! The error of an expression.

use crate::contract::Error;
use crate::contract::ErrorCode;

/// Returns the error of an expression that cannot be parsed or evaluated
pub(crate) fn expression_error(message: impl Into<String>) -> Error {
    Error::new(ErrorCode::BotExpression, message)
}
