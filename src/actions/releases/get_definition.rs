//! `get release pipeline`

use crate::actions::prelude::*;
use crate::actions::releases::release_pipeline::ReleasePipeline;
use crate::actions::releases::release_pipelines::READ_NEEDS;
use crate::actions::releases::release_pipelines::find;
use crate::actions::releases::release_pipelines::read_request;

/// Get a release pipeline
///
/// The output has its stages, artifacts and variables; jobs and tasks are in the service's own record.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
    /// The release pipeline, by name or id
    release_pipeline: PipelineReference,
    /// Whether to return the service's own record too, as `raw`
    #[serde(default)]
    #[schemars(extend("x-group" = "Advanced"))]
    include_raw: bool,
}

pub(super) struct GetReleasePipeline;

impl Action for GetReleasePipeline {
    const NAME: &'static str = "get release pipeline";
    const NODE: &'static str = r#"Get release pipeline "{{releasePipeline}}""#;
    const EFFECT: Effect = Effect::Reads;
    const NEEDS: Needs = READ_NEEDS;
    const ERRORS: &'static [ErrorCode] = &[ErrorCode::ResourceNotFound];
    type Input = Input;
    type Output = ReleasePipeline;

    fn examples() -> Vec<Example> {
        vec![Example {
            title: "A release pipeline by its name",
            inputs: serde_json::json!({ "releasePipeline": "deploy" }),
        }]
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<ReleasePipeline, Error> {
        let session = cx.session(&input.session)?;
        let id = find(&session, &input.release_pipeline, &Self::NEEDS).await?;
        session.send_record(read_request(id, &input.release_pipeline, &Self::NEEDS), input.include_raw).await
    }
}
