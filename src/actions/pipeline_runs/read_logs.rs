//! `read pipeline run logs`

use std::collections::HashMap;
use std::collections::VecDeque;
use std::time::Duration;

use crate::actions::pipeline_runs::model::Build;
use crate::actions::pipeline_runs::model::PipelineRun;
use crate::actions::pipeline_runs::model::Timeline;
use crate::actions::pipeline_runs::model::TimelineRecord;
use crate::actions::pipeline_runs::requests::READ_NEEDS;
use crate::actions::pipeline_runs::requests::read_request;
use crate::actions::pipeline_runs::requests::timeline_request;
use crate::actions::pipeline_runs::waits_for::waits_for;
use crate::actions::prelude::*;

/// The maximum length of a line in progress reports, in characters
const TOLD: usize = 500;

/// Read the logs of a pipeline run, also while it is in progress
///
/// The output has the logs of the tasks in the order of the run; each line begins with its time. With Follow, the
/// action reports new lines as progress until the run is completed.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
    /// The run's id
    id: RunId,
    /// Only the logs of this stage, by its name in the YAML file
    #[serde(default)]
    stage: Option<StageName>,
    /// Whether to continue until the run is completed, and report each new line
    #[serde(default)]
    follow: bool,
    /// The maximum number of lines to return; the latest ones are returned
    #[serde(default)]
    lines: LineCount,
    /// The time limit, in seconds
    #[serde(default)]
    time_limit: TimeLimit,
}

/// The logs of a run
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Output {
    /// The lines; the latest ones if there are more than the maximum
    text: String,
    /// The total number of lines
    line_count: u64,
    /// The status of the run at that time: notStarted, inProgress, cancelling, completed
    status: String,
    /// The result of the run; absent until it is completed
    #[serde(skip_serializing_if = "Option::is_none")]
    result: Option<String>,
}

pub(super) struct ReadPipelineRunLogs;

impl Action for ReadPipelineRunLogs {
    const NAME: &'static str = "read pipeline run logs";
    const NODE: &'static str = "Read pipeline run logs of run {{id}}";
    const EFFECT: Effect = Effect::Reads;
    const NEEDS: Needs = READ_NEEDS;
    const ERRORS: &'static [ErrorCode] = &[ErrorCode::ResourceNotFound, ErrorCode::DeadlineExceeded];
    type Input = Input;
    type Output = Output;

    fn examples() -> Vec<Example> {
        vec![
            Example { title: "The logs of a run", inputs: serde_json::json!({ "id": 2 }) },
            Example {
                title: "Follow a run to its end and return the last hundred lines",
                inputs: serde_json::json!({ "id": 1, "follow": true, "lines": 100 }),
            },
        ]
    }

    fn time_limit(input: &Input) -> Duration {
        input.time_limit.duration()
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<Output, Error> {
        let session = cx.session(&input.session)?;
        let mut interval = session.polling().first;
        let mut told = None;
        let mut logs =
            Logs { kept: VecDeque::new(), keep: input.lines.get(), count: 0, read: HashMap::new() };
        loop {
            // The run is read first: if it is completed, its logs are complete when they are read.
            let run: Build = session.send(read_request(input.id)).await?;
            let run = PipelineRun::from(run);
            let timeline: Timeline = session.send(timeline_request(input.id)).await?;
            if let Some(stage) = &input.stage
                && timeline.stage(stage).is_none()
                // A run that was just queued has no stages yet.
                && (timeline.stages().next().is_some() || run.is_completed())
            {
                return Err(timeline.no_stage(input.id, stage));
            }
            let before = logs.count;
            for task in tasks(&timeline, input.stage.as_ref()) {
                logs.read(cx, &session, &input, task).await?;
            }
            if !input.follow || run.is_completed() {
                let text = logs.kept.into_iter().collect::<Vec<_>>().join("\n");
                return Ok(Output { text, line_count: logs.count, status: run.status, result: run.result });
            }
            if let Some(reason) = waits_for(&timeline, &run.status).filter(|_| logs.count == before)
                && told.as_ref() != Some(&reason)
            {
                cx.progress.report(&format!("pipeline run {} waits for {}", input.id, reason.what));
                told = Some(reason);
            }
            let polling = session.polling();
            // A growing log is polled often, an idle one at growing intervals.
            interval = if logs.count > before { polling.first } else { polling.after(interval) };
            session.pause(interval).await?;
        }
    }
}

/// Returns the tasks with a log, in the order of the run: by stage, then job, then task
fn tasks<'t>(timeline: &'t Timeline, stage: Option<&StageName>) -> Vec<&'t TimelineRecord> {
    let by_id: HashMap<&str, &TimelineRecord> =
        timeline.records().iter().filter_map(|record| Some((record.id.as_deref()?, record))).collect();
    let ancestry = |task: &'t TimelineRecord| {
        let mut line = vec![task];
        // A stage, a phase, a job and a task: a longer chain is a cycle.
        while let Some(parent) = line.last().and_then(|last| by_id.get(last.parent_id.as_deref()?)) {
            if line.len() > 8 {
                break;
            }
            line.push(parent);
        }
        line
    };
    let in_stage = |line: &[&TimelineRecord]| match stage {
        Some(stage) => {
            line.iter().any(|record| timeline.stage(stage).is_some_and(|wanted| wanted.id == record.id))
        }
        None => true,
    };
    let mut found: Vec<(Vec<i64>, &TimelineRecord)> = timeline
        .records()
        .iter()
        .filter(|record| record.kind.as_deref() == Some("Task"))
        .map(|task| (ancestry(task), task))
        .filter(|(line, _)| in_stage(line))
        .map(|(line, task)| (line.iter().rev().map(|record| record.order.unwrap_or(0)).collect(), task))
        .collect();
    found.sort_by(|one, other| one.0.cmp(&other.0));
    found.into_iter().map(|(_, task)| task).collect()
}

/// What has been read so far
struct Logs {
    kept: VecDeque<String>,
    keep: usize,
    count: u64,
    /// For each log: the number of lines read, the last line, and whether the end was reached
    read: HashMap<u32, (usize, String, bool)>,
}

impl Logs {
    /// Reads the lines that a task wrote since the last read
    async fn read(
        &mut self,
        cx: &Context<'_>,
        session: &OpenSession<'_>,
        input: &Input,
        task: &TimelineRecord,
    ) -> Result<(), Error> {
        let Some(log) = task.log.as_ref().and_then(|log| log.id) else { return Ok(()) };
        let (mut lines, mut last, ended) = self.read.remove(&log).unwrap_or_default();
        if !ended {
            let name = task.name.as_deref().map(|name| printable(name, 256)).unwrap_or_default();
            let mut request =
                Request::get(&["build", "builds", &input.id.to_string(), "logs", &log.to_string()])
                    .list()
                    .named(format!("read the log of \"{name}\" of the pipeline run {}", input.id))
                    .needs(&READ_NEEDS)
                    .missing(format!("the log {log} of the pipeline run {}", input.id));
            if lines > 0 {
                request = request.query("startLine", &lines.to_string());
            }
            let text = session.send_text(request).await?;
            for line in text.lines() {
                // It is not documented whether lines count from 0 or from 1. If from 1, the last line is repeated; each
                // line begins with its time, so it is recognized.
                if lines > 0 && line == last {
                    continue;
                }
                lines += 1;
                line.clone_into(&mut last);
                self.take(cx, input, line);
            }
        }
        self.read.insert(log, (lines, last, ended || task.is_over()));
        Ok(())
    }

    fn take(&mut self, cx: &Context<'_>, input: &Input, line: &str) {
        if input.follow {
            cx.progress.report(&cx.masker.mask(line).excerpt(TOLD));
        }
        self.count += 1;
        if self.kept.len() == self.keep {
            self.kept.pop_front();
        }
        self.kept.push_back(line.to_owned());
    }
}
