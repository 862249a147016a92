//! What a run that makes no progress waits for, by its timeline: an approval, an agent, another run.

use crate::actions::pipeline_runs::model::Timeline;
use crate::actions::pipeline_runs::model::TimelineRecord;
use crate::actions::prelude::*;

/// What a run waits for
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct WaitsFor {
    /// The kind: approval, check, lock, authorization, agent, pipeline
    pub(crate) kind: &'static str,
    /// The stage before which it waits
    pub(crate) stage: Option<String>,
    /// The id of the record of the timeline, which is the id of an approval
    pub(crate) id: Option<String>,
    /// The words after "waits for"
    pub(crate) what: String,
    /// What ends the wait
    pub(crate) help: &'static str,
}

const APPROVE: &str = "Decide it with Decide pipeline approval, or in the browser; then wait again.";
const AUTHORIZE: &str = "Allow it with Authorize pipeline, or in the browser; then wait again.";
const LOCK: &str = "It continues when the other run is completed: wait again, or cancel the other run.";
const CHECK: &str = "The run's page in the browser shows the check and its result.";
const AGENT: &str = "It continues when an agent of its pool is free: wait again, or look at the pool's agents and their queue.";

/// Returns what a run waits for; `None` if it makes progress, or if its timeline does not show it
pub(crate) fn waits_for(timeline: &Timeline, status: &str) -> Option<WaitsFor> {
    all_waits(timeline, status).into_iter().next()
}

/// Returns everything that a run waits for; nothing if it makes progress, or if its timeline does not show it
pub(crate) fn all_waits(timeline: &Timeline, status: &str) -> Vec<WaitsFor> {
    let records = timeline.records();
    let is_open = |record: &&TimelineRecord| record.state.as_deref() == Some("inProgress");
    let checkpoint = |record: &&TimelineRecord| {
        record.kind.as_deref().is_some_and(|kind| kind.starts_with("Checkpoint.")) && is_open(record)
    };
    let checks: Vec<WaitsFor> =
        records.iter().filter(checkpoint).map(|check| check_wait(timeline, check)).collect();
    if !checks.is_empty() {
        return checks;
    }
    let is_running =
        |record: &TimelineRecord| record.kind.as_deref() == Some("Job") && record.worker_name.is_some();
    if records.iter().any(|record| is_running(record) && is_open(&record)) {
        return Vec::new();
    }
    let has_no_agent = |record: &&TimelineRecord| {
        record.kind.as_deref() == Some("Job")
            && record.state.as_deref() == Some("pending")
            && record.worker_name.is_none()
            && is_under_open_stage(timeline, record)
    };
    let jobs: Vec<WaitsFor> = records
        .iter()
        .filter(has_no_agent)
        .map(|job| {
            let name = job.name.as_deref().map(|name| format!(" for the job \"{}\"", printable(name, 256)));
            let what = format!("an agent{}", name.unwrap_or_default());
            WaitsFor { kind: "agent", stage: stage_of(timeline, job), id: job.id.clone(), what, help: AGENT }
        })
        .collect();
    if !jobs.is_empty() {
        return jobs;
    }
    let of_run =
        |kind, what: &str, help| vec![WaitsFor { kind, stage: None, id: None, what: what.to_owned(), help }];
    match status {
        "notStarted" => of_run("agent", "an agent, or an earlier run of the pipeline", AGENT),
        "postponed" => of_run(
            "pipeline",
            "its pipeline, which is paused",
            "Enable the pipeline with Enable pipeline, then wait again.",
        ),
        _ => Vec::new(),
    }
}

/// Returns the wait for an open check
fn check_wait(timeline: &Timeline, check: &TimelineRecord) -> WaitsFor {
    let stage = stage_of(timeline, check);
    let place = stage.as_ref().map(|stage| format!(" before the stage \"{stage}\"")).unwrap_or_default();
    let (kind, what, help) = match check.kind.as_deref().and_then(|kind| kind.strip_prefix("Checkpoint.")) {
        Some("Approval") => ("approval", "an approval".to_owned(), APPROVE),
        Some("ExclusiveLock") => ("lock", "another run, which holds an exclusive lock,".to_owned(), LOCK),
        Some("Authorization") => ("authorization", "the permission to use a resource".to_owned(), AUTHORIZE),
        kind => ("check", format!("a check ({})", printable(kind.unwrap_or_default(), 256)), CHECK),
    };
    WaitsFor { kind, stage, id: check.id.clone(), what: format!("{what}{place}"), help }
}

/// Returns the records from a record's parent upwards
fn ancestry<'t>(
    timeline: &'t Timeline,
    record: &'t TimelineRecord,
) -> impl Iterator<Item = &'t TimelineRecord> {
    let parent = |record: &&'t TimelineRecord| {
        let id = record.parent_id.as_deref()?;
        timeline.records().iter().find(|one| one.id.as_deref() == Some(id))
    };
    // A task, a job, a phase and a stage: a longer chain is a cycle.
    std::iter::successors(Some(record), parent).skip(1).take(8)
}

fn stage_of(timeline: &Timeline, record: &TimelineRecord) -> Option<String> {
    let stage = ancestry(timeline, record).find(|one| one.kind.as_deref() == Some("Stage"))?;
    stage.identifier.as_deref().or(stage.name.as_deref()).map(|name| printable(name, 256))
}

/// Returns whether the stage of a record has begun; a timeline without stages has begun with its run
fn is_under_open_stage(timeline: &Timeline, record: &TimelineRecord) -> bool {
    ancestry(timeline, record)
        .find(|one| one.kind.as_deref() == Some("Stage"))
        .is_none_or(|stage| stage.state.as_deref() == Some("inProgress"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reason(status: &str, records: &str) -> Option<String> {
        let timeline: Timeline =
            serde_json::from_str(&format!("{{\"records\":[{records}]}}")).expect("a timeline");
        waits_for(&timeline, status).map(|one| one.what)
    }

    const STAGE: &str = r#"{"id":"s","type":"Stage","identifier":"Deploy","state":"inProgress"}"#;

    #[test]
    fn a_run_that_waits_has_its_reason() {
        for (kind, expected) in [
            ("Approval", "an approval before the stage \"Deploy\""),
            ("ExclusiveLock", "another run, which holds an exclusive lock, before the stage \"Deploy\""),
            ("Authorization", "the permission to use a resource before the stage \"Deploy\""),
            ("TaskCheck", "a check (TaskCheck) before the stage \"Deploy\""),
        ] {
            let check =
                format!(r#"{{"id":"c","parentId":"s","type":"Checkpoint.{kind}","state":"inProgress"}}"#);
            assert_eq!(reason("inProgress", &format!("{STAGE},{check}")).as_deref(), Some(expected));
        }
        let job =
            r#"{"id":"j","parentId":"s","type":"Job","name":"Build","state":"pending","workerName":null}"#;
        let expected = "an agent for the job \"Build\"";
        assert_eq!(reason("inProgress", &format!("{STAGE},{job}")).as_deref(), Some(expected));
        assert_eq!(reason("notStarted", "").as_deref(), Some("an agent, or an earlier run of the pipeline"));
        assert_eq!(reason("postponed", "").as_deref(), Some("its pipeline, which is paused"));
    }

    #[test]
    fn a_run_that_makes_progress_waits_for_nothing() {
        let running = r#"{"id":"j","parentId":"s","type":"Job","state":"inProgress","workerName":"agent 1"}"#;
        let next = r#"{"id":"k","parentId":"s","type":"Job","state":"pending"}"#;
        assert_eq!(reason("inProgress", &format!("{STAGE},{running},{next}")), None);
        let later = r#"{"id":"t","type":"Stage","state":"pending"},{"id":"l","parentId":"t","type":"Job","state":"pending"}"#;
        assert_eq!(reason("inProgress", later), None);
        assert_eq!(reason("inProgress", ""), None);
    }
}
