//! `set auto complete`

use crate::actions::prelude::*;
use crate::actions::pull_requests::completion::COMPLETE_NEEDS;
use crate::actions::pull_requests::completion::MergeStrategy;
use crate::actions::pull_requests::completion::Options;
use crate::actions::pull_requests::model::PullRequest;
use crate::actions::pull_requests::model::PullRequestRecord;
use crate::actions::pull_requests::requests::WhoSetsIt;
use crate::actions::pull_requests::requests::change;
use crate::actions::pull_requests::requests::read;

/// Set auto-complete of a pull request
///
/// The service completes it for the token's user when its policies are met. If auto-complete is set already, these options replace the former ones. A
/// completed pull request is returned as it is; if it is abandoned, the action fails with `resource.conflict`. A pull
/// request whose policies are met already is completed at once: use Complete pull request to wait for the merge.
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
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    auto_complete_set_by: WhoSetsIt<'a>,
    completion_options: Options<'a>,
}

impl Body<'_> {
    /// Returns whether auto-complete is set by this user with these options, or has completed the pull request with them
    fn is_so(&self, now: &PullRequestRecord, id: PullRequestId) -> bool {
        let by = now.auto_complete_set_by.as_ref().and_then(|person| person.id.as_deref());
        by.is_some_and(|by| by.eq_ignore_ascii_case(self.auto_complete_set_by.id))
            && now.completion_options.as_ref().is_some_and(|shown| self.completion_options.are(shown, id))
    }
}

pub(super) struct SetAutoComplete;

impl Action for SetAutoComplete {
    const NAME: &'static str = "set auto complete";
    const NODE: &'static str = "Set auto complete of pull request {{id}}";
    const EFFECT: Effect = Effect::Changes;
    const NEEDS: Needs = COMPLETE_NEEDS;
    const ALSO_PERFORMS: &'static [AlsoPerforms] = &[
        AlsoPerforms { field: "id", value: AlsoPerforms::ANY, action: "complete pull request" },
        AlsoPerforms { field: "deleteSourceBranch", value: "true", action: "delete branch" },
    ];
    const ERRORS: &'static [ErrorCode] = &[
        ErrorCode::ResourceNotFound,
        ErrorCode::ResourceConflict,
        ErrorCode::PermissionDenied,
        ErrorCode::ServiceOutcomeUnknown,
    ];
    const LOST_RESPONSE: LostResponse =
        LostResponse::ByState("the token's user has set auto-complete, with the same options");
    const OBJECT: Option<AuditedObject> = Some(AuditedObject::named_by("pull request", "id").name("title"));
    type Input = Input;
    type Output = PullRequest;

    fn examples() -> Vec<Example> {
        vec![Example {
            title: "Merge as one commit as soon as the policies are met",
            inputs: serde_json::json!({ "id": 1, "mergeStrategy": "SQUASH", "deleteSourceBranch": true }),
        }]
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<PullRequest, Error> {
        let session = cx.session(&input.session)?;
        let before = read(&session, input.id, &COMPLETE_NEEDS, false).await?;
        if before.is("completed") {
            return Ok(before.into_output(&session));
        }
        let me = session.connection().identity().id.as_str();
        let options = Options {
            merge_strategy: input.merge_strategy.as_str(),
            delete_source_branch: input.delete_source_branch,
            merge_commit_message: input.commit_message.as_ref().map(CommitMessage::as_str),
        };
        let body = Body { auto_complete_set_by: WhoSetsIt { id: me }, completion_options: options };
        let operation = format!("set auto-complete of the pull request {}", input.id);
        let is_so = |now: &PullRequestRecord| body.is_so(now, input.id);
        let now = change(&session, &before, input.id, operation, &body, is_so).await?;
        body.completion_options
            .differences(&format!("the pull request {}", input.id), now.completion_options.as_ref())
            .warn(&session);
        Ok(now.into_output(&session))
    }
}
