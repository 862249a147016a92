//! `wait for pipeline run`

use std::time::Duration;

use tokio::time::Instant;

use crate::actions::pipeline_runs::model::Build;
use crate::actions::pipeline_runs::model::PipelineRun;
use crate::actions::pipeline_runs::model::Timeline;
use crate::actions::pipeline_runs::requests::READ_NEEDS;
use crate::actions::pipeline_runs::requests::read_request;
use crate::actions::pipeline_runs::requests::timeline_request;
use crate::actions::pipeline_runs::waits_for::WaitsFor;
use crate::actions::pipeline_runs::waits_for::waits_for;
use crate::actions::prelude::*;

/// Wait until a pipeline run, or a stage of it, is completed
///
/// While nothing changes, the progress reports say what the run waits for: an approval, a check, an agent or another
/// run. So does the error when the time limit ends. The wait for a stage fails with `resource.conflict` as soon as the
/// run is completed without it.
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
    const ERRORS: &'static [ErrorCode] =
        &[ErrorCode::ResourceNotFound, ErrorCode::ResourceConflict, ErrorCode::DeadlineExceeded];
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
        let (started, id) = (Instant::now(), input.id);
        let mut wait = Wait { cx, session: &session, id, started, seen: None, polls: 0, waits_for: None };
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
            Err(_) => {
                // The time limit of the action is a second longer, so the reason may take a moment.
                let _ = tokio::time::timeout(LAST_LOOK, wait.look_for_reason()).await;
                Err(too_late(input.id, &wait, limit))
            }
        }
    }
}

/// How long the last look for the reason of a wait may take
const LAST_LOOK: Duration = Duration::from_millis(800);

/// The number of polls without a change after which the reason is looked for, again and again
const IDLE_POLLS: u32 = 5;

/// A wait in progress
struct Wait<'a> {
    cx: &'a Context<'a>,
    session: &'a OpenSession<'a>,
    id: RunId,
    started: Instant,
    /// The last seen state, which outlives the wait
    seen: Option<Seen>,
    /// The number of polls since the state changed
    polls: u32,
    /// What it waits for, if that is known
    waits_for: Option<WaitsFor>,
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
            self.note(Seen { status: run.status, web_url: run.web_url });
            self.look_when_idle().await?;
            self.tell(&format!("pipeline run {} is {}", self.id, self.status()));
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
                    self.note(Seen { status: format!("in a stage {name} that is {state}"), web_url: None });
                    self.waits_for = waits_for(&timeline, "");
                    // A run that ends early may leave its stages as they are.
                    if self.is_idle()
                        && let Some(result) = self.completed().await?
                    {
                        return self.for_stage_of_completed(name, &result).await;
                    }
                    self.tell(&format!("stage {name} of pipeline run {} is {state}", self.id));
                }
                // A run that was just queued has no stages yet.
                None if timeline.stages().next().is_none() && self.completed().await?.is_none() => {}
                None => return Err(timeline.no_stage(self.id, name)),
            }
            self.pause(&mut interval).await?;
        }
    }

    /// Returns the result of a stage of a completed run
    async fn for_stage_of_completed(&self, name: &StageName, result: &str) -> Result<Option<String>, Error> {
        let timeline: Timeline = self.session.send(timeline_request(self.id)).await?;
        match timeline.stage(name) {
            Some(stage) if stage.is_over() => Ok(stage.result.clone()),
            Some(_) => {
                let message = format!(
                    "the stage {name} of the pipeline run {} did not run: the run is completed, {result}",
                    self.id
                );
                Err(Error::new(ErrorCode::ResourceConflict, message)
                    .help("Read the logs of the run for the reason, then run the pipeline again."))
            }
            None => Err(timeline.no_stage(self.id, name)),
        }
    }

    /// Returns the result of the run, if it is completed
    async fn completed(&self) -> Result<Option<String>, Error> {
        let build: Build = self.session.send(read_request(self.id)).await?;
        let run = PipelineRun::from(build);
        Ok(run.is_completed().then(|| run.result.unwrap_or_else(|| "without a result".to_owned())))
    }

    /// Records the state of a poll
    fn note(&mut self, seen: Seen) {
        let is_same = self.seen.as_ref().is_some_and(|before| before.status == seen.status);
        self.polls = if is_same { self.polls + 1 } else { 0 };
        if !is_same {
            self.waits_for = None;
        }
        self.seen = Some(seen);
    }

    fn is_idle(&self) -> bool {
        self.polls > 0 && self.polls.is_multiple_of(IDLE_POLLS)
    }

    /// Looks for the reason of a wait in which nothing changes
    async fn look_when_idle(&mut self) -> Result<(), Error> {
        if self.is_idle() { self.look_for_reason().await } else { Ok(()) }
    }

    async fn look_for_reason(&mut self) -> Result<(), Error> {
        let timeline: Timeline = self.session.send(timeline_request(self.id)).await?;
        self.waits_for = waits_for(&timeline, self.seen.as_ref().map_or("", |seen| seen.status.as_str()));
        Ok(())
    }

    fn status(&self) -> &str {
        self.seen.as_ref().map_or("not seen", |seen| seen.status.as_str())
    }

    fn tell(&self, what: &str) {
        let reason = self.waits_for.as_ref().map(|one| format!(" and waits for {}", one.what));
        let seconds = self.started.elapsed().as_secs();
        self.cx.progress.report(&format!("{what}{}, {seconds} s", reason.unwrap_or_default()));
    }

    async fn pause(&self, interval: &mut Duration) -> Result<(), Error> {
        self.session.pause(*interval).await?;
        *interval = self.session.polling().after(*interval);
        Ok(())
    }
}

fn too_late(id: RunId, wait: &Wait<'_>, limit: Duration) -> Error {
    let (status, seconds) = (wait.status(), limit.as_secs());
    let reason =
        wait.waits_for.as_ref().map(|one| format!(" and waited for {}", one.what)).unwrap_or_default();
    let message =
        format!("the pipeline run {id} was still {status}{reason} when the time limit of {seconds} s ended");
    let help = wait
        .waits_for
        .as_ref()
        .map_or("The run continues: wait again, or set a longer timeLimit.", |one| one.help);
    let mut error = Error::new(ErrorCode::DeadlineExceeded, message).help(help).retry(Retry::Later);
    if let Some(one) = &wait.waits_for {
        error = error.with("waitsFor", &one.what);
    }
    match wait.seen.as_ref().and_then(|seen| seen.web_url.as_ref()) {
        Some(url) => error.with("webUrl", url),
        None => error,
    }
}
