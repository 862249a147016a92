//! `abandon release`

use crate::actions::prelude::*;
use crate::actions::releases::model::Release;
use crate::actions::releases::requests::read_request;
use crate::actions::shared::differences::Differences;

/// Abandon a release, so that it can no longer be deployed
///
/// The release stays in the list, and its deployments stay as they are. An abandoned release stays as it is.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
    /// The release's id
    id: ReleaseId,
    /// The reason
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
    const NODE: &'static str = "Abandon release {{id}}";
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
        "the release is abandoned; not with a comment, which the service does not show",
    );
    const OBJECT: Option<AuditedObject> = Some(AuditedObject::named_by("release", "id"));
    type Input = Input;
    type Output = Release;

    fn examples() -> Vec<Example> {
        vec![Example {
            title: "Abandon a release with a reason",
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
        let lookup = async {
            let now: Release = session.send(read_request(input.id, &Self::NEEDS)).await?;
            // The service does not show the comment again, so an abandonment with a comment cannot be identified.
            let is_so = now.status.as_deref() == Some("abandoned") && input.comment.is_none();
            Ok(is_so.then_some(now))
        };
        let now = session.settle_state(session.send(request), lookup).await?;
        Differences::of(&format!("the release {}", input.id))
            .value("status", Some(body.status), now.status.as_deref())
            .warn(&session);
        Ok(now)
    }
}
