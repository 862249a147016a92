//! Looking up ids by name.

use std::fmt::Display;

use serde::Deserialize;

use crate::actions::runtime::OpenSession;
use crate::actions::shared::not_found::ResourceName;
use crate::actions::shared::not_found::with_similar_names;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::PipelineFolder;
use crate::contract::ResourceReference;
use crate::contract::printable;
use crate::devops::Request;

/// A resource with its name, and its folder where there are folders
#[derive(Deserialize)]
pub(crate) struct NamedResource<I = u32> {
    id: I,
    name: String,
    #[serde(default)]
    path: Option<String>,
}

impl<I> NamedResource<I> {
    /// Returns the id
    pub(crate) fn id(&self) -> &I {
        &self.id
    }

    /// Returns the name
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Returns whether it is in a folder; letter case does not matter
    pub(crate) fn is_in(&self, folder: &PipelineFolder) -> bool {
        self.path.as_deref().unwrap_or("\\").to_lowercase() == folder.as_str().to_lowercase()
    }
}

/// Returns the id of the resource with this name; letter case does not matter
///
/// `kind` is the word for messages: `pipeline`. `found` is the service's search result, which may have more than this
/// name. `names` requests the names of all resources of the kind; it runs only if none has this name. Errors:
/// `resource.not_found` with similar names; `input.invalid` when several resources have the name, with the id and
/// folder of each.
pub(crate) async fn find_id<I: Clone + Display>(
    session: &OpenSession<'_>,
    kind: &str,
    name: &str,
    mut found: Vec<NamedResource<I>>,
    names: impl Future<Output = Result<Vec<ResourceName>, Error>>,
) -> Result<I, Error> {
    found.retain(|one| one.name.to_lowercase() == name.to_lowercase());
    let shown = printable(name, 300);
    match found.as_slice() {
        [one] => Ok(one.id.clone()),
        [] => Err(with_similar_names(missing(session, kind, name), name, names).await),
        several => {
            let segments = |one: &NamedResource<I>| match &one.path {
                Some(path) => format!("{} in {}", one.id, printable(path, 300)),
                None => one.id.to_string(),
            };
            let candidates = several.iter().map(segments).collect::<Vec<_>>().join(", ");
            let message = format!("{} {kind}s are called \"{shown}\"", several.len());
            Err(Error::new(ErrorCode::InputInvalid, message)
                .help(format!("Give the id, or the folder and name, of one of them: {candidates}."))
                .with("candidates", candidates))
        }
    }
}

/// Returns the id of the resource that an input names, by its name or id
///
/// `list` is the request for all resources of the kind, which `filter` limits to one name. Errors: `resource.not_found` with
/// similar names; `input.invalid` if digits are the id of one resource and the name of another.
pub(crate) async fn find_reference(
    session: &OpenSession<'_>,
    (kind, field): (&str, &str),
    reference: &ResourceReference,
    filter: &str,
    list: impl Fn() -> Request<'static>,
) -> Result<u32, Error> {
    let text = reference.as_str();
    if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        let found: Vec<NamedResource> = session.send_list(list().query(filter, text)).await?;
        return find_id(session, kind, text, found, session.send_list(list())).await;
    }
    let all: Vec<NamedResource> = session.send_list(list()).await?;
    let by_id = all.iter().find(|one| one.id.to_string() == text);
    let named = all.iter().find(|one| one.name == text);
    match (by_id, named) {
        (Some(one), Some(other)) if one.id != other.id => {
            let (name, id) = (printable(&one.name, 300), other.id);
            let message =
                format!("{text} is the id of the {kind} \"{name}\", and the name of the {kind} {id}");
            Err(Error::new(ErrorCode::InputInvalid, message)
                .help(format!("Give the name \"{name}\" or the id {id}."))
                .with("field", field))
        }
        (Some(one), _) | (None, Some(one)) => Ok(one.id),
        (None, None) => Err(missing(session, kind, text)),
    }
}

/// Returns the error for a resource that does not exist in the project
pub(crate) fn missing(session: &OpenSession<'_>, kind: &str, text: &str) -> Error {
    let shown = printable(text, 300);
    let message = format!(
        "the {kind} \"{shown}\" does not exist in the project \"{}\", or is not visible",
        session.project()
    );
    Error::new(ErrorCode::ResourceNotFound, message)
}

/// Fails if the name of a resource to delete is not written exactly
///
/// `wanted` is `None` for a resource that is given by its id. Errors: `input.invalid`.
pub(crate) fn check_exact_name(
    action: &str,
    kind: &str,
    wanted: Option<&str>,
    actual: &str,
) -> Result<(), Error> {
    let Some(wanted) = wanted.filter(|wanted| *wanted != actual) else { return Ok(()) };
    let (wanted, actual) = (printable(wanted, 300), printable(actual, 300));
    let message = format!("{action}: the {kind} is called \"{actual}\", not \"{wanted}\"");
    Err(Error::new(ErrorCode::InputInvalid, message).help("Give its exact name, or its id."))
}
