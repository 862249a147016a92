//! Errors and messages about a file that a flow names.

use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::printable;

/// The maximum length of a path in a message
///
/// No system has longer paths. Shorter ones are not cut: a flow's path may contain a token, and a partial
/// token would not be masked.
const LONGEST_PATH: usize = 1 << 15;

/// Returns a path as messages show it: without control characters, never cut
pub(super) fn shown(path: &str) -> String {
    printable(path, LONGEST_PATH)
}

/// Returns `the file "x" cannot be written`
pub(super) fn cannot(path: &str, what: &str) -> String {
    format!("the file \"{}\" cannot be {what}", shown(path))
}

/// Returns the error for a file that a flow may not use; the reason follows the file's name
pub(super) fn refused(path: &str, why: &str) -> Error {
    Error::new(ErrorCode::InputInvalid, format!("the file \"{}\" {why}", shown(path)))
}
