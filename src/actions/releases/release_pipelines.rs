//! Requests for release pipelines, which the service calls release definitions.
//!
//! The shapes are from the published description of release 7.1; no recorded response was available.

use crate::actions::prelude::*;
use crate::actions::releases::release_pipeline::ReleasePipeline;
use crate::actions::shared::by_name;
use crate::actions::shared::by_name::NamedResource;
use crate::actions::shared::revisions;

/// The needs of reading a release pipeline
pub(crate) const READ_NEEDS: Needs =
    Needs { permissions: &[permissions::VIEW_RELEASE_PIPELINE], scope: Some(Scope::ReleaseRead) };

/// The needs of creating or changing a release pipeline
pub(crate) const EDIT_NEEDS: Needs =
    Needs { permissions: &[permissions::EDIT_RELEASE_PIPELINE], scope: Some(Scope::ReleaseExecute) };

/// Returns the request that lists the project's release pipelines
pub(crate) fn list_request(session: &OpenSession<'_>) -> Request<'static> {
    Request::get(&["release", "definitions"])
        .release()
        .named(format!("list the release pipelines of the project \"{}\"", session.project()))
        .needs(&READ_NEEDS)
        .missing(format!("the project \"{}\"", session.project()))
}

/// Returns the request that reads a release pipeline
pub(crate) fn read_request<'a>(id: u32, pipeline: &PipelineReference, needs: &Needs) -> Request<'a> {
    let subject = format!("the release pipeline \"{pipeline}\"");
    Request::get(&["release", "definitions", &id.to_string()])
        .release()
        .named(format!("read {subject}"))
        .needs(needs)
        .missing(pipeline.subject("release pipeline"))
}

/// Returns the id of a release pipeline
///
/// Errors: `resource.not_found` with similar names; `input.invalid` when several folders have one of that name.
pub(crate) async fn find(
    session: &OpenSession<'_>,
    pipeline: &PipelineReference,
    needs: &Needs,
) -> Result<u32, Error> {
    let (folder, name) = match pipeline {
        PipelineReference::Id(id) => return Ok(*id),
        PipelineReference::Name(name) => (None, name),
        PipelineReference::InFolder(folder, name) => (Some(folder), name),
    };
    let subject = format!("the release pipeline \"{pipeline}\"");
    let request = Request::get(&["release", "definitions"])
        .release()
        .query("searchText", name.as_str())
        .query("isExactNameMatch", "true")
        .list()
        .named(format!("look up {subject}"))
        .needs(needs)
        .missing(subject.clone());
    let mut found: Vec<NamedResource> = session.send_list(request).await?;
    found.retain(|one| folder.is_none_or(|folder| one.is_in(folder)));
    by_name::find_id(
        session,
        "release pipeline",
        name.as_str(),
        found,
        session.send_list(list_request(session).list()),
    )
    .await
}

/// Returns the request that lists a release pipeline's revisions
pub(crate) fn revisions_request<'a>(id: u32) -> Request<'a> {
    Request::get(&["release", "definitions", &id.to_string(), "revisions"])
        .release()
        .list()
        .named(format!("read the history of the release pipeline {id}"))
        .needs(&READ_NEEDS)
        .missing(format!("the release pipeline {id}"))
}

/// Returns the candidates of a name in a folder, when the response to creating a marked one was lost
pub(crate) async fn created_with_mark(
    session: &OpenSession<'_>,
    name: &str,
    folder: &str,
    mark: &Mark,
) -> Result<Vec<Candidate<ReleasePipeline>>, Error> {
    let request = list_request(session)
        .query("searchText", name)
        .query("isExactNameMatch", "true")
        .query("$expand", "environments,artifacts");
    let mut found: Vec<ReleasePipeline> = session.send_list(request.list()).await?;
    let same = |one: &str, other: &str| one.to_lowercase() == other.to_lowercase();
    found.retain(|one| same(&one.name, name) && same(one.folder.as_deref().unwrap_or("\\"), folder));
    revisions::candidates(session, found, |one| revisions_request(one.id), mark).await
}
