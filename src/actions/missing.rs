//! A thing that is not there is told with what is near to it.

use serde::Deserialize;

use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::near_names;

/// A thing of a list by its name alone
#[derive(Deserialize)]
pub(super) struct Named {
    #[serde(default)]
    pub(super) name: Option<String>,
}

/// Adds the names near to the one that was not found
///
/// `names` is the one more request: it is sent only when the error is `resource.not_found`, and one that fails adds
/// nothing.
pub(super) async fn with_near(
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
    if near.is_empty() {
        return error;
    }
    let near = near.join("\", \"");
    error.help(format!("Near to it: \"{near}\".")).with("near", format!("\"{near}\""))
}
