//! Similar names for errors about resources that do not exist.

use serde::Deserialize;

use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::near_names;
use crate::contract::printable;

/// The maximum number of names shown when none is similar
const SHOWN: usize = 10;

/// The name of a resource in a list
#[derive(Deserialize)]
pub(crate) struct ResourceName {
    #[serde(default)]
    pub(crate) name: Option<String>,
}

/// Adds similar names to a `resource.not_found` error, or some of the existing names if none is similar
///
/// `names` is one more request, sent only if the error is `resource.not_found`; if it fails, the error stays as it is.
pub(crate) async fn with_similar_names(
    error: Error,
    wanted: &str,
    names: impl Future<Output = Result<Vec<ResourceName>, Error>>,
) -> Error {
    if error.code() != ErrorCode::ResourceNotFound {
        return error;
    }
    let Ok(names) = names.await else { return error };
    let names: Vec<&str> = names.iter().filter_map(|named| named.name.as_deref()).collect();
    let near = near_names(wanted, names.iter().copied());
    if !near.is_empty() {
        let near = format!("\"{}\"", near.join("\", \""));
        return error.help(format!("Similar names: {near}.")).with("near", near);
    }
    let some: Vec<String> = names.iter().take(SHOWN).map(|name| printable(name, 256)).collect();
    match some.as_slice() {
        [] => error,
        some => error.help(format!("No name is similar; existing names: \"{}\".", some.join("\", \""))),
    }
}
