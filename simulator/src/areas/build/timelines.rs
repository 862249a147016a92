//! The timeline of a pipeline run, its stages and their logs.

use serde::Deserialize;
use serde_json::Value;
use serde_json::json;
use uuid::Uuid;

use super::archive;
use super::builds;
use crate::areas::service_areas;
use crate::areas::shapes;
use crate::auth::Permission;
use crate::auth::RequiredPermissions;
use crate::choice::STAGE_STATE;
use crate::choice::chosen;
use crate::http::Call;
use crate::http::Content;
use crate::http::Format;
use crate::http::Outcome;
use crate::http::Response;
use crate::http::refusals;
use crate::names;
use crate::route::ApiResource;
use crate::route::Route;
use crate::state::Organization;
use crate::state::pipelines::ApprovalStatus;
use crate::state::pipelines::Run;
use crate::state::pipelines::StageState;

const BUILD: &[&str] = &["vso.build"];

const LOGS: ApiResource = ApiResource::new(
    &service_areas::BUILD,
    "35a80daf-7f30-45fc-86e8-6b813d9c90df",
    "logs",
    "build/builds/{buildId}/logs/{logId}",
    2,
);
const TIMELINE: ApiResource = ApiResource::new(
    &service_areas::BUILD,
    "8baac422-4c6e-4de5-8532-db96d92acffa",
    "Timeline",
    "build/builds/{buildId}/timeline/{timelineId}",
    3,
);
const STAGES: ApiResource = ApiResource::new(
    &service_areas::BUILD,
    "b8aac6c9-744b-46e1-88fc-3550969f9313",
    "stages",
    "build/builds/{buildId}/stages/{stageRefName}",
    5,
);

pub(in crate::areas) const ROUTES: &[Route] = &[
    Route::new(
        &TIMELINE,
        "GET",
        "build/builds/{build}/timeline",
        BUILD,
        RequiredPermissions::VIEW_BUILDS,
        timeline,
    ),
    Route::new(
        &STAGES,
        "PATCH",
        "build/builds/{build}/stages/{stage}",
        &["vso.build_execute"],
        RequiredPermissions::All(&[Permission::ReadProject, Permission::ViewBuilds, Permission::QueueBuilds]),
        update_stage,
    ),
    Route::new(&LOGS, "GET", "build/builds/{build}/logs", BUILD, RequiredPermissions::VIEW_BUILDS, logs),
    Route::new(&LOGS, "GET", "build/builds/{build}/logs/{log}", BUILD, RequiredPermissions::VIEW_BUILDS, log),
];

fn timeline(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let (project, run) = builds::locate(organization, call)?;
    let pace = organization.settings.pace;
    let project = &mut organization.projects[project];
    let base = format!("{}/{}/_apis/build/builds/{}", call.base, project.id, project.runs[run].id);
    let value = timeline_of(&project.runs[run], &base);
    project.runs[run].progress.advance_after_read(pace);
    Ok(Response::ok(&value))
}

/// Every stage has one job with one task, which writes the log.
fn timeline_of(run: &Run, base: &str) -> Value {
    let mut records = Vec::new();
    for (at, (stage, stand)) in run.stages.iter().zip(run.stage_states()).enumerate() {
        let mut parent: Option<Uuid> = None;
        for (depth, kind) in ["Stage", "Phase", "Job", "Task"].into_iter().enumerate() {
            let id = record_id(run.id, at, depth);
            let mut record = json!({
                "previousAttempts": [],
                "id": id,
                "parentId": parent,
                "type": kind,
                "name": stage.name,
                "startTime": run.started.filter(|_| !matches!(stand, StageState::Pending | StageState::Skipped)).map(shapes::moment),
                "finishTime": null,
                "state": stand.state(),
                "result": stand.result(),
                "order": at + 1,
                "attempt": stage.attempt,
                "identifier": stage.name,
                "log": null,
            });
            if kind == "Task" && !stage.written(stand).is_empty() {
                record["log"] =
                    json!({ "id": at + 1, "type": "Container", "url": format!("{base}/logs/{}", at + 1) });
            }
            records.push(record);
            parent = Some(id);
        }
        records.extend(checkpoint(run, at));
    }
    json!({ "records": records, "id": record_id(run.id, usize::MAX, 0), "changeId": 1, "url": format!("{base}/Timeline") })
}

/// The checkpoint and the approval of a stage.
fn checkpoint(run: &Run, at: usize) -> Vec<Value> {
    let Some(gate) = &run.stages[at].gate else { return Vec::new() };
    let (state, result) = match gate.status {
        ApprovalStatus::Pending if run.waiting() == Some(at) => ("inProgress", None),
        ApprovalStatus::Pending => ("pending", None),
        ApprovalStatus::Approved => ("completed", Some("succeeded")),
        ApprovalStatus::Rejected => ("completed", Some("failed")),
    };
    let (stage, checkpoint) = (record_id(run.id, at, 0), record_id(run.id, at, 4));
    let record = |id: Uuid, parent: Uuid, kind: &str| json!({ "id": id, "parentId": parent, "type": kind, "name": kind, "state": state, "result": result, "attempt": 1, "log": null });
    vec![record(checkpoint, stage, "Checkpoint"), record(gate.id, checkpoint, "Checkpoint.Approval")]
}

/// The identifier of a record, the same in every request.
fn record_id(run: u32, stage: usize, depth: usize) -> Uuid {
    Uuid::from_u128((u128::from(run) << 96) | ((stage as u128 & 0xffff_ffff) << 32) | depth as u128)
}

#[derive(Deserialize)]
struct Update {
    #[serde(default, deserialize_with = "chosen")]
    state: Option<String>,
}

fn update_stage(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let body: Update = call.json("updateParameters")?;
    let (position, run) = builds::locate(organization, call)?;
    if shapes::denied(organization, call, Permission::QueueBuilds) {
        return Err(builds::denied(organization, call, position, run, Permission::QueueBuilds));
    }
    let run = &mut organization.projects[position].runs[run];
    let name = call.captured[1];
    let stage = run.stages.iter().position(|stage| names::same(&stage.name, name));
    let stage = stage.ok_or_else(|| refusals::stage_not_found(name, run.id))?;
    let retry = body.state.is_some_and(|state| STAGE_STATE.name(&state) == "retry");
    if !retry || !run.retry(stage) {
        return Err(refusals::stage_not_retryable(name));
    }
    Ok(Response::new(axum::http::StatusCode::OK, Content::None, ""))
}

fn logs(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let (project, run) = builds::locate(organization, call)?;
    let project = &organization.projects[project];
    let run = &project.runs[run];
    if call.format(Format::Json) == Format::Zip {
        let all = (1..=run.stages.len()).filter_map(|id| Some((id, text(&lines(run, &id.to_string())?))));
        return Ok(packed(&all.collect::<Vec<_>>()));
    }
    let changed = shapes::moment(run.finished.or(run.started).unwrap_or(run.queued));
    let base = format!("{}/{}/_apis/build/builds/{}/logs", call.base, project.id, run.id);
    let entry = |(at, (stage, stand)): (usize, (_, StageState))| {
        let stage: &crate::state::pipelines::Stage = stage;
        let lines = stage.written(stand).len();
        (lines > 0).then(|| {
            json!({
                "lineCount": lines,
                "createdOn": changed,
                "lastChangedOn": changed,
                "id": at + 1,
                "type": "Container",
                "url": format!("{base}/{}", at + 1),
            })
        })
    };
    Ok(Response::list(run.stages.iter().zip(run.stage_states()).enumerate().filter_map(entry).collect()))
}

/// Returns a log as text, or as a list of lines if JSON is requested.
fn log(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let (project, run) = builds::locate(organization, call)?;
    let (pace, first) = (organization.settings.pace, organization.settings.switches.first_log_line);
    let run = &mut organization.projects[project].runs[run];
    let id = call.captured[1];
    let lines = lines(run, id).ok_or_else(|| refusals::log_not_found(id))?;
    let start = call.number("startLine").unwrap_or(0).saturating_sub(first);
    let end = call.number("endLine").map_or(lines.len(), |end| (end + 1).saturating_sub(first));
    let wanted = lines.get(start..end.min(lines.len())).unwrap_or_default();
    let response = match call.format(Format::Text) {
        Format::Json => Response::list(wanted.iter().map(|line| json!(line)).collect()),
        Format::Zip => packed(&[(id.parse().unwrap_or_default(), text(wanted))]),
        Format::Text | Format::Bytes => {
            Response::new(axum::http::StatusCode::OK, Content::Text, text(wanted))
        }
    };
    run.progress.advance_after_read(pace);
    Ok(response)
}

fn text(lines: &[String]) -> String {
    lines.iter().map(|line| format!("{line}\r\n")).collect()
}

/// Logs as an archive.
fn packed(logs: &[(usize, String)]) -> Response {
    let files = logs.iter().map(|(id, text)| (format!("{id}.txt"), text.as_bytes()));
    Response::new(axum::http::StatusCode::OK, Content::Zip, archive::zip(files))
}

/// The lines of a log with their times.
fn lines(run: &Run, id: &str) -> Option<Vec<String>> {
    let at = id.parse::<usize>().ok()?.checked_sub(1)?;
    let (stage, stand) = run.stages.iter().zip(run.stage_states()).nth(at)?;
    let began = run.started.unwrap_or(run.queued);
    let written = stage.written(stand);
    let stamped = |(number, line): (usize, &String)| {
        format!("{} {line}", shapes::moment(began + std::time::Duration::from_millis(number as u64)))
    };
    (!written.is_empty()).then(|| written.iter().enumerate().map(stamped).collect())
}
