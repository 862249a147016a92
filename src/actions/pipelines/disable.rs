//! `disable pipeline`

use crate::actions::pipelines::definitions::EDIT_NEEDS;
use crate::actions::pipelines::definitions::set_queue_status;
use crate::actions::pipelines::model::Pipeline;
use crate::actions::prelude::*;

/// Disable a pipeline
///
/// A disabled pipeline cannot run and is not triggered until it is enabled. Runs in progress continue.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
    /// The pipeline, by name or id
    pipeline: PipelineReference,
}

pub(super) struct DisablePipeline;

impl Action for DisablePipeline {
    const NAME: &'static str = "disable pipeline";
    const NODE: &'static str = r#"Disable pipeline "{{pipeline}}""#;
    const EFFECT: Effect = Effect::Changes;
    const NEEDS: Needs = EDIT_NEEDS;
    const ERRORS: &'static [ErrorCode] = &[
        ErrorCode::ResourceNotFound,
        ErrorCode::ResourceConflict,
        ErrorCode::PermissionDenied,
        ErrorCode::ServiceOutcomeUnknown,
    ];
    const LOST_RESPONSE: LostResponse = LostResponse::ByState("the pipeline is disabled");
    const OBJECT: Option<AuditedObject> = Some(AuditedObject::named_by("pipeline", "pipeline"));
    type Input = Input;
    type Output = Pipeline;

    fn examples() -> Vec<Example> {
        vec![Example { title: "Disable a pipeline", inputs: serde_json::json!({ "pipeline": "site" }) }]
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<Pipeline, Error> {
        let session = cx.session(&input.session)?;
        set_queue_status(&session, &input.pipeline, "disable", "disabled").await
    }
}
