//! `abandon pull request`

use crate::actions::prelude::*;
use crate::actions::pull_requests::model::PullRequest;
use crate::actions::pull_requests::requests::WRITE_NEEDS;
use crate::actions::pull_requests::requests::patch;
use crate::actions::pull_requests::requests::read;
use crate::actions::shared::differences::Differences;

/// Abandon a pull request
///
/// Its branches stay as they are, and it can be reactivated in a browser. An abandoned pull request stays as it is.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
    /// The pull request's id
    id: PullRequestId,
}

#[derive(Serialize)]
struct Body {
    status: &'static str,
}

/// The service's name for the status
const ABANDONED: &str = "abandoned";

pub(super) struct AbandonPullRequest;

impl Action for AbandonPullRequest {
    const NAME: &'static str = "abandon pull request";
    const NODE: &'static str = "Abandon pull request {{id}}";
    const EFFECT: Effect = Effect::Changes;
    const NEEDS: Needs = WRITE_NEEDS;
    const ERRORS: &'static [ErrorCode] = &[
        ErrorCode::ResourceNotFound,
        ErrorCode::ResourceConflict,
        ErrorCode::PermissionDenied,
        ErrorCode::ServiceOutcomeUnknown,
    ];
    const LOST_RESPONSE: LostResponse = LostResponse::ByState("the pull request is abandoned");
    const OBJECT: Option<AuditedObject> = Some(AuditedObject::named_by("pull request", "id").name("title"));
    type Input = Input;
    type Output = PullRequest;

    fn examples() -> Vec<Example> {
        vec![Example { title: "Abandon a pull request", inputs: serde_json::json!({ "id": 1 }) }]
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<PullRequest, Error> {
        let session = cx.session(&input.session)?;
        let before = read(&session, input.id, &Self::NEEDS, false).await?;
        if before.is(ABANDONED) {
            return Ok(before.into_output(&session));
        }
        let operation = format!("abandon the pull request {}", input.id);
        let body = Body { status: ABANDONED };
        let now = patch(&session, &before, input.id, operation, &body, |now| now.is(ABANDONED)).await?;
        Differences::of(&format!("the pull request {}", input.id))
            .value("status", Some(ABANDONED), Some(&now.status))
            .warn(&session);
        Ok(now)
    }
}
