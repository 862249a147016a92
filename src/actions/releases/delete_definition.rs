//! `delete release pipeline`

use crate::actions::prelude::*;
use crate::actions::releases::release_pipeline::ReleasePipeline;
use crate::actions::releases::release_pipelines::find;
use crate::actions::releases::release_pipelines::read_request;
use crate::actions::shared::by_name::check_exact_name;

/// Delete a release pipeline
///
/// This deletes its releases too. The name must match exactly, including letter case, so that no other release pipeline
/// is deleted.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
    /// The release pipeline, by its exact name or its id
    release_pipeline: PipelineReference,
}

/// The release pipeline that was deleted
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Output {
    /// Its id
    id: u32,
    /// Its name
    name: String,
}

pub(super) struct DeleteReleasePipeline;

impl Action for DeleteReleasePipeline {
    const NAME: &'static str = "delete release pipeline";
    const NODE: &'static str = r#"Delete release pipeline "{{releasePipeline}}""#;
    const EFFECT: Effect = Effect::Destroys;
    const NEEDS: Needs =
        Needs { permissions: &[permissions::DELETE_RELEASE_PIPELINE], scope: Some(Scope::ReleaseManage) };
    const ERRORS: &'static [ErrorCode] = &[
        ErrorCode::ResourceNotFound,
        ErrorCode::ServiceRejected,
        ErrorCode::PermissionDenied,
        ErrorCode::ServiceOutcomeUnknown,
    ];
    const LOST_RESPONSE: LostResponse = LostResponse::ByState("the release pipeline no longer exists");
    const OBJECT: Option<AuditedObject> =
        Some(AuditedObject::named_by("release pipeline", "releasePipeline"));
    type Input = Input;
    type Output = Output;

    fn examples() -> Vec<Example> {
        vec![Example {
            title: "Delete a release pipeline by its name",
            inputs: serde_json::json!({ "releasePipeline": "deploy" }),
        }]
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<Output, Error> {
        let session = cx.session(&input.session)?;
        let wanted = &input.release_pipeline;
        let id = find(&session, wanted, &Self::NEEDS).await?;
        let read = || session.send::<ReleasePipeline>(read_request(id, wanted, &Self::NEEDS));
        let found = read().await?;
        check_exact_name(Self::NAME, "release pipeline", wanted.name(), &found.name)?;
        let subject = format!("the release pipeline \"{wanted}\"");
        let request = Request::delete(&["release", "definitions", &id.to_string()])
            .release()
            .named(format!("delete {subject}"))
            .needs(&Self::NEEDS)
            .missing(subject);
        let gone = async {
            match read().await {
                Err(error) if error.code() == ErrorCode::ResourceNotFound => Ok(Some(())),
                _ => Ok(None),
            }
        };
        session.settle_state(session.send::<()>(request), gone).await?;
        Ok(Output { id: found.id, name: found.name })
    }
}
