//! `deploy release stage`

use crate::actions::prelude::*;
use crate::actions::releases::model::Release;
use crate::actions::releases::model::Stage;
use crate::actions::releases::model::StageWire;
use crate::actions::releases::requests::read_request;

/// Deploy a release to one of its stages
///
/// A stage that needs an approval waits for it. Use Wait for release stage to wait for the stage.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
    /// The release's id
    id: ReleaseId,
    /// The stage's name
    stage: ReleaseStageName,
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

pub(super) struct DeployReleaseStage;

impl Action for DeployReleaseStage {
    const NAME: &'static str = "deploy release stage";
    const NODE: &'static str = r#"Deploy release stage "{{stage}}" of release {{id}}"#;
    const EFFECT: Effect = Effect::Changes;
    const NEEDS: Needs =
        Needs { permissions: &[permissions::MANAGE_DEPLOYMENTS], scope: Some(Scope::ReleaseExecute) };
    const OBJECT: Option<AuditedObject> = Some(AuditedObject::named_by("release", "id").id("").name(""));
    const STARTS_RUN: bool = true;
    const ERRORS: &'static [ErrorCode] = &[
        ErrorCode::ResourceNotFound,
        ErrorCode::ServiceRejected,
        ErrorCode::PermissionDenied,
        ErrorCode::ServiceOutcomeUnknown,
    ];
    const LOST_RESPONSE: LostResponse = LostResponse::ByState(
        "the stage is deployed or being deployed; not with a comment, which the service does not show",
    );
    type Input = Input;
    type Output = Stage;

    fn examples() -> Vec<Example> {
        vec![Example {
            title: "Deploy a release to production",
            inputs: serde_json::json!({ "id": 1, "stage": "Production" }),
        }]
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<Stage, Error> {
        let session = cx.session(&input.session)?;
        let release: Release = session.send(read_request(input.id, &Self::NEEDS)).await?;
        let before = release.stage(&input.stage)?;
        let body = Body { status: "inProgress", comment: input.comment.as_ref().map(Remark::as_str) };
        let path = ["release", "releases", &input.id.to_string(), "environments", &before.id.to_string()];
        let request = Request::patch(&path)
            .release()
            .json(&body)?
            .named(format!("deploy the stage \"{}\" of the release {}", input.stage, input.id))
            .needs(&Self::NEEDS)
            .missing(format!("the release {}", input.id));
        let send = async {
            let stage: StageWire = session.send(request).await?;
            Ok(Stage::from(stage))
        };
        let lookup = async {
            // The service does not show the comment again, so a deployment with a comment cannot be identified.
            if input.comment.is_some() {
                return Ok(None);
            }
            let release: Release = session.send(read_request(input.id, &Self::NEEDS)).await?;
            let mut stages = release.stages.into_iter().flatten();
            let is_so = |stage: &Stage| stage.id == before.id && stage.is_deployed_after(before);
            Ok(stages.find(is_so))
        };
        session.settle_state(send, lookup).await
    }
}
