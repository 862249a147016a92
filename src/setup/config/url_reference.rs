//! A URL of the operator that may have a password: it is written as a reference then, `env:NAME` or `file:PATH`.

use std::path::Path;

use crate::files;
use crate::setup::environment::Lookup;

/// The largest file that is read, in bytes
const MAX_BYTES: usize = 64 << 10;

/// Splits a reference into its kind and its place; nothing if the text is the URL itself
pub(super) fn reference(written: &str) -> Option<(&str, &str)> {
    written.split_once(':').filter(|(store, place)| matches!(*store, "env" | "file") && !place.is_empty())
}

/// Returns the URL itself, or what the reference leads to
///
/// The error is the reason, which quotes nothing of the URL.
pub(super) fn text_of(written: &str, lookup: &Lookup) -> Result<String, String> {
    match reference(written) {
        Some(("env", name)) => lookup(name)
            .and_then(|value| value.into_string().ok())
            .ok_or_else(|| format!("the variable {name} is not set")),
        Some((_, path)) => {
            let read = files::read_trusted(Path::new(path), MAX_BYTES)
                .map_err(|error| format!("{path} cannot be read: {}", files::reason(&error)))?;
            let read = read.ok_or_else(|| format!("{path} contains no URL"))?;
            let text = files::utf8(&read)
                .map_err(|not_utf8| format!("{path} cannot be read: {}", not_utf8.reason()))?;
            Ok(text.trim().to_owned())
        }
        None => Ok(written.trim().to_owned()),
    }
}
