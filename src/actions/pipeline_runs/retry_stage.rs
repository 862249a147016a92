//! `retry stage`

use crate::actions::pipeline_runs::model::Build;
use crate::actions::pipeline_runs::model::PipelineRun;
use crate::actions::pipeline_runs::requests::read_request;
use crate::actions::prelude::*;
use crate::actions::runtime::named;
use crate::actions::runtime::with_candidates;

/// Run a failed stage of a pipeline run again
///
/// The run continues with that stage and the stages after it, under the same id. The service refuses a stage that did
/// not fail or whose run is still in progress.
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
    /// Whether to run all jobs of the stage again, or only the failed ones
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
    const NODE: &'static str = r#"Retry stage "{{stage}}" of pipeline run {{id}}"#;
    const EFFECT: Effect = Effect::Changes;
    const NEEDS: Needs =
        Needs { permissions: &[permissions::QUEUE_BUILDS], scope: Some(Scope::BuildExecute) };
    const OBJECT: Option<AuditedObject> = Some(AuditedObject::named_by("pipeline run", "id"));
    const STARTS_RUN: bool = true;
    const ERRORS: &'static [ErrorCode] = &[
        ErrorCode::ResourceNotFound,
        ErrorCode::ServiceRejected,
        ErrorCode::ServiceOutcomeUnknown,
        ErrorCode::PermissionDenied,
    ];
    const LOST_RESPONSE: LostResponse =
        LostResponse::Never("the service does not show who retried a stage or which jobs were retried");
    type Input = Input;
    type Output = PipelineRun;

    fn examples() -> Vec<Example> {
        vec![Example {
            title: "Retry the deployment",
            inputs: serde_json::json!({ "id": 2, "stage": "Deploy" }),
        }]
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<PipelineRun, Error> {
        let session = cx.session(&input.session)?;
        let subject = format!("the stage \"{}\" of the pipeline run {}", input.stage, input.id);
        let request =
            Request::patch(&["build", "builds", &input.id.to_string(), "stages", input.stage.as_str()])
                .json(&Body { state: "retry", force_retry_all_jobs: input.all_jobs })?
                .named(format!("retry {subject}"))
                .needs(&Self::NEEDS)
                .missing(subject);
        match session.send::<()>(request).await {
            // A retried stage does not show who retried it or which jobs were retried.
            Err(lost) if lost.code() == ErrorCode::ServiceOutcomeUnknown => {
                let run: Option<PipelineRun> =
                    session.send::<Build>(read_request(input.id)).await.ok().map(Into::into);
                let candidate =
                    run.map(|run| named(&run)).map(|run| format!("the stage \"{}\" of {run}", input.stage));
                return Err(with_candidates(lost, candidate.as_slice()));
            }
            answer => answer?,
        }
        let build: Build = session.send(read_request(input.id)).await?;
        Ok(build.into())
    }
}
