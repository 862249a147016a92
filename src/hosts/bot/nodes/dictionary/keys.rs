//! The error of a variable that has no keys.

use crate::contract::Error;
use crate::contract::Value;
use crate::hosts::bot::values::expression_error;

/// Returns the error for a variable that holds no dictionary
pub(super) fn has_no_keys(variable: &str, value: &Value) -> Error {
    expression_error(format!("${variable}$ is {} and has no keys", value.kind()))
}
