//! `retry stage`

use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

use crate::actions::Action;
use crate::actions::Context;
use crate::actions::Effect;
use crate::actions::Example;
use crate::actions::pipeline_runs::Build;
use crate::actions::pipeline_runs::PipelineRun;
use crate::actions::pipeline_runs::Timeline;
use crate::actions::pipeline_runs::read_request;
use crate::actions::pipeline_runs::timeline_request;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::Needs;
use crate::contract::RunId;
use crate::contract::Scope;
use crate::contract::SessionReference;
use crate::contract::StageName;
use crate::contract::permissions;
use crate::devops::Request;

/// Run a failed stage of a pipeline run once more
///
/// The run goes on with that stage and those after it, under the same id. A stage that did not fail, or whose
/// run still goes on, is refused.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
    /// The run's id
    id: RunId,
    /// The stage, by its name in the YAML file
    stage: StageName,
    /// Whether all jobs of the stage run again, and not only those that failed
    #[serde(default)]
    all_jobs: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body {
    state: &'static str,
    force_retry_all_jobs: bool,
}

pub(super) struct RetryStage;

impl Action for RetryStage {
    const NAME: &'static str = "retry stage";
    const EFFECT: Effect = Effect::Changes;
    const NEEDS: Needs =
        Needs { permissions: &[permissions::QUEUE_BUILDS], scope: Some(Scope::BuildExecute) };
    const ERRORS: &'static [ErrorCode] = &[
        ErrorCode::ResourceNotFound,
        ErrorCode::ServiceRejected,
        ErrorCode::ServiceOutcomeUnknown,
        ErrorCode::PermissionDenied,
    ];
    type Input = Input;
    type Output = PipelineRun;

    fn examples() -> Vec<Example> {
        vec![Example {
            title: "Try the deployment again",
            inputs: serde_json::json!({ "id": 2, "stage": "Deploy" }),
        }]
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<PipelineRun, Error> {
        let session = cx.session(&input.session)?;
        let thing = format!("the stage \"{}\" of the pipeline run {}", input.stage, input.id);
        let request =
            Request::patch(&["build", "builds", &input.id.to_string(), "stages", input.stage.as_str()])
                .json(&Body { state: "retry", force_retry_all_jobs: input.all_jobs })?
                .named(format!("retry {thing}"))
                .needs(&Self::NEEDS)
                .missing(thing);
        if let Err(lost) = session.send::<()>(request).await {
            if lost.code() != ErrorCode::ServiceOutcomeUnknown {
                return Err(lost);
            }
            // Only a stage that is over can be retried: one that is not over was.
            let now: Result<Timeline, _> = session.send(timeline_request(input.id)).await;
            if !now.is_ok_and(|now| now.stage(&input.stage).is_some_and(|stage| !stage.is_over())) {
                return Err(lost);
            }
            session.settle_change();
        }
        let build: Build = session.send(read_request(input.id)).await?;
        Ok(build.into())
    }
}
