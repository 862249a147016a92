//! Messages about a file that a flow names.

use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::printable;

/// What is shown of a path
///
/// No system has longer ones. Shorter they are not cut: a flow's path may hold a token, and half a
/// token is not masked any more.
const LONGEST_PATH: usize = 1 << 15;

/// Returns a path as messages show it: without control characters, never cut
pub(super) fn shown(path: &str) -> String {
    printable(path, LONGEST_PATH)
}

/// `the file "x" cannot be written`
pub(super) fn cannot(path: &str, what: &str) -> String {
    format!("the file \"{}\" cannot be {what}", shown(path))
}

/// The error for a file that a flow may not have; the reason follows the file's name
pub(super) fn refused(path: &str, why: &str) -> Error {
    Error::new(ErrorCode::InputInvalid, format!("the file \"{}\" {why}", shown(path)))
}
