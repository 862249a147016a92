//! What a stage of a release waits for, and whether it can still start by itself.

use crate::actions::prelude::*;
use crate::actions::releases::model::Release;
use crate::actions::releases::model::Stage;

/// Why a stage is not over
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Waiting {
    /// It is in progress
    Runs,
    /// It waits for this
    For(String),
    /// It does not start by itself any more, for this reason
    Never(String),
}

/// The number of each status in a condition
const STATUS_NUMBERS: [(&str, u32); 4] =
    [("succeeded", 4), ("canceled", 8), ("rejected", 16), ("partiallySucceeded", 128)];

/// Returns why a stage is not over
pub(crate) fn waiting(release: &Release, stage: &Stage) -> Waiting {
    let has_begun = !matches!(stage.status.as_str(), "notStarted" | "undefined" | "queued" | "scheduled");
    match release.status.as_deref() {
        Some("abandoned") if !has_begun => return Waiting::Never("the release is abandoned".to_owned()),
        Some("draft") if !has_begun => return Waiting::Never("the release is a draft".to_owned()),
        _ => {}
    }
    match stage.status.as_str() {
        _ if stage.pending_approvals > 0 => Waiting::For("an approval".to_owned()),
        "queued" => Waiting::For("an agent, or an earlier deployment to this stage".to_owned()),
        "scheduled" => Waiting::For("its scheduled time".to_owned()),
        "notStarted" | "undefined" => start(release, stage, 0),
        _ => Waiting::Runs,
    }
}

/// Returns what a stage that has not started waits for; `depth` ends a circle of conditions
fn start(release: &Release, stage: &Stage, depth: usize) -> Waiting {
    let stages = release.stages.as_deref().unwrap_or_default();
    let conditions =
        stage.conditions.iter().filter(|one| one.condition_type.as_deref() == Some("environmentState"));
    let mut open = Vec::new();
    for condition in conditions {
        let name = condition.name.as_deref().unwrap_or_default();
        let shown = printable(name, 256);
        let Some(other) = stages.iter().find(|one| one.name.to_lowercase() == name.to_lowercase()) else {
            continue;
        };
        if other.is_over() {
            if !accepts(condition.value.as_deref(), &other.status) {
                let status = printable(&other.status, 64);
                return Waiting::Never(format!("it starts after the stage \"{shown}\", which is {status}"));
            }
            continue;
        }
        if depth < stages.len()
            && matches!(other.status.as_str(), "notStarted" | "undefined")
            && other.pending_approvals == 0
            && let Waiting::Never(reason) = start(release, other, depth + 1)
        {
            return Waiting::Never(format!(
                "it starts after the stage \"{shown}\", which does not start: {reason}"
            ));
        }
        open.push(format!("\"{shown}\""));
    }
    match open.as_slice() {
        [] if stage.conditions.is_empty() => Waiting::For("its deployment by hand".to_owned()),
        [] => Waiting::For("its start".to_owned()),
        [one] => Waiting::For(format!("the stage {one}")),
        several => Waiting::For(format!("the stages {}", several.join(" and "))),
    }
}

/// Returns whether a condition accepts the status of a stage; one with unknown states accepts all
fn accepts(value: Option<&str>, status: &str) -> bool {
    let Some(states) = value.and_then(|value| value.parse::<u32>().ok()) else { return true };
    STATUS_NUMBERS.iter().find(|(name, _)| *name == status).is_none_or(|(_, number)| states & number != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(status: &str, stages: &str) -> Waiting {
        let json = format!("{{\"id\":1,\"status\":\"{status}\",\"environments\":[{stages}]}}");
        let release: Release = serde_json::from_str(&json).expect("a release");
        let last = release.stages.as_deref().and_then(<[Stage]>::last).expect("a stage");
        waiting(&release, last)
    }

    fn stage(id: u32, name: &str, status: &str, after: Option<(&str, &str)>) -> String {
        let condition = after.map(|(name, value)| {
            format!("{{\"name\":\"{name}\",\"conditionType\":\"environmentState\",\"value\":\"{value}\"}}")
        });
        let conditions = condition.unwrap_or_default();
        format!("{{\"id\":{id},\"name\":\"{name}\",\"status\":\"{status}\",\"conditions\":[{conditions}]}}")
    }

    #[test]
    fn a_stage_that_can_no_longer_start_is_told_apart_from_one_that_waits() {
        let after = |first: &str, value: &str| {
            read(
                "active",
                &[stage(1, "Test", first, None), stage(2, "Live", "notStarted", Some(("Test", value)))]
                    .join(","),
            )
        };
        assert_eq!(after("inProgress", "4"), Waiting::For("the stage \"Test\"".to_owned()));
        assert_eq!(after("succeeded", "4"), Waiting::For("its start".to_owned()));
        assert_eq!(after("partiallySucceeded", "132"), Waiting::For("its start".to_owned()));
        for (status, value) in
            [("rejected", "4"), ("canceled", "4"), ("partiallySucceeded", "4"), ("rejected", "132")]
        {
            let reason = format!("it starts after the stage \"Test\", which is {status}");
            assert_eq!(after(status, value), Waiting::Never(reason));
        }
        let chain = [
            stage(1, "A", "rejected", None),
            stage(2, "B", "notStarted", Some(("A", "4"))),
            stage(3, "C", "notStarted", Some(("B", "4"))),
        ];
        assert!(
            matches!(read("active", &chain.join(",")), Waiting::Never(why) if why.contains("\"A\", which is rejected"))
        );
        let circle =
            [stage(1, "A", "notStarted", Some(("B", "4"))), stage(2, "B", "notStarted", Some(("A", "4")))];
        assert_eq!(read("active", &circle.join(",")), Waiting::For("the stage \"A\"".to_owned()));
        assert_eq!(
            read("active", &stage(1, "A", "notStarted", None)),
            Waiting::For("its deployment by hand".to_owned())
        );
        for status in ["notStarted", "queued", "scheduled"] {
            let never = Waiting::Never("the release is abandoned".to_owned());
            assert_eq!(read("abandoned", &stage(1, "A", status, None)), never);
        }
        assert_eq!(read("abandoned", &stage(1, "A", "inProgress", None)), Waiting::Runs);
    }
}
