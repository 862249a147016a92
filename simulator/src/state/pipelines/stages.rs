//! The stages of a pipeline run: their states and logs, and the effect of a retry.

use serde::Deserialize;
use serde::Serialize;
use uuid::Uuid;

use crate::world::BuildResult;
use crate::world::Script;

/// A stage of a run.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Stage {
    pub(crate) name: String,
    /// The number of the run's steps that it lasts.
    pub(crate) steps: u32,
    pub(crate) result: BuildResult,
    pub(crate) log: Vec<String>,
    /// Whether the run was started without it.
    pub(crate) left_out: bool,
    pub(crate) attempt: u32,
    pub(crate) gate: Option<StageApproval>,
}

/// An approval before a stage.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct StageApproval {
    pub(crate) id: Uuid,
    /// The name of the approver.
    pub(crate) approver: String,
    pub(crate) status: ApprovalStatus,
    pub(crate) comment: String,
}

impl StageApproval {
    pub(crate) fn new(approver: &str) -> StageApproval {
        let approver = approver.to_owned();
        StageApproval {
            id: Uuid::new_v4(),
            approver,
            status: ApprovalStatus::Pending,
            comment: String::new(),
        }
    }
}

/// The status of an approval.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum ApprovalStatus {
    Pending,
    Approved,
    Rejected,
}

impl ApprovalStatus {
    pub(crate) fn given(approved: bool) -> ApprovalStatus {
        if approved { ApprovalStatus::Approved } else { ApprovalStatus::Rejected }
    }

    /// Returns the service's word for it.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            ApprovalStatus::Pending => "pending",
            ApprovalStatus::Approved => "approved",
            ApprovalStatus::Rejected => "rejected",
        }
    }
}

/// The state of a stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StageState {
    Pending,
    /// This many of its steps are done.
    Running(u32),
    Over(BuildResult),
    Skipped,
}

impl StageState {
    pub(crate) fn state(self) -> &'static str {
        match self {
            StageState::Pending => "pending",
            StageState::Running(_) => "inProgress",
            StageState::Over(_) | StageState::Skipped => "completed",
        }
    }

    pub(crate) fn result(self) -> Option<&'static str> {
        match self {
            // The timeline has its own spelling of a partial success.
            StageState::Over(BuildResult::PartiallySucceeded) => Some("succeededWithIssues"),
            StageState::Over(result) => Some(result.as_build()),
            StageState::Skipped => Some("skipped"),
            StageState::Pending | StageState::Running(_) => None,
        }
    }
}

impl Stage {
    /// Returns whether it needs an approval that is still pending.
    pub(crate) fn waits(&self) -> bool {
        !self.left_out && self.gate.as_ref().is_some_and(|gate| gate.status == ApprovalStatus::Pending)
    }

    /// Returns the lines that it has written to its log.
    pub(crate) fn written(&self, stand: StageState) -> &[String] {
        let lines = match stand {
            StageState::Pending | StageState::Skipped => 0,
            StageState::Running(done) => self.log.len() * (done as usize + 1) / (self.steps as usize).max(1),
            StageState::Over(_) => self.log.len(),
        };
        &self.log[..lines.min(self.log.len())]
    }
}

fn stops(result: BuildResult) -> bool {
    matches!(result, BuildResult::Failed | BuildResult::Canceled)
}

/// Returns the script of a run from the stage `first` on: the steps of its stages, up to one that ends the run.
pub(crate) fn script(stages: &[Stage], first: usize, not_started: u32) -> Script {
    let mut script = Script { not_started, in_progress: 0, result: BuildResult::Succeeded };
    for stage in stages.iter().skip(first).filter(|stage| !stage.left_out) {
        script.in_progress = script.in_progress.saturating_add(stage.steps);
        if stage.result != BuildResult::Succeeded {
            script.result = stage.result;
        }
        if stops(stage.result) {
            break;
        }
    }
    script
}

/// Returns the number of steps, from the stage `first` on, before the run waits for an approval.
pub(crate) fn hold(stages: &[Stage], first: usize, not_started: u32) -> Option<u32> {
    let at = stages.iter().skip(first).position(Stage::waits)? + first;
    let before = stages[first..at].iter().filter(|stage| !stage.left_out);
    Some(before.fold(not_started, |sum, stage| sum.saturating_add(stage.steps)))
}

/// Returns the state of each stage after a number of steps since the start of the stage `first`. The stages before it
/// are completed. `step` is `None` before the start; `ended` is the state that a cancelled run leaves its stages in.
pub(crate) fn stage_states(
    stages: &[Stage],
    first: usize,
    step: Option<u32>,
    cancelled: bool,
    over: bool,
) -> Vec<StageState> {
    let mut left = step;
    let mut stopped = false;
    let stand = |(at, stage): (usize, &Stage)| {
        if stage.left_out || stopped {
            return StageState::Skipped;
        }
        if at < first {
            return StageState::Over(stage.result);
        }
        if stage.waits() {
            left = None;
        }
        let Some(steps) = left else {
            return if over { StageState::Skipped } else { StageState::Pending };
        };
        if steps >= stage.steps {
            left = Some(steps - stage.steps);
            stopped = stops(stage.result);
            return StageState::Over(stage.result);
        }
        left = None;
        if cancelled && over { StageState::Over(BuildResult::Canceled) } else { StageState::Running(steps) }
    };
    stages.iter().enumerate().map(stand).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stage(name: &str, steps: u32, result: BuildResult) -> Stage {
        let log = (1..=4).map(|line| format!("{name} {line}")).collect();
        Stage { name: name.to_owned(), steps, result, log, left_out: false, attempt: 1, gate: None }
    }

    #[test]
    fn stages_follow_each_other_and_a_failed_one_stops_the_run() {
        let mut stages = vec![
            stage("Build", 2, BuildResult::Succeeded),
            stage("Test", 1, BuildResult::Failed),
            stage("Deploy", 1, BuildResult::Succeeded),
        ];
        assert_eq!(
            script(&stages, 0, 1),
            Script { not_started: 1, in_progress: 3, result: BuildResult::Failed }
        );
        let states = |stages: &[Stage], first, step, cancelled, over| -> Vec<_> {
            stage_states(stages, first, step, cancelled, over)
                .into_iter()
                .map(|one| one.result().unwrap_or(one.state()))
                .collect()
        };
        assert_eq!(states(&stages, 0, None, false, false), ["pending", "pending", "pending"]);
        assert_eq!(states(&stages, 0, Some(1), false, false), ["inProgress", "pending", "pending"]);
        assert_eq!(states(&stages, 0, Some(2), false, false), ["succeeded", "inProgress", "pending"]);
        assert_eq!(states(&stages, 0, Some(3), false, true), ["succeeded", "failed", "skipped"]);
        assert_eq!(states(&stages, 0, Some(1), true, true), ["canceled", "skipped", "skipped"]);
        stages[1].result = BuildResult::Succeeded;
        assert_eq!(script(&stages, 1, 0).in_progress, 2);
        assert_eq!(states(&stages, 1, Some(1), false, false), ["succeeded", "succeeded", "inProgress"]);
        stages[0].left_out = true;
        assert_eq!(states(&stages, 0, Some(0), false, false), ["skipped", "inProgress", "pending"]);
    }

    #[test]
    fn a_log_grows_with_its_stage() {
        let stage = stage("Build", 2, BuildResult::Succeeded);
        let written = |stand| stage.written(stand).len();
        let stage_states = [
            StageState::Pending,
            StageState::Running(0),
            StageState::Running(1),
            StageState::Over(BuildResult::Failed),
        ];
        assert_eq!(stage_states.map(written), [0, 2, 4, 4]);
    }

    #[test]
    fn a_run_waits_before_a_stage_with_an_approver() {
        let mut stages =
            vec![stage("Build", 2, BuildResult::Succeeded), stage("Deploy", 1, BuildResult::Succeeded)];
        assert_eq!(hold(&stages, 0, 1), None);
        stages[1].gate = Some(StageApproval::new("Ann Lee"));
        assert_eq!((hold(&stages, 0, 1), hold(&stages, 1, 0)), (Some(3), Some(0)));
        let stand = |stages: &[Stage]| stage_states(stages, 0, Some(2), false, false)[1].state();
        assert_eq!(stand(&stages), "pending");
        stages[1].gate.as_mut().unwrap().status = ApprovalStatus::Approved;
        assert_eq!((hold(&stages, 0, 1), stand(&stages)), (None, "inProgress"));
    }
}
