//! The rules that names of projects, repositories and pipelines share.
//!
//! Source: Azure DevOps' naming restrictions. Reserved names (AUX, COM1 …) are left to the service.

use crate::contract::ErrorCode;
use crate::contract::ParseError;

/// Characters that no name may contain
const FORBIDDEN: &str = "/:\\~&%;@'\"?<>|#$*}{,+=[]";

/// Limit of the service: its naming restrictions for projects and repositories, in UTF-16 units
pub(super) const MAX_UNITS: usize = 64;

/// Checks a name; `what` begins the reason: `a project name`
pub(super) fn check(code: ErrorCode, what: &str, name: &str) -> Result<(), ParseError> {
    let refuse = |reason: String| Err(ParseError::new(code, format!("{what} {reason}")));
    if name.trim().is_empty() {
        return refuse("cannot be empty".to_owned());
    }
    let units = name.encode_utf16().count();
    if units > MAX_UNITS {
        return refuse(format!("has at most {MAX_UNITS} characters, this one has {units}"));
    }
    if let Some(c) = name.chars().find(|c| c.is_control()) {
        return refuse(format!("cannot contain control characters (U+{:04X})", u32::from(c)));
    }
    if let Some(c) = name.chars().find(|c| FORBIDDEN.contains(*c)) {
        return refuse(format!("cannot contain \"{c}\""));
    }
    if name.trim() != name {
        return refuse("cannot begin or end with a space".to_owned());
    }
    if name.starts_with('_') {
        return refuse("cannot begin with \"_\"".to_owned());
    }
    if name.starts_with('.') || name.ends_with('.') {
        return refuse("cannot begin or end with \".\"".to_owned());
    }
    Ok(())
}
