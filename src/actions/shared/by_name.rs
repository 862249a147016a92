//! The one thing of a name, where the service wants its id.

use std::fmt::Display;

use serde::Deserialize;

use crate::actions::runtime::OpenSession;
use crate::actions::shared::not_found::Named;
use crate::actions::shared::not_found::with_near;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::printable;

/// A thing that can be looked up by its name, with its folder where there are folders
#[derive(Deserialize)]
pub(crate) struct Known<I = u32> {
    id: I,
    name: String,
    #[serde(default)]
    path: Option<String>,
}

/// The id of the one thing that is called so, letter case aside as the service does
///
/// `kind` is its word: `pipeline`. `found` is what the service finds of the name, which may be more than was asked
/// for; `names` are those of all things of the kind, asked for only when it is none of them. Errors:
/// `resource.not_found` with the names near to it; `input.invalid` when several things have the name, with the id of
/// each and its folder.
pub(crate) async fn id<I: Clone + Display>(
    session: &OpenSession<'_>,
    kind: &str,
    name: &str,
    mut found: Vec<Known<I>>,
    names: impl Future<Output = Result<Vec<Named>, Error>>,
) -> Result<I, Error> {
    found.retain(|one| one.name.to_lowercase() == name.to_lowercase());
    let shown = printable(name, 300);
    match found.as_slice() {
        [one] => Ok(one.id.clone()),
        [] => {
            let message = format!(
                "the {kind} \"{shown}\" is not in the project \"{}\", or cannot be seen",
                session.project()
            );
            Err(with_near(Error::new(ErrorCode::ResourceNotFound, message), name, names).await)
        }
        several => {
            let place = |one: &Known<I>| match &one.path {
                Some(path) => format!("{} in {}", one.id, printable(path, 300)),
                None => one.id.to_string(),
            };
            let candidates = several.iter().map(place).collect::<Vec<_>>().join(", ");
            let message = format!("{} {kind}s are called \"{shown}\"", several.len());
            Err(Error::new(ErrorCode::InputInvalid, message)
                .help(format!("Give the id of one of them: {candidates}."))
                .with("candidates", candidates))
        }
    }
}

/// Refuses to destroy a thing whose name is written otherwise than it is
///
/// `wanted` is nothing for a thing that is given by its id. Errors: `input.invalid`.
pub(crate) fn exactly(action: &str, kind: &str, wanted: Option<&str>, there: &str) -> Result<(), Error> {
    let Some(wanted) = wanted.filter(|wanted| *wanted != there) else { return Ok(()) };
    let (wanted, there) = (printable(wanted, 300), printable(there, 300));
    let message = format!("{action}: the {kind} is called \"{there}\", not \"{wanted}\"");
    Err(Error::new(ErrorCode::InputInvalid, message).help("Write its name exactly, or its id."))
}
