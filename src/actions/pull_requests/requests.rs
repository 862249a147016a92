//! Requests for pull requests that several actions send.

use std::fmt::Display;

use crate::actions::prelude::*;
use crate::actions::pull_requests::model::PullRequest;
use crate::actions::pull_requests::model::PullRequestRecord;
use crate::actions::repositories::requests::disabled;
use crate::actions::repositories::requests::in_repository;

/// The needs of reading a pull request
pub(crate) const READ_NEEDS: Needs =
    Needs { permissions: &[permissions::READ_REPOSITORY], scope: Some(Scope::CodeRead) };

/// The needs of writing one
pub(crate) const WRITE_NEEDS: Needs =
    Needs { permissions: &[permissions::CONTRIBUTE_TO_PULL_REQUESTS], scope: Some(Scope::CodeWrite) };

/// Returns the request that reads a pull request by its id
pub(crate) fn read_request(id: impl Display, needs: &Needs) -> Request<'static> {
    Request::get(&["git", "pullrequests", &id.to_string()])
        .named(format!("read the pull request {id}"))
        .needs(needs)
        .missing(format!("the pull request {id}"))
}

/// Reads a pull request by its id
///
/// The service shows no pull request of a disabled repository, so the error names the project's disabled repositories.
pub(crate) async fn read(
    session: &OpenSession<'_>,
    id: PullRequestId,
    needs: &Needs,
    raw: bool,
) -> Result<PullRequestRecord, Error> {
    let error = match session.send_record(read_request(id, needs), raw).await {
        Err(error) if error.code() == ErrorCode::ResourceNotFound => error,
        result => return result,
    };
    let disabled = disabled(session).await;
    if disabled.is_empty() {
        return Err(error);
    }
    let help = format!(
        "If it is in a repository that is disabled (\"{}\"), enable that with Update repository (isDisabled false).",
        disabled.join("\", \"")
    );
    Err(error.help(help))
}

/// Runs requests about a pull request; the error for what does not exist says whether its repository is the reason
pub(crate) async fn in_its_repository<T>(
    session: &OpenSession<'_>,
    pull_request: &PullRequestRecord,
    work: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    in_repository(session, &RepositoryName::of_id(&pull_request.repository.id), work).await
}

/// Returns the path of a pull request; requests that change one need the id of its repository too
pub(crate) fn path<'a>(wire: &'a PullRequestRecord, id: &'a str) -> [&'a str; 5] {
    ["git", "repositories", &wire.repository.id, "pullrequests", id]
}

/// Fails if the source branch of a pull request is its target branch
pub(crate) fn not_onto_itself(
    action: &str,
    source: &BranchName,
    target: &str,
    is_default: bool,
) -> Result<(), Error> {
    if source.full() != target {
        return Ok(());
    }
    let why = if is_default { ", since it is the default branch" } else { "" };
    let message = format!("{action}: the source branch \"{source}\" is also the target branch{why}");
    Err(Error::new(ErrorCode::InputInvalid, message)
        .help("Commit to another branch and give it as the source, or give another target branch."))
}

/// The user whose auto-complete it is, in a request
#[derive(Serialize)]
pub(crate) struct WhoSetsIt<'a> {
    pub(crate) id: &'a str,
}

/// Changes a pull request, and returns it as actions do
pub(crate) async fn patch(
    session: &OpenSession<'_>,
    before: &PullRequestRecord,
    id: PullRequestId,
    operation: String,
    body: &impl Serialize,
    is_so: impl Fn(&PullRequestRecord) -> bool,
) -> Result<PullRequest, Error> {
    Ok(change(session, before, id, operation, body, is_so).await?.into_output(session))
}

/// Changes a pull request; when the response is lost, `is_so` checks whether the change was made
pub(crate) async fn change(
    session: &OpenSession<'_>,
    before: &PullRequestRecord,
    id: PullRequestId,
    operation: String,
    body: &impl Serialize,
    is_so: impl Fn(&PullRequestRecord) -> bool,
) -> Result<PullRequestRecord, Error> {
    let number = id.to_string();
    let request = Request::patch(&path(before, &number))
        .json(body)?
        .named(operation)
        .needs(&WRITE_NEEDS)
        .missing(format!("the pull request {id}"));
    let lookup = async {
        let now: PullRequestRecord = session.send(read_request(id, &WRITE_NEEDS)).await?;
        Ok(Some(now).filter(|now| is_so(now)))
    };
    let changing = session.settle_state(session.send(request), lookup);
    in_its_repository(session, before, changing).await
}
