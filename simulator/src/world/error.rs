//! Errors in the description of a world.

use std::collections::HashSet;
use std::error::Error;
use std::fmt;

/// The description of a world is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorldError(pub(crate) String);

impl fmt::Display for WorldError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl Error for WorldError {}

/// Checks that names of one kind differ in more than case.
pub(crate) fn distinct<'a>(kind: &str, all: impl Iterator<Item = &'a str>) -> Result<(), WorldError> {
    let mut seen = HashSet::new();
    for name in all {
        if name.is_empty() {
            return Err(WorldError(format!("{kind}: a name is empty")));
        }
        if !seen.insert(name.to_lowercase()) {
            return Err(WorldError(format!("{kind}: the name {name:?} is used twice")));
        }
    }
    Ok(())
}
