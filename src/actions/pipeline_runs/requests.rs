//! Requests for pipeline runs that several actions send.

use std::fmt::Display;

use crate::actions::pipeline_runs::model::Timeline;
use crate::actions::pipeline_runs::model::TimelineRecord;
use crate::actions::prelude::*;

/// The needs of reading a run
pub(crate) const READ_NEEDS: Needs =
    Needs { permissions: &[permissions::VIEW_BUILDS], scope: Some(Scope::BuildRead) };

/// Returns the request that reads the timeline of a run
pub(crate) fn timeline_request(id: impl Display) -> Request<'static> {
    Request::get(&["build", "builds", &id.to_string(), "timeline"])
        .list()
        .named(format!("read the stages of the pipeline run {id}"))
        .needs(&READ_NEEDS)
        .missing(format!("the pipeline run {id}"))
}

/// Returns the request that reads a run
pub(crate) fn read_request(id: impl Display) -> Request<'static> {
    Request::get(&["build", "builds", &id.to_string()])
        .named(format!("read the pipeline run {id}"))
        .needs(&READ_NEEDS)
        .missing(format!("the pipeline run {id}"))
}

/// Returns the ids of the approvals that a run waits for, from its timeline
pub(crate) async fn waiting_approvals(session: &OpenSession<'_>, id: RunId) -> Result<Vec<String>, Error> {
    let timeline: Timeline = session.send(timeline_request(id)).await?;
    let waits = |record: &&TimelineRecord| {
        record.kind.as_deref() == Some("Checkpoint.Approval") && record.state.as_deref() == Some("inProgress")
    };
    Ok(timeline.records().iter().filter(waits).filter_map(|record| record.id.clone()).collect())
}

/// Returns the request that reads the tags of a run
pub(crate) fn tags_request(id: RunId) -> Request<'static> {
    Request::get(&["build", "builds", &id.to_string(), "tags"])
        .list()
        .named(format!("read the tags of the pipeline run {id}"))
        .needs(&READ_NEEDS)
        .missing(format!("the pipeline run {id}"))
}
