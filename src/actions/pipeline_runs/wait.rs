//! `wait for pipeline run`

use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;
use tokio::time::Instant;

use crate::actions::Action;
use crate::actions::Context;
use crate::actions::Effect;
use crate::actions::Example;
use crate::actions::pipeline_runs::Build;
use crate::actions::pipeline_runs::PipelineRun;
use crate::actions::pipeline_runs::READ_NEEDS;
use crate::actions::pipeline_runs::read_request;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::Needs;
use crate::contract::Retry;
use crate::contract::RunId;
use crate::contract::SessionReference;
use crate::contract::TimeLimit;

/// Wait until a pipeline run is completed
///
/// However the run ends, the wait succeeds: the run's `result` says how. The service is asked again
/// after a second first, then ever more rarely, up to every 15 seconds.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
    /// The run's id
    id: RunId,
    /// How long to wait, in seconds
    #[serde(default = "default_limit")]
    time_limit: TimeLimit,
}

fn default_limit() -> TimeLimit {
    TimeLimit::from_seconds(3600)
}

pub(super) struct WaitForPipelineRun;

impl Action for WaitForPipelineRun {
    const NAME: &'static str = "wait for pipeline run";
    const EFFECT: Effect = Effect::Reads;
    const NEEDS: Needs = READ_NEEDS;
    const ERRORS: &'static [ErrorCode] = &[ErrorCode::ResourceNotFound, ErrorCode::DeadlineExceeded];
    type Input = Input;
    type Output = PipelineRun;

    fn examples() -> Vec<Example> {
        vec![Example {
            title: "Wait for a run, twenty minutes at most",
            inputs: serde_json::json!({ "id": 1, "timeLimit": 1200 }),
        }]
    }

    fn time_limit(input: &Input) -> Duration {
        input.time_limit.duration()
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<PipelineRun, Error> {
        let session = cx.session(&input.session)?;
        let polling = cx.services.polling;
        let started = Instant::now();
        let mut interval = polling.first;
        loop {
            let build: Build = session.send(read_request(input.id)).await?;
            let run = PipelineRun::from(build);
            if run.status == "completed" {
                return Ok(run);
            }
            let waited = started.elapsed();
            if Instant::now() + interval >= cx.call.deadline() {
                return Err(too_late(input.id, &run, input.time_limit.duration()));
            }
            cx.progress.report(&format!(
                "pipeline run {} is {}, {} s",
                input.id,
                run.status,
                waited.as_secs()
            ));
            session.pause(interval).await?;
            interval = polling.most.min(interval.mul_f32(1.5));
        }
    }
}

fn too_late(id: RunId, run: &PipelineRun, limit: Duration) -> Error {
    let error = Error::new(
        ErrorCode::DeadlineExceeded,
        format!(
            "the pipeline run {id} was still {} when the time limit of {} s ended",
            run.status,
            limit.as_secs()
        ),
    )
    .help("The run goes on; wait again, or give a longer timeLimit.")
    .retry(Retry::Later);
    match &run.web_url {
        Some(url) => error.with("webUrl", url),
        None => error,
    }
}
