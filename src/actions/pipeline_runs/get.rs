//! `get pipeline run`

use crate::actions::pipeline_runs::model::Build;
use crate::actions::pipeline_runs::model::PipelineRun;
use crate::actions::pipeline_runs::requests::READ_NEEDS;
use crate::actions::pipeline_runs::requests::read_request;
use crate::actions::prelude::*;

/// Get a pipeline run by its id
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
    /// The run's id
    id: RunId,
    /// Whether to return the service's own record too, as `raw`
    #[serde(default)]
    #[schemars(extend("x-group" = "Advanced"))]
    include_raw: bool,
}

pub(super) struct GetPipelineRun;

impl Action for GetPipelineRun {
    const NAME: &'static str = "get pipeline run";
    const NODE: &'static str = "Get pipeline run {{id}}";
    const EFFECT: Effect = Effect::Reads;
    const NEEDS: Needs = READ_NEEDS;
    const ERRORS: &'static [ErrorCode] = &[ErrorCode::ResourceNotFound];
    type Input = Input;
    type Output = PipelineRun;

    fn examples() -> Vec<Example> {
        vec![Example { title: "Get a run", inputs: serde_json::json!({ "id": 1 }) }]
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<PipelineRun, Error> {
        let session = cx.session(&input.session)?;
        let build: Build = session.send_record(read_request(input.id), input.include_raw).await?;
        Ok(build.into())
    }
}
