//! `complete pull request`

use std::time::Duration;

use crate::actions::prelude::*;
use crate::actions::pull_requests::completion::COMPLETE_NEEDS;
use crate::actions::pull_requests::completion::MergeStrategy;
use crate::actions::pull_requests::completion::Options;
use crate::actions::pull_requests::model::Commit;
use crate::actions::pull_requests::model::PullRequest;
use crate::actions::pull_requests::model::PullRequestRecord;
use crate::actions::pull_requests::policies::obstacles;
use crate::actions::pull_requests::requests::in_its_repository;
use crate::actions::pull_requests::requests::path;
use crate::actions::pull_requests::requests::read;
use crate::actions::pull_requests::requests::read_request;
use crate::actions::shared::wait_state::WaitState;

/// The number of attempts to find a completion whose response was lost
const LOOKS: u32 = 3;

/// Complete a pull request and wait until it is merged
///
/// Only the reviewed commit is merged: if the source branch moves in the meantime or has conflicting changes, the
/// action fails with `resource.conflict`. If policies are not met, it fails with `permission.denied` and names them. A
/// completed pull request is returned as it is.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
    /// The pull request's id
    id: PullRequestId,
    /// The merge strategy
    #[serde(default)]
    merge_strategy: MergeStrategy,
    /// Whether to delete the source branch afterwards
    #[serde(default)]
    delete_source_branch: bool,
    /// The message of the merge commit; the service's default when it is not given
    #[serde(default)]
    commit_message: Option<CommitMessage>,
    /// How long to wait for the merge, in seconds
    #[serde(default = "default_limit")]
    time_limit: TimeLimit,
}

fn default_limit() -> TimeLimit {
    TimeLimit::from_seconds(600)
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    status: &'static str,
    last_merge_source_commit: &'a Commit,
    completion_options: Options<'a>,
}

impl Body<'_> {
    /// Returns whether this user completed the pull request with these options
    fn is_so(&self, now: &PullRequestRecord, user: &str, id: PullRequestId) -> bool {
        let wanted = &self.completion_options;
        let by = now.closed_by.as_ref().and_then(|person| person.id.as_deref());
        let source = now.last_merge_source_commit.as_ref();
        by.is_some_and(|by| by.eq_ignore_ascii_case(user))
            && source.is_some_and(|commit| commit.commit_id == self.last_merge_source_commit.commit_id)
            && now.completion_options.as_ref().is_some_and(|shown| wanted.are(shown, id))
    }
}

pub(super) struct CompletePullRequest;

impl Action for CompletePullRequest {
    const NAME: &'static str = "complete pull request";
    const NODE: &'static str = "Complete pull request {{id}}";
    const EFFECT: Effect = Effect::Changes;
    const NEEDS: Needs = COMPLETE_NEEDS;
    const ALSO_PERFORMS: &'static [AlsoPerforms] =
        &[AlsoPerforms { field: "deleteSourceBranch", value: "true", action: "delete branch" }];
    const ERRORS: &'static [ErrorCode] = &[
        ErrorCode::ResourceNotFound,
        ErrorCode::ResourceConflict,
        ErrorCode::PermissionDenied,
        ErrorCode::DeadlineExceeded,
        ErrorCode::ServiceOutcomeUnknown,
    ];
    const LOST_RESPONSE: LostResponse = LostResponse::ByState(
        "the token's user has completed it, at the same source commit and with the same options",
    );
    const OBJECT: Option<AuditedObject> = Some(AuditedObject::named_by("pull request", "id").name("title"));
    type Input = Input;
    type Output = PullRequest;

    fn examples() -> Vec<Example> {
        vec![Example {
            title: "Merge as one commit and delete the branch",
            inputs: serde_json::json!({ "id": 1, "mergeStrategy": "SQUASH", "deleteSourceBranch": true }),
        }]
    }

    fn time_limit(input: &Input) -> Duration {
        // One second more than requested: the wait ends by itself and its error has the state of the merge.
        input.time_limit.duration() + Duration::from_secs(1)
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<PullRequest, Error> {
        let session = cx.session(&input.session)?;
        let limit = input.time_limit.duration();
        let waiting = WaitState::new(cx);
        match tokio::time::timeout(limit, complete(cx, &session, &input, &waiting)).await {
            Ok(result) => {
                let completed = result?;
                compare(&session, &input, &completed);
                Ok(completed.into_output(&session))
            }
            Err(_) => Err(Error::new(
                ErrorCode::DeadlineExceeded,
                format!(
                    "the pull request {} was not merged within {} s{}",
                    input.id,
                    limit.as_secs(),
                    waiting.last()
                ),
            )
            .help("The merge continues: get the pull request later.")
            .retry(Retry::Later)),
        }
    }
}

async fn complete(
    cx: &Context<'_>,
    session: &OpenSession<'_>,
    input: &Input,
    waiting: &WaitState<'_>,
) -> Result<PullRequestRecord, Error> {
    let before = read(session, input.id, &COMPLETE_NEEDS, false).await?;
    if before.is("completed") {
        return Ok(before);
    }
    if let Some(error) = refused(session, &before, input).await {
        return Err(error);
    }
    let Some(commit) = &before.last_merge_source_commit else {
        let message = format!(
            "the pull request {} has no source commit yet: the service is still preparing its merge",
            input.id
        );
        return Err(Error::new(ErrorCode::ResourceConflict, message).retry(Retry::Later));
    };
    let options = input.options();
    let body = Body { status: "completed", last_merge_source_commit: commit, completion_options: options };
    let request = Request::patch(&path(&before, &input.id.to_string()))
        .json(&body)?
        .named(format!("complete the pull request {}", input.id))
        .needs(&COMPLETE_NEEDS)
        .missing(format!("the pull request {}", input.id));
    let lookup = async {
        for _ in 0..LOOKS {
            let now: PullRequestRecord = session.send(read_request(input.id, &COMPLETE_NEEDS)).await?;
            if now.is("completed") {
                let own = &session.connection().identity().id;
                return Ok(body.is_so(&now, own, input.id).then_some(now));
            }
            session.pause(cx.services.polling.first).await?;
        }
        Ok(None)
    };
    match in_its_repository(session, &before, session.settle_state(session.send(request), lookup)).await {
        Ok(asked) => until_merged(cx, session, input, asked, waiting).await,
        Err(error) => Err(explained(session, input, error).await),
    }
}

impl Input {
    fn options(&self) -> Options<'_> {
        Options {
            merge_strategy: self.merge_strategy.as_str(),
            delete_source_branch: self.delete_source_branch,
            merge_commit_message: self.commit_message.as_ref().map(CommitMessage::as_str),
        }
    }
}

/// Warns if a pull request was merged in another way than requested
fn compare(session: &OpenSession<'_>, input: &Input, completed: &PullRequestRecord) {
    let subject = format!("the pull request {}", input.id);
    input.options().differences(&subject, completed.completion_options.as_ref()).warn(session);
}

/// Polls at growing intervals until the service has merged it or refused to
async fn until_merged(
    cx: &Context<'_>,
    session: &OpenSession<'_>,
    input: &Input,
    mut now: PullRequestRecord,
    waiting: &WaitState<'_>,
) -> Result<PullRequestRecord, Error> {
    let id = input.id;
    let mut interval = cx.services.polling.first;
    while !now.is("completed") {
        if let Some(error) = refused(session, &now, input).await {
            return Err(error);
        }
        let what = match now.merge_status.as_deref() {
            None | Some("notSet" | "queued") => "the preparation of its merge".to_owned(),
            Some("succeeded") => "the merge into its target branch".to_owned(),
            Some(other) => format!("its merge, whose state is \"{}\"", session.excerpt(other, 300)),
        };
        waiting.report(format!("pull request {id} waits for {what}"));
        session.pause(interval).await?;
        interval = session.polling().after(interval);
        now = session.send(read_request(id, &COMPLETE_NEEDS)).await?;
    }
    Ok(now)
}

/// Returns why a pull request cannot be merged
async fn refused(session: &OpenSession<'_>, now: &PullRequestRecord, input: &Input) -> Option<Error> {
    let id = input.id;
    let conflict = |why: &str| {
        Error::new(ErrorCode::ResourceConflict, format!("the pull request {id} cannot be completed: {why}"))
    };
    if now.is("abandoned") {
        return Some(conflict("the pull request is abandoned"));
    }
    if now.is_draft == Some(true) {
        let help = "Publish it first: update pull request with isDraft false.";
        return Some(conflict("it is a draft").help(help));
    }
    match now.merge_status.as_deref() {
        Some("conflicts") => Some(
            conflict("its changes conflict with those of the target branch")
                .help("Merge the target branch into the source branch, resolve the conflicts, and push."),
        ),
        Some("rejectedByPolicy") => {
            let message = format!(
                "the pull request {id} cannot be completed: a policy of the target branch is not met"
            );
            Some(explained(session, input, Error::new(ErrorCode::PermissionDenied, message)).await)
        }
        Some("failure") => {
            let detail =
                session.excerpt(now.merge_failure_message.as_deref().unwrap_or("without a reason"), 300);
            let message = format!("Azure DevOps could not merge the pull request {id}: \"{detail}\"");
            Some(Error::new(ErrorCode::ServiceRejected, message))
        }
        _ => None,
    }
}

/// Adds the policies that are not met, or that forbid the merge strategy, if they are the reason
///
/// The service may refuse a completion with any error; the policies show whether they are the reason.
async fn explained(session: &OpenSession<'_>, input: &Input, error: Error) -> Error {
    let may_be = [ErrorCode::PermissionDenied, ErrorCode::ResourceConflict, ErrorCode::ServiceRejected];
    if !may_be.contains(&error.code()) {
        return error;
    }
    let id = input.id;
    let Ok(obstacles) = obstacles(session, id).await else { return error };
    let wanted = input.merge_strategy;
    if let Some(allowed) = obstacles.strategies.filter(|allowed| !allowed.contains(&wanted.as_str())) {
        let allowed = MergeStrategy::ALL.into_iter().filter(|one| allowed.contains(&one.as_str()));
        let allowed = allowed.map(MergeStrategy::input).collect::<Vec<_>>().join(", ");
        let message = format!(
            "the pull request {id} cannot be completed: a policy of its target branch forbids the merge strategy {}; \
             it allows {allowed}",
            wanted.input()
        );
        return Error::new(ErrorCode::PermissionDenied, message)
            .help(format!("Set mergeStrategy to one of those that are allowed: {allowed}."))
            .with("allowed", allowed)
            .caused_by(error);
    }
    if obstacles.unmet.is_empty() {
        return error;
    }
    let unmet = obstacles.unmet.join("; ");
    let message = format!(
        "the pull request {id} cannot be completed, policies of its target branch are not met: {unmet}"
    );
    Error::new(ErrorCode::PermissionDenied, message)
        .help("Meet the policies, then complete it again.")
        .with("policies", unmet)
        .caused_by(error)
}
