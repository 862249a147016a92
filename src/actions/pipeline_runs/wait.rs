//! `wait for pipeline run`

use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;
use tokio::time::Instant;

use crate::actions::Action;
use crate::actions::Context;
use crate::actions::Effect;
use crate::actions::Example;
use crate::actions::OpenSession;
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
        // A second more than asked for: the wait ends itself in time, with the run's state in its error.
        input.time_limit.duration() + Duration::from_secs(1)
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<PipelineRun, Error> {
        let session = cx.session(&input.session)?;
        let mut seen = None;
        let limit = input.time_limit.duration();
        match tokio::time::timeout(limit, look_until_completed(cx, &session, input.id, &mut seen)).await {
            Ok(result) => result,
            Err(_) => Err(too_late(input.id, seen.as_ref(), limit)),
        }
    }
}

/// Looks ever more rarely; what was seen last outlives the wait
async fn look_until_completed(
    cx: &Context<'_>,
    session: &OpenSession<'_>,
    id: RunId,
    seen: &mut Option<PipelineRun>,
) -> Result<PipelineRun, Error> {
    let polling = cx.services.polling;
    let started = Instant::now();
    let mut interval = polling.first;
    loop {
        let build: Build = session.send(read_request(id)).await?;
        let run = PipelineRun::from(build);
        if run.status == "completed" {
            return Ok(run);
        }
        cx.progress.report(&format!(
            "pipeline run {id} is {}, {} s",
            run.status,
            started.elapsed().as_secs()
        ));
        *seen = Some(run);
        session.pause(interval).await?;
        interval = polling.most.min(interval.mul_f32(1.5));
    }
}

fn too_late(id: RunId, run: Option<&PipelineRun>, limit: Duration) -> Error {
    let status = run.map_or("not seen", |run| run.status.as_str());
    let error = Error::new(
        ErrorCode::DeadlineExceeded,
        format!(
            "the pipeline run {id} was still {status} when the time limit of {} s ended",
            limit.as_secs()
        ),
    )
    .help("The run goes on; wait again, or give a longer timeLimit.")
    .retry(Retry::Later);
    match run.and_then(|run| run.web_url.as_ref()) {
        Some(url) => error.with("webUrl", url),
        None => error,
    }
}
