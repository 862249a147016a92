//! A part of a value, as far as it is known before the run.

use std::fmt;

use crate::contract::Dictionary;
use crate::contract::did_you_mean;
use crate::contract::nearest;
use crate::contract::printable;

/// A length that cuts no text that has to be masked
const UNSHORTENED: usize = 1 << 20;

/// A part that a reference goes through
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum PathPart {
    /// The entry of a dictionary
    Key(String),
    /// An entry whose name is computed
    Computed,
    /// The item of a list; `None` if its index is computed
    Index(Option<usize>),
}

impl fmt::Display for PathPart {
    /// Writes the part in the notation of a flow: `{name}`, `[0]`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PathPart::Key(key) => write!(f, "{{{}}}", printable(key, 256)),
            PathPart::Computed => f.write_str("{…}"),
            PathPart::Index(Some(index)) => write!(f, "[{index}]"),
            PathPart::Index(None) => f.write_str("[…]"),
        }
    }
}

/// Returns the message for a missing key: `has no key "reslt"; did you mean "result"?`
///
/// Keys are not shortened here: a key may be a token, and a part of a token would not be masked.
pub(crate) fn no_key(entries: &Dictionary, key: &str) -> String {
    let near = nearest(key, entries.keys());
    format!("has no key \"{}\"{}", printable(key, UNSHORTENED), did_you_mean(near))
}
