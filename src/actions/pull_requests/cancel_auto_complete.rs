//! `cancel auto complete`

use crate::actions::prelude::*;
use crate::actions::pull_requests::model::PullRequest;
use crate::actions::pull_requests::requests::WRITE_NEEDS;
use crate::actions::pull_requests::requests::WhoSetsIt;
use crate::actions::pull_requests::requests::patch;
use crate::actions::pull_requests::requests::read;
use crate::actions::shared::differences::Differences;

/// The id with which the service cancels auto-complete
const NO_ONE: &str = "00000000-0000-0000-0000-000000000000";

/// Cancel auto-complete of a pull request
///
/// A pull request without auto-complete is returned as it is, also when it is completed or abandoned.
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
#[serde(rename_all = "camelCase")]
struct Body {
    auto_complete_set_by: WhoSetsIt<'static>,
}

pub(super) struct CancelAutoComplete;

impl Action for CancelAutoComplete {
    const NAME: &'static str = "cancel auto complete";
    const NODE: &'static str = "Cancel auto complete of pull request {{id}}";
    const EFFECT: Effect = Effect::Changes;
    const NEEDS: Needs = WRITE_NEEDS;
    const ERRORS: &'static [ErrorCode] = &[
        ErrorCode::ResourceNotFound,
        ErrorCode::ResourceConflict,
        ErrorCode::PermissionDenied,
        ErrorCode::ServiceOutcomeUnknown,
    ];
    const LOST_RESPONSE: LostResponse =
        LostResponse::ByState("the pull request is active and has no auto-complete");
    const OBJECT: Option<AuditedObject> = Some(AuditedObject::named_by("pull request", "id").name("title"));
    type Input = Input;
    type Output = PullRequest;

    fn examples() -> Vec<Example> {
        vec![Example { title: "Keep a pull request open", inputs: serde_json::json!({ "id": 1 }) }]
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<PullRequest, Error> {
        let session = cx.session(&input.session)?;
        let before = read(&session, input.id, &Self::NEEDS, false).await?;
        if !before.has_auto_complete() {
            return Ok(before.into_output(&session));
        }
        let operation = format!("cancel auto-complete of the pull request {}", input.id);
        let body = Body { auto_complete_set_by: WhoSetsIt { id: NO_ONE } };
        let now = patch(&session, &before, input.id, operation, &body, |now| {
            now.is("active") && !now.has_auto_complete()
        })
        .await?;
        Differences::of(&format!("the pull request {}", input.id))
            .state("auto-complete", "cancelled", now.auto_complete_set_by.is_none())
            .warn(&session);
        Ok(now)
    }
}
