//! `get pipeline`

use crate::actions::pipelines::definitions::READ_NEEDS;
use crate::actions::pipelines::definitions::find;
use crate::actions::pipelines::definitions::read_request;
use crate::actions::pipelines::model::Pipeline;
use crate::actions::prelude::*;

/// Get a pipeline, YAML or classic
///
/// The steps of a classic pipeline are in the service's own record.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
    /// The pipeline, by name or id
    pipeline: PipelineReference,
    /// Whether to return the service's own record too, as `raw`
    #[serde(default)]
    #[schemars(extend("x-group" = "Advanced"))]
    include_raw: bool,
}

pub(super) struct GetPipeline;

impl Action for GetPipeline {
    const NAME: &'static str = "get pipeline";
    const NODE: &'static str = r#"Get pipeline "{{pipeline}}""#;
    const EFFECT: Effect = Effect::Reads;
    const NEEDS: Needs = READ_NEEDS;
    const ERRORS: &'static [ErrorCode] = &[ErrorCode::ResourceNotFound];
    type Input = Input;
    type Output = Pipeline;

    fn examples() -> Vec<Example> {
        vec![Example { title: "A pipeline by its name", inputs: serde_json::json!({ "pipeline": "site" }) }]
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<Pipeline, Error> {
        let session = cx.session(&input.session)?;
        let id = find(&session, &input.pipeline, &Self::NEEDS).await?;
        session.send_record(read_request(id, &input.pipeline, &Self::NEEDS), input.include_raw).await
    }
}
