//! Requests for pipelines, which the build API calls definitions.

use crate::actions::pipelines::model::Pipeline;
use crate::actions::prelude::*;
use crate::actions::shared::by_name;
use crate::actions::shared::by_name::NamedResource;
use crate::actions::shared::differences::Differences;
use crate::actions::shared::revisions;

/// The needs of reading a pipeline
pub(crate) const READ_NEEDS: Needs =
    Needs { permissions: &[permissions::VIEW_PIPELINE], scope: Some(Scope::BuildRead) };

/// The needs of changing a pipeline
pub(crate) const EDIT_NEEDS: Needs =
    Needs { permissions: &[permissions::EDIT_PIPELINE], scope: Some(Scope::BuildExecute) };

/// Returns the request that lists the project's pipelines
pub(crate) fn list_request(session: &OpenSession<'_>) -> Request<'static> {
    Request::get(&["build", "definitions"])
        .query("queryOrder", "definitionNameAscending")
        .named(format!("list the pipelines of the project \"{}\"", session.project()))
        .needs(&READ_NEEDS)
        .missing(format!("the project \"{}\"", session.project()))
}

/// Returns the request that reads a pipeline
pub(crate) fn read_request<'a>(id: u32, pipeline: &PipelineReference, needs: &Needs) -> Request<'a> {
    let subject = format!("the pipeline \"{pipeline}\"");
    Request::get(&["build", "definitions", &id.to_string()])
        .named(format!("read {subject}"))
        .needs(needs)
        .missing(pipeline.subject("pipeline"))
}

/// Returns the id of a pipeline
///
/// Errors: `resource.not_found` with similar names; `input.invalid` when pipelines in several folders have the name,
/// with the folder and id of each.
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
    let subject = format!("the pipeline \"{pipeline}\"");
    let request = Request::get(&["build", "definitions"])
        .query("name", name.as_str())
        .list()
        .named(format!("look up {subject}"))
        .needs(needs)
        .missing(subject.clone());
    let mut found: Vec<NamedResource> = session.send_list(request).await?;
    found.retain(|one| folder.is_none_or(|folder| one.is_in(folder)));
    by_name::find_id(
        session,
        "pipeline",
        name.as_str(),
        found,
        session.send_list(list_request(session).list()),
    )
    .await
}

/// Reads a pipeline, changes it, writes it back, and returns the new state; `operation` names the change: `enable`
///
/// Errors: those of the change; `resource.conflict` when someone else changed it in the meantime.
async fn revise(
    session: &OpenSession<'_>,
    id: u32,
    pipeline: &PipelineReference,
    operation: &str,
    change: impl FnOnce(&mut Document) -> Result<(), Error>,
) -> Result<Pipeline, Error> {
    let subject = format!("the pipeline \"{pipeline}\"");
    let write = |document: &Document| {
        Ok(Request::put(&["build", "definitions", &id.to_string()])
            .json(document)?
            .named(format!("{operation} {subject}"))
            .needs(&EDIT_NEEDS)
            .missing(pipeline.subject("pipeline")))
    };
    let written = session.revise(&subject, || read_request(id, pipeline, &EDIT_NEEDS), change, write).await?;
    written.read().ok_or_else(|| {
        let message = format!("Could not {operation} {subject}: the response is not a pipeline");
        Error::new(ErrorCode::ServiceBadResponse, message)
    })
}

/// Changes a pipeline; the new revision carries a mark, for the case that the response is lost
///
/// Errors: those of [`find`] and of the change; `resource.conflict` when someone else changed it in the meantime.
pub(crate) async fn edit(
    session: &OpenSession<'_>,
    pipeline: &PipelineReference,
    change: impl FnOnce(&mut Document) -> Result<(), Error>,
) -> Result<Pipeline, Error> {
    let id = find(session, pipeline, &EDIT_NEEDS).await?;
    let mark = Mark::new();
    let marked = |document: &mut Document| {
        change(document)?;
        document.set("comment", &mark.as_str())
    };
    let search = |_| async {
        if !revisions::have(session, revisions_request(id), &mark).await? {
            return Ok(Vec::new());
        }
        let now: Pipeline = session.send(read_request(id, pipeline, &EDIT_NEEDS)).await?;
        Ok(mark.candidate(now, Some(mark.as_str())).into_iter().collect())
    };
    session.settle_creation("pipeline", revise(session, id, pipeline, "edit", marked), search).await
}

/// Sets the queue status of a pipeline: `enabled`, `paused`, `disabled`
pub(crate) async fn set_queue_status(
    session: &OpenSession<'_>,
    pipeline: &PipelineReference,
    operation: &str,
    status: &str,
) -> Result<Pipeline, Error> {
    let id = find(session, pipeline, &EDIT_NEEDS).await?;
    let change = |document: &mut Document| {
        // The comment on the latest revision does not apply to the next one.
        document.remove("comment");
        document.set("queueStatus", &status)
    };
    let lookup = async {
        let now: Pipeline = session.send(read_request(id, pipeline, &EDIT_NEEDS)).await?;
        Ok((now.queue_status.as_deref() == Some(status)).then_some(now))
    };
    let now = session.settle_state(revise(session, id, pipeline, operation, change), lookup).await?;
    Differences::of(&format!("the pipeline \"{pipeline}\""))
        .value("queueStatus", Some(status), now.queue_status.as_deref())
        .warn(session);
    Ok(now)
}

/// Returns the request that lists a pipeline's revisions
fn revisions_request<'a>(id: u32) -> Request<'a> {
    Request::get(&["build", "definitions", &id.to_string(), "revisions"])
        .list()
        .named(format!("read the history of the pipeline {id}"))
        .needs(&READ_NEEDS)
        .missing(format!("the pipeline {id}"))
}

/// Returns the pipelines of a name in a folder, when the response to creating one was lost
pub(crate) async fn created(
    session: &OpenSession<'_>,
    name: &str,
    folder: &str,
) -> Result<Vec<Pipeline>, Error> {
    let request =
        list_request(session).query("name", name).query("path", folder).query("includeAllProperties", "true");
    let mut found: Vec<Pipeline> = session.send_list(request.list()).await?;
    found.retain(|one| one.is_called(name, folder));
    Ok(found)
}

/// Returns the candidates for a lost creation whose first revision carries a mark
pub(crate) async fn created_with_mark(
    session: &OpenSession<'_>,
    name: &str,
    folder: &str,
    mark: &Mark,
) -> Result<Vec<Candidate<Pipeline>>, Error> {
    let found = created(session, name, folder).await?;
    revisions::candidates(session, found, |one| revisions_request(one.id), mark).await
}
