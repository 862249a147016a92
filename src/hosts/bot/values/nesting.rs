//! The maximum nesting depth of lists and dictionaries in a variable.

use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::Value;

/// The maximum nesting depth of lists and dictionaries in a variable
///
/// It is deeper than any response of the service, and small enough for the stack of a thread: a value is copied and
/// dropped recursively.
const MAX_NESTING: usize = 256;

/// Checks that a value is not nested too deep when it is placed this many levels below a variable
///
/// Errors: `limit.exceeded`.
pub(crate) fn check_nesting(variable: &str, value: &Value, below: usize) -> Result<(), Error> {
    if nests_deeper(value, MAX_NESTING - below) {
        let message = format!(
            "${variable}$ cannot hold lists and dictionaries that are nested more than {MAX_NESTING} levels deep"
        );
        return Err(
            Error::new(ErrorCode::LimitExceeded, message).help("A loop may be adding a variable to itself.")
        );
    }
    Ok(())
}

fn nests_deeper(value: &Value, levels: usize) -> bool {
    let below = |inner: &Value| levels == 0 || nests_deeper(inner, levels - 1);
    match value {
        Value::List(items) => items.iter().any(below),
        Value::Dictionary(entries) => entries.values().any(below),
        Value::Null | Value::Boolean(_) | Value::Number(_) | Value::Text(_) => false,
    }
}
