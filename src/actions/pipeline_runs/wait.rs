//! `wait for pipeline run`

use std::time::Duration;

use tokio::time::Instant;

use crate::actions::pipeline_runs::model::Build;
use crate::actions::pipeline_runs::model::PipelineRun;
use crate::actions::pipeline_runs::model::Timeline;
use crate::actions::pipeline_runs::requests::READ_NEEDS;
use crate::actions::pipeline_runs::requests::read_request;
use crate::actions::pipeline_runs::requests::timeline_request;
use crate::actions::prelude::*;

/// Wait until a pipeline run, or a stage of it, is completed
///
/// The action succeeds for any result of the run: `result` is the result of the run, `stageResult` the result of the
/// stage. The service is polled after one second first, then at growing intervals, up to 15 seconds.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
    /// The run's id
    id: RunId,
    /// Wait only until this stage is completed, by its name in the YAML file
    #[serde(default)]
    stage: Option<StageName>,
    /// How long to wait, in seconds
    #[serde(default)]
    time_limit: TimeLimit,
}

/// The run at the end of the wait
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Output {
    #[serde(flatten)]
    run: PipelineRun,
    /// The result of the stage: succeeded, succeededWithIssues, failed, canceled, skipped, abandoned
    #[serde(skip_serializing_if = "Option::is_none")]
    stage_result: Option<String>,
}

pub(super) struct WaitForPipelineRun;

impl Action for WaitForPipelineRun {
    const NAME: &'static str = "wait for pipeline run";
    const NODE: &'static str = "Wait for pipeline run {{id}}";
    const EFFECT: Effect = Effect::Reads;
    const NEEDS: Needs = READ_NEEDS;
    const ERRORS: &'static [ErrorCode] = &[ErrorCode::ResourceNotFound, ErrorCode::DeadlineExceeded];
    type Input = Input;
    type Output = Output;

    fn examples() -> Vec<Example> {
        vec![Example {
            title: "Wait for a run, twenty minutes at most",
            inputs: serde_json::json!({ "id": 1, "timeLimit": 1200 }),
        }]
    }

    fn time_limit(input: &Input) -> Duration {
        // One second more than requested: the wait ends by itself and its error has the state of the run.
        input.time_limit.duration() + Duration::from_secs(1)
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<Output, Error> {
        let session = cx.session(&input.session)?;
        let mut wait = Wait { cx, session: &session, id: input.id, started: Instant::now(), seen: None };
        let limit = input.time_limit.duration();
        let looking = async {
            let stage_result = match &input.stage {
                Some(stage) => wait.for_stage(stage).await?,
                None => None,
            };
            let run = wait.for_run(input.stage.is_some()).await?;
            Ok(Output { run, stage_result })
        };
        match tokio::time::timeout(limit, looking).await {
            Ok(result) => result,
            Err(_) => Err(too_late(input.id, wait.seen.as_ref(), limit)),
        }
    }
}

/// A wait in progress
struct Wait<'a> {
    cx: &'a Context<'a>,
    session: &'a OpenSession<'a>,
    id: RunId,
    started: Instant,
    /// The last seen state, which outlives the wait
    seen: Option<Seen>,
}

/// The last seen state of a run
struct Seen {
    status: String,
    web_url: Option<String>,
}

impl Wait<'_> {
    /// Polls at growing intervals until the run is completed, or only once
    async fn for_run(&mut self, once: bool) -> Result<PipelineRun, Error> {
        let mut interval = self.session.polling().first;
        loop {
            let build: Build = self.session.send(read_request(self.id)).await?;
            let run = PipelineRun::from(build);
            if once || run.is_completed() {
                return Ok(run);
            }
            self.tell(&format!("pipeline run {} is {}", self.id, run.status));
            self.seen = Some(Seen { status: run.status, web_url: run.web_url });
            self.pause(&mut interval).await?;
        }
    }

    /// Polls until a stage is completed, and returns its result
    async fn for_stage(&mut self, name: &StageName) -> Result<Option<String>, Error> {
        let mut interval = self.session.polling().first;
        loop {
            let timeline: Timeline = self.session.send(timeline_request(self.id)).await?;
            match timeline.stage(name) {
                Some(stage) if stage.is_over() => return Ok(stage.result.clone()),
                Some(stage) => {
                    let state = stage.state.as_deref().unwrap_or("pending").to_owned();
                    self.tell(&format!("stage {name} of pipeline run {} is {state}", self.id));
                    self.seen =
                        Some(Seen { status: format!("in a stage {name} that is {state}"), web_url: None });
                }
                // A run that was just queued has no stages yet.
                None if timeline.stages().next().is_none() && !self.is_completed().await? => {}
                None => return Err(timeline.no_stage(self.id, name)),
            }
            self.pause(&mut interval).await?;
        }
    }

    async fn is_completed(&self) -> Result<bool, Error> {
        let build: Build = self.session.send(read_request(self.id)).await?;
        Ok(PipelineRun::from(build).is_completed())
    }

    fn tell(&self, what: &str) {
        self.cx.progress.report(&format!("{what}, {} s", self.started.elapsed().as_secs()));
    }

    async fn pause(&self, interval: &mut Duration) -> Result<(), Error> {
        self.session.pause(*interval).await?;
        *interval = self.session.polling().after(*interval);
        Ok(())
    }
}

fn too_late(id: RunId, seen: Option<&Seen>, limit: Duration) -> Error {
    let status = seen.map_or("not seen", |seen| seen.status.as_str());
    let error = Error::new(
        ErrorCode::DeadlineExceeded,
        format!(
            "the pipeline run {id} was still {status} when the time limit of {} s ended",
            limit.as_secs()
        ),
    )
    .help("The run continues: wait again, or set a longer timeLimit.")
    .retry(Retry::Later);
    match seen.and_then(|seen| seen.web_url.as_ref()) {
        Some(url) => error.with("webUrl", url),
        None => error,
    }
}
