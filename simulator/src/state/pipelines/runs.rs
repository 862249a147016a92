//! Pipeline runs and their states, without I/O. The caller passes the time.

use std::time::Duration;

use serde::Deserialize;
use serde::Serialize;
use serde_json::Map;
use serde_json::Value;
use time::OffsetDateTime;

use super::stages;
use super::stages::ApprovalStatus;
use super::stages::Stage;
use super::stages::StageState;
use crate::state::Unseen;
use crate::state::git::ObjectId;
use crate::world::BuildResult;
use crate::world::Pace;
use crate::world::Script;

/// The state of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    NotStarted,
    InProgress,
    Cancelling,
    Completed(BuildResult),
}

impl Phase {
    /// Returns the `status` of the build area.
    pub(crate) fn status(self) -> &'static str {
        match self {
            Phase::NotStarted => "notStarted",
            Phase::InProgress => "inProgress",
            Phase::Cancelling => "cancelling",
            Phase::Completed(_) => "completed",
        }
    }

    /// Returns the `state` of the pipelines area, which has no word for a run that is not started.
    pub(crate) fn state(self) -> &'static str {
        match self {
            Phase::NotStarted | Phase::InProgress => "inProgress",
            Phase::Cancelling => "canceling",
            Phase::Completed(_) => "completed",
        }
    }

    pub(crate) fn result(self) -> Option<BuildResult> {
        match self {
            Phase::Completed(result) => Some(result),
            _ => None,
        }
    }
}

/// The progress of a run on its script.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Progress {
    script: Script,
    step: u32,
    cancelled_at: Option<u32>,
    /// The step at which it waits for an approval.
    hold: Option<u32>,
}

impl Progress {
    pub(crate) fn new(script: Script) -> Progress {
        Progress { script, step: 0, cancelled_at: None, hold: None }
    }

    /// Makes the run wait at a step.
    pub(crate) fn held_at(mut self, step: Option<u32>) -> Progress {
        self.hold = step;
        self
    }

    fn is_held(&self) -> bool {
        self.cancelled_at.is_none() && self.hold.is_some_and(|hold| self.step >= hold)
    }

    fn go_to(&mut self, step: u32) {
        let hold = self.hold.filter(|_| self.cancelled_at.is_none());
        self.step = hold.map_or(step, |hold| step.min(hold));
    }

    pub(crate) fn phase(&self) -> Phase {
        match self.cancelled_at {
            Some(step) if self.step > step => return Phase::Completed(BuildResult::Canceled),
            Some(_) => return Phase::Cancelling,
            None => {}
        }
        if self.step < self.script.not_started {
            Phase::NotStarted
        } else if self.step < self.script.not_started.saturating_add(self.script.in_progress) {
            Phase::InProgress
        } else {
            Phase::Completed(self.script.result)
        }
    }

    /// Returns the number of steps since it started.
    fn done(&self) -> Option<u32> {
        self.cancelled_at.unwrap_or(self.step).min(self.step).checked_sub(self.script.not_started)
    }

    /// Catches up with the clock, if the clock advances runs.
    pub(crate) fn catch_up(&mut self, pace: Pace, since_queued: Duration) {
        if let Pace::Timed(each) = pace {
            let steps = since_queued.as_nanos() / each.as_nanos().max(1);
            self.go_to(u32::try_from(steps).unwrap_or(u32::MAX));
        }
    }

    /// Advances the run after a request for it.
    pub(crate) fn advance_after_read(&mut self, pace: Pace) {
        if pace == Pace::Polls {
            self.go_to(self.step.saturating_add(1));
        }
    }

    /// Starts to cancel it. Returns `false` if it is completed.
    pub(crate) fn cancel(&mut self) -> bool {
        let running = self.phase().result().is_none();
        if running && self.cancelled_at.is_none() {
            self.cancelled_at = Some(self.step);
        }
        running
    }
}

/// A retention lease, which keeps a run.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Lease {
    pub(crate) id: u32,
    pub(crate) owner: String,
    pub(crate) created: OffsetDateTime,
    pub(crate) until: OffsetDateTime,
    pub(crate) protects_pipeline: bool,
    pub(crate) unseen: Unseen,
}

/// A pipeline run (build in the build area, with the same identifier).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Run {
    pub(crate) id: u32,
    /// Identifier of its pipeline.
    pub(crate) pipeline: u32,
    /// The build number, such as `20261123.1`.
    pub(crate) number: String,
    /// The full ref name.
    pub(crate) branch: String,
    pub(crate) commit: ObjectId,
    pub(crate) template_parameters: Map<String, Value>,
    /// As they were sent: `{"name":{"value":"…","isSecret":false}}`, without the values of secret variables.
    pub(crate) variables: Map<String, Value>,
    /// Position of the user who started it.
    /// In the service's words.
    #[serde(default = "manual")]
    pub(crate) reason: String,
    #[serde(default = "normal")]
    pub(crate) priority: String,
    pub(crate) user: usize,
    pub(crate) progress: Progress,
    pub(crate) stages: Vec<Stage>,
    /// Position of the stage at which `progress` starts: not 0 after a retry.
    pub(crate) first_stage: usize,
    pub(crate) queued: OffsetDateTime,
    pub(crate) started: Option<OffsetDateTime>,
    pub(crate) finished: Option<OffsetDateTime>,
    #[serde(default)]
    pub(crate) tags: Vec<String>,
    /// What keeps it beyond the retention policies.
    #[serde(default)]
    pub(crate) leases: Vec<Lease>,
    pub(crate) unseen: Unseen,
    /// Time on the clock that advances runs, which tests can stop.
    #[serde(with = "crate::state::clock")]
    pub(crate) queued_at: tokio::time::Instant,
}

fn manual() -> String {
    "manual".to_owned()
}

fn normal() -> String {
    "normal".to_owned()
}

impl Run {
    /// Returns the state at this time, and records when the run started and finished.
    pub(crate) fn look(&mut self, pace: Pace, now: OffsetDateTime) -> Phase {
        self.progress.catch_up(pace, self.queued_at.elapsed());
        let phase = self.progress.phase();
        if phase != Phase::NotStarted {
            self.started.get_or_insert(now);
        }
        if phase.result().is_some() {
            self.finished.get_or_insert(now);
        }
        phase
    }

    /// Returns the states of its stages.
    pub(crate) fn stage_states(&self) -> Vec<StageState> {
        let cancelled = self.progress.cancelled_at.is_some();
        let over = self.progress.phase().result().is_some();
        stages::stage_states(&self.stages, self.first_stage, self.progress.done(), cancelled, over)
    }

    /// Retries a failed stage and the stages after it. Returns `false` if there is nothing to retry.
    pub(crate) fn retry(&mut self, stage: usize) -> bool {
        let over = self.progress.phase().result().is_some();
        let failed = matches!(
            self.stage_states()[stage],
            StageState::Over(BuildResult::Failed | BuildResult::Canceled)
        );
        if over && failed {
            self.stages[stage].attempt += 1;
            self.stages[stage].result = BuildResult::Succeeded;
            self.finished = None;
            self.go_on_from(stage);
        }
        over && failed
    }

    fn go_on_from(&mut self, stage: usize) {
        self.first_stage = stage;
        let hold = stages::hold(&self.stages, stage, 0);
        self.progress = Progress::new(stages::script(&self.stages, stage, 0)).held_at(hold);
        self.queued_at = tokio::time::Instant::now();
    }

    /// Returns the position of the stage whose approval it waits for.
    pub(crate) fn waiting(&self) -> Option<usize> {
        let first = self.first_stage;
        let at = self.stages.iter().skip(first).position(Stage::waits)? + first;
        (self.progress.is_held() && self.progress.phase().result().is_none()).then_some(at)
    }

    /// Records the decision about the stage that it waits for.
    pub(crate) fn decide(&mut self, stage: usize, approved: bool, comment: &str) {
        if let Some(gate) = &mut self.stages[stage].gate {
            gate.status = ApprovalStatus::given(approved);
            comment.clone_into(&mut gate.comment);
        }
        if !approved {
            self.stages[stage].steps = 0;
            self.stages[stage].result = BuildResult::Failed;
        }
        self.go_on_from(stage);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn walk(progress: &mut Progress) -> Vec<&'static str> {
        (0..6)
            .map(|_| {
                let phase = progress.phase();
                progress.advance_after_read(Pace::Polls);
                phase.status()
            })
            .collect()
    }

    #[test]
    fn a_run_advances_when_it_is_read() {
        let mut progress = Progress::new(Script::ending(BuildResult::Failed));
        let seen = walk(&mut progress);
        assert_eq!(seen, ["notStarted", "inProgress", "inProgress", "completed", "completed", "completed"]);
        assert_eq!(progress.phase(), Phase::Completed(BuildResult::Failed));
    }

    #[test]
    fn a_run_can_be_completed_at_once() {
        let script = Script { not_started: 0, in_progress: 0, result: BuildResult::Succeeded };
        assert_eq!(Progress::new(script).phase(), Phase::Completed(BuildResult::Succeeded));
    }

    #[test]
    fn a_cancelled_run_ends_one_step_later() {
        let mut progress = Progress::new(Script::default());
        progress.advance_after_read(Pace::Polls);
        assert!(progress.cancel() && progress.cancel());
        assert_eq!(walk(&mut progress)[..2], ["cancelling", "completed"]);
        assert_eq!(progress.phase(), Phase::Completed(BuildResult::Canceled));
        assert!(!progress.cancel());
    }

    #[test]
    fn a_run_advances_with_the_clock() {
        let pace = Pace::Timed(Duration::from_secs(1));
        let mut progress = Progress::new(Script::default());
        for (millis, status) in
            [(0, "notStarted"), (999, "notStarted"), (1000, "inProgress"), (3000, "completed")]
        {
            progress.advance_after_read(pace);
            progress.catch_up(pace, Duration::from_millis(millis));
            assert_eq!(progress.phase().status(), status, "after {millis} ms");
        }
    }

    #[test]
    fn the_two_areas_spell_differently() {
        assert_eq!((Phase::Cancelling.status(), Phase::Cancelling.state()), ("cancelling", "canceling"));
        let partial = BuildResult::PartiallySucceeded;
        assert_eq!((partial.as_build(), partial.as_run()), ("partiallySucceeded", "unknown"));
    }
}
