//! A thing that is not there is told with what is near to it.

use serde::Deserialize;

use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::near_names;
use crate::contract::printable;

/// How many names are shown when none is near
const SHOWN: usize = 10;

/// A thing of a list by its name alone
#[derive(Deserialize)]
pub(crate) struct Named {
    #[serde(default)]
    pub(crate) name: Option<String>,
}

/// Adds the names near to the one that was not found, or some of those that are there when none is near
///
/// `names` is the one more request: it is sent only when the error is `resource.not_found`, and one that fails adds
/// nothing.
pub(crate) async fn with_near(
    error: Error,
    wanted: &str,
    names: impl Future<Output = Result<Vec<Named>, Error>>,
) -> Error {
    if error.code() != ErrorCode::ResourceNotFound {
        return error;
    }
    let Ok(names) = names.await else { return error };
    let names: Vec<&str> = names.iter().filter_map(|named| named.name.as_deref()).collect();
    let near = near_names(wanted, names.iter().copied());
    if !near.is_empty() {
        let near = format!("\"{}\"", near.join("\", \""));
        return error.help(format!("Near to it: {near}.")).with("near", near);
    }
    let some: Vec<String> = names.iter().take(SHOWN).map(|name| printable(name, 256)).collect();
    match some.as_slice() {
        [] => error,
        some => error.help(format!("None is near to it; there are \"{}\".", some.join("\", \""))),
    }
}
