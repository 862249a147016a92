//! `abandon release`

use crate::actions::prelude::*;
use crate::actions::releases::model::Release;
use crate::actions::releases::requests::read_request;

/// Abandon a release, so that nobody can deploy it any more
///
/// It stays in the list with what it has deployed. One that is abandoned already stays as it is.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
    /// The release's id
    id: ReleaseId,
    /// Why it is abandoned
    #[serde(default)]
    comment: Option<Remark>,
}

#[derive(Serialize)]
struct Body<'a> {
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    comment: Option<&'a str>,
}

pub(super) struct AbandonRelease;

impl Action for AbandonRelease {
    const NAME: &'static str = "abandon release";
    const EFFECT: Effect = Effect::Changes;
    const NEEDS: Needs =
        Needs { permissions: &[permissions::MANAGE_RELEASES], scope: Some(Scope::ReleaseExecute) };
    const ERRORS: &'static [ErrorCode] = &[
        ErrorCode::ResourceNotFound,
        ErrorCode::ServiceRejected,
        ErrorCode::ServiceOutcomeUnknown,
        ErrorCode::PermissionDenied,
    ];
    const LOST_RESPONSE: LostResponse = LostResponse::ByState(
        "the release is abandoned; with a comment, which the service does not show, never",
    );
    type Input = Input;
    type Output = Release;

    fn examples() -> Vec<Example> {
        vec![Example {
            title: "Abandon a release and say why",
            inputs: serde_json::json!({ "id": 1, "comment": "Replaced by a later one" }),
        }]
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<Release, Error> {
        let session = cx.session(&input.session)?;
        let body = Body { status: "abandoned", comment: input.comment.as_ref().map(Remark::as_str) };
        let request = Request::patch(&["release", "releases", &input.id.to_string()])
            .release()
            .json(&body)?
            .named(format!("abandon the release {}", input.id))
            .needs(&Self::NEEDS)
            .missing(format!("the release {}", input.id));
        let there = async {
            let now: Release = session.send(read_request(input.id, &Self::NEEDS)).await?;
            // The service shows no comment of it again, so that one with a comment cannot be told from others.
            let is_so = now.status.as_deref() == Some("abandoned") && input.comment.is_none();
            Ok(is_so.then_some(now))
        };
        session.reached(session.send(request), there).await
    }
}
