//! `enable pipeline`

use crate::actions::pipelines::definitions::EDIT_NEEDS;
use crate::actions::pipelines::definitions::set_queue_status;
use crate::actions::pipelines::model::Pipeline;
use crate::actions::prelude::*;

/// Enable a pipeline
///
/// A disabled or paused pipeline can run again. An enabled pipeline stays as it is.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
    /// The pipeline, by name or id
    pipeline: PipelineReference,
}

pub(super) struct EnablePipeline;

impl Action for EnablePipeline {
    const NAME: &'static str = "enable pipeline";
    const NODE: &'static str = r#"Enable pipeline "{{pipeline}}""#;
    const EFFECT: Effect = Effect::Changes;
    const NEEDS: Needs = EDIT_NEEDS;
    const ERRORS: &'static [ErrorCode] = &[
        ErrorCode::ResourceNotFound,
        ErrorCode::ResourceConflict,
        ErrorCode::PermissionDenied,
        ErrorCode::ServiceOutcomeUnknown,
    ];
    const LOST_RESPONSE: LostResponse = LostResponse::ByState("the pipeline is enabled");
    const OBJECT: Option<AuditedObject> = Some(AuditedObject::named_by("pipeline", "pipeline"));
    type Input = Input;
    type Output = Pipeline;

    fn examples() -> Vec<Example> {
        vec![Example { title: "Enable a pipeline", inputs: serde_json::json!({ "pipeline": "site" }) }]
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<Pipeline, Error> {
        let session = cx.session(&input.session)?;
        set_queue_status(&session, &input.pipeline, "enable", "enabled").await
    }
}
