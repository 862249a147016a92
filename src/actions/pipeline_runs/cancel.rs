//! `cancel pipeline run`

use crate::actions::pipeline_runs::model::Build;
use crate::actions::pipeline_runs::model::PipelineRun;
use crate::actions::pipeline_runs::requests::read_request;
use crate::actions::prelude::*;
use crate::actions::shared::differences::Differences;

/// Cancel a pipeline run
///
/// The run is `cancelling` first; use Wait for pipeline run to wait until it has stopped. If the run is completed, the
/// action fails with `resource.conflict`.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
    /// The run's id
    id: RunId,
}

#[derive(Serialize)]
struct Body {
    status: &'static str,
}

pub(super) struct CancelPipelineRun;

impl Action for CancelPipelineRun {
    const NAME: &'static str = "cancel pipeline run";
    const NODE: &'static str = "Cancel pipeline run {{id}}";
    const EFFECT: Effect = Effect::Changes;
    const NEEDS: Needs = Needs { permissions: &[permissions::STOP_BUILDS], scope: Some(Scope::BuildExecute) };
    const ERRORS: &'static [ErrorCode] = &[
        ErrorCode::ResourceNotFound,
        ErrorCode::ResourceConflict,
        ErrorCode::PermissionDenied,
        ErrorCode::ServiceOutcomeUnknown,
    ];
    const LOST_RESPONSE: LostResponse = LostResponse::ByState("the run is stopping or completed");
    const OBJECT: Option<AuditedObject> = Some(AuditedObject::named_by("pipeline run", "id"));
    type Input = Input;
    type Output = PipelineRun;

    fn examples() -> Vec<Example> {
        vec![Example { title: "Stop a run", inputs: serde_json::json!({ "id": 1 }) }]
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<PipelineRun, Error> {
        let session = cx.session(&input.session)?;
        let request = Request::patch(&["build", "builds", &input.id.to_string()])
            .json(&Body { status: "cancelling" })?
            .named(format!("cancel the pipeline run {}", input.id))
            .needs(&Self::NEEDS)
            .missing(format!("the pipeline run {}", input.id));
        let send = async { session.send::<Build>(request).await.map(PipelineRun::from) };
        // The state of the run shows whether it stops; it does not matter who stopped it.
        let lookup = async {
            let now = PipelineRun::from(session.send::<Build>(read_request(input.id)).await?);
            Ok(Some(now).filter(PipelineRun::is_stopping))
        };
        let now = session.settle_state(send, lookup).await?;
        Differences::of(&format!("the pipeline run {}", input.id))
            .state("the run", "cancelling", now.is_stopping())
            .warn(&session);
        Ok(now)
    }
}
