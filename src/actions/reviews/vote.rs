//! `vote on pull request`

use crate::actions::prelude::*;
use crate::actions::pull_requests::model::PullRequestRecord;
use crate::actions::pull_requests::model::ReviewerRecord;
use crate::actions::pull_requests::requests::READ_NEEDS;
use crate::actions::pull_requests::requests::WRITE_NEEDS;
use crate::actions::pull_requests::requests::in_its_repository;
use crate::actions::pull_requests::requests::path;
use crate::actions::pull_requests::requests::read;
use crate::actions::pull_requests::requests::read_request;
use crate::actions::shared::differences::Differences;

/// Vote on a pull request as the token's user
///
/// The vote replaces an earlier vote. Use Comment on pull request to explain it.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
    /// The pull request's id
    id: PullRequestId,
    /// The vote
    vote: Vote,
}

/// A vote
#[derive(Clone, Copy, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[schemars(inline)]
enum Vote {
    /// Approve
    Approve,
    /// Approve with suggestions
    ApproveWithSuggestions,
    /// Reset the vote
    Reset,
    /// Wait for the author
    WaitForAuthor,
    /// Reject
    Reject,
}

impl Vote {
    /// Returns the service's number for the vote
    const fn number(self) -> i32 {
        match self {
            Vote::Approve => 10,
            Vote::ApproveWithSuggestions => 5,
            Vote::Reset => 0,
            Vote::WaitForAuthor => -5,
            Vote::Reject => -10,
        }
    }
}

/// The current vote
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Output {
    /// The pull request's id
    id: u32,
    /// The vote as the service's number: 10 approved, 5 approved with suggestions, 0 no vote, -5 waiting for the
    /// author, -10 rejected
    vote: i32,
}

#[derive(Serialize)]
struct Body<'a> {
    id: &'a str,
    vote: i32,
}

pub(super) struct VoteOnPullRequest;

impl Action for VoteOnPullRequest {
    const NAME: &'static str = "vote on pull request";
    const NODE: &'static str = "Vote on pull request {{id}}: {{vote}}";
    const EFFECT: Effect = Effect::Changes;
    const NEEDS: Needs = WRITE_NEEDS;
    const ERRORS: &'static [ErrorCode] = &[
        ErrorCode::ResourceNotFound,
        ErrorCode::ResourceConflict,
        ErrorCode::PermissionDenied,
        ErrorCode::ServiceOutcomeUnknown,
    ];
    const LOST_RESPONSE: LostResponse = LostResponse::ByState("the vote of the token's user");
    const OBJECT: Option<AuditedObject> = Some(AuditedObject::named_by("pull request", "id").name(""));
    type Input = Input;
    type Output = Output;

    fn examples() -> Vec<Example> {
        vec![Example {
            title: "Approve a pull request",
            inputs: serde_json::json!({ "id": 1, "vote": "APPROVE" }),
        }]
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<Output, Error> {
        let session = cx.session(&input.session)?;
        let pull_request = read(&session, input.id, &READ_NEEDS, false).await?;
        let (me, number) = (session.connection().identity().id.as_str(), input.id.to_string());
        let vote = input.vote.number();
        let path: Vec<&str> = path(&pull_request, &number).into_iter().chain(["reviewers", me]).collect();
        let request = Request::put(&path)
            .json(&Body { id: me, vote })?
            .named(format!("vote on the pull request {}", input.id))
            .needs(&Self::NEEDS)
            .missing(format!("the pull request {}", input.id));
        let lookup = async {
            let now: PullRequestRecord = session.send(read_request(input.id, &READ_NEEDS)).await?;
            let mine = |one: &ReviewerRecord| one.has_id(me);
            Ok(now.reviewers.into_iter().flatten().find(|one| mine(one) && one.vote == vote))
        };
        let voting = session.settle_state(session.send(request), lookup);
        let counted: ReviewerRecord = in_its_repository(&session, &pull_request, voting).await?;
        Differences::of(&format!("the pull request {}", input.id))
            .value("vote", Some(&vote.to_string()), Some(&counted.vote.to_string()))
            .warn(&session);
        Ok(Output { id: pull_request.pull_request_id, vote: counted.vote })
    }
}
