//! The revisions of a pipeline or a release pipeline, whose comments carry marks.

use serde::Deserialize;

use crate::actions::runtime::Candidate;
use crate::actions::runtime::Created;
use crate::actions::runtime::Mark;
use crate::actions::runtime::OpenSession;
use crate::contract::Error;
use crate::devops::Request;

#[derive(Deserialize)]
struct Revision {
    #[serde(default)]
    comment: Option<String>,
}

/// Returns the comments on the revisions that `request` lists, oldest first
async fn comments(session: &OpenSession<'_>, request: Request<'_>) -> Result<Vec<String>, Error> {
    let revisions: Vec<Revision> = session.send_list(request).await?;
    Ok(revisions.into_iter().filter_map(|revision| revision.comment).collect())
}

/// Returns whether one of the revisions that `request` lists carries the mark
pub(crate) async fn have(
    session: &OpenSession<'_>,
    request: Request<'_>,
    mark: &Mark,
) -> Result<bool, Error> {
    Ok(comments(session, request).await?.iter().any(|comment| mark.is(comment)))
}

/// Returns the candidates among new resources, by the marks of their revisions
pub(crate) async fn candidates<'r, T: Created>(
    session: &OpenSession<'_>,
    found: Vec<T>,
    revisions: impl Fn(&T) -> Request<'r>,
    mark: &Mark,
) -> Result<Vec<Candidate<T>>, Error> {
    let mut candidates = Vec::new();
    for resource in found {
        let comments = comments(session, revisions(&resource)).await?;
        let shown = comments.iter().find(|comment| mark.is(comment)).or(comments.first());
        candidates.extend(mark.candidate(resource, shown.map(String::as_str)));
    }
    Ok(candidates)
}
