//! Approvals of pipeline runs, and pipeline permissions of resources.

use serde::Deserialize;
use serde_json::Value;
use serde_json::json;

use super::pipeline::project;
use crate::areas::service_areas;
use crate::areas::shapes;
use crate::auth::Permission;
use crate::auth::RequiredPermissions;
use crate::choice::CHECK_APPROVAL_STATUS;
use crate::choice::chosen;
use crate::http::Call;
use crate::http::Outcome;
use crate::http::Response;
use crate::http::refusals;
use crate::http::response::percent_encoded;
use crate::names;
use crate::route::ApiResource;
use crate::route::Route;
use crate::state::Organization;
use crate::state::Project;
use crate::state::User;
use crate::state::pipelines::ApprovalStatus;
use crate::state::pipelines::Run;
use crate::state::pipelines::StageApproval;

const BUILD: &[&str] = &["vso.build"];

const APPROVALS: ApiResource = ApiResource::new(
    &service_areas::APPROVAL,
    "37794717-f36f-4d78-b2bf-4dc30d0cfbcd",
    "approvals",
    "pipelines/approvals/{approvalId}",
    2,
);
const PIPELINE_PERMISSIONS: ApiResource = ApiResource::new(
    &service_areas::PIPELINE_PERMISSIONS,
    "b5b9a4a4-e6cd-4096-853c-ab7d8b0c4eb2",
    "pipelinePermissions",
    "pipelines/pipelinePermissions/{resourceType}/{resourceId}",
    1,
);

pub(in crate::areas) const ROUTES: &[Route] = &[
    Route::new(&APPROVALS, "GET", "pipelines/approvals", BUILD, RequiredPermissions::VIEW_BUILDS, list),
    Route::new(
        &APPROVALS,
        "PATCH",
        "pipelines/approvals",
        &["vso.build_execute", "vso.pipelineresources_use"],
        RequiredPermissions::VIEW_BUILDS,
        update,
    ),
    Route::new(
        &APPROVALS,
        "GET",
        "pipelines/approvals/{approval}",
        BUILD,
        RequiredPermissions::VIEW_BUILDS,
        get,
    ),
    Route::new(
        &PIPELINE_PERMISSIONS,
        "GET",
        "pipelines/pipelinePermissions/{type}/{id}",
        BUILD,
        RequiredPermissions::SEE_PROJECT,
        permissions,
    )
    .preview(),
    Route::new(
        &PIPELINE_PERMISSIONS,
        "PATCH",
        "pipelines/pipelinePermissions/{type}/{id}",
        &["vso.pipelineresources_manage"],
        RequiredPermissions::All(&[Permission::ReadProject, Permission::AdministerResources]),
        authorize,
    )
    .preview(),
];

/// The kinds of resources in the service.
const RESOURCES: [&str; 6] =
    ["endpoint", "queue", "variablegroup", "securefile", "environment", "repository"];

/// Brings the runs of the project up to date, and returns its position.
fn catch_up(organization: &mut Organization, call: &Call<'_>) -> Result<usize, Response> {
    let position = project(organization, call)?;
    organization.look_at_runs(position);
    Ok(position)
}

/// The approvals that a run has reached, with their stages.
fn reached(run: &Run) -> impl Iterator<Item = (usize, &StageApproval)> {
    let waiting = run.waiting();
    let gates = run.stages.iter().enumerate().filter_map(|(at, stage)| Some((at, stage.gate.as_ref()?)));
    gates.filter(move |(at, gate)| gate.status != ApprovalStatus::Pending || waiting == Some(*at))
}

fn approver<'o>(organization: &'o Organization, gate: &StageApproval) -> &'o User {
    let found = organization.users.iter().find(|user| names::same(&user.name, &gate.approver));
    found.unwrap_or(&organization.users[0])
}

fn shape(
    organization: &Organization,
    call: &Call<'_>,
    project: &Project,
    run: &Run,
    gate: &StageApproval,
) -> Value {
    let user = shapes::user(call, approver(organization, gate));
    let pipeline = project.pipeline(run.pipeline);
    let url = format!("{}/{}/_apis/pipelines/approvals/{}", call.base, project.id, gate.id);
    let web = format!("{}/{}/_build/results?buildId={}", call.base, percent_encoded(&project.name), run.id);
    let since = shapes::moment(run.started.unwrap_or(run.queued));
    json!({
        "id": gate.id,
        "steps": [{
            "assignedApprover": user,
            "status": gate.status.as_str(),
            "comment": gate.comment,
            "order": 1,
            "initiatedOn": since,
            "history": [],
        }],
        "status": gate.status.as_str(),
        "createdOn": since,
        "executionOrder": "anyOrder",
        "minRequiredApprovers": 1,
        "blockedApprovers": [],
        "_links": { "self": { "href": url } },
        "pipeline": {
            "owner": { "_links": { "web": { "href": web } }, "id": run.id, "name": run.number },
            "id": run.pipeline.to_string(),
            "name": pipeline.map(|pipeline| &pipeline.name),
        },
    })
}

fn list(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let position = catch_up(organization, call)?;
    let ids: Option<Vec<String>> =
        call.query("approvalIds").map(|ids| ids.split(',').map(str::to_ascii_lowercase).collect());
    let project = &organization.projects[position];
    let visible = !shapes::denied(organization, call, Permission::ViewBuilds);
    let runs = project.runs.iter().rev().filter(|_| visible);
    let all = runs.flat_map(|run| reached(run).map(move |(_, gate)| (run, gate)));
    let fitting = all.filter(|(_, gate)| {
        call.query("state").is_none_or(|state| {
            let wanted = CHECK_APPROVAL_STATUS.names(state);
            let status = gate.status.as_str();
            let over = wanted.contains(&"completed") && status != "pending";
            over || wanted.contains(&"all") || wanted.iter().any(|one| names::same(one, status))
        }) && ids.as_ref().is_none_or(|ids| ids.contains(&gate.id.to_string()))
    });
    let top = call.number("top").unwrap_or(usize::MAX);
    let value = fitting.take(top).map(|(run, gate)| shape(organization, call, project, run, gate));
    Ok(Response::list(value.collect()))
}

/// Returns the positions of the run and of the stage of an approval.
fn locate(
    organization: &Organization,
    call: &Call<'_>,
    project: usize,
    id: &str,
) -> Result<(usize, usize), Response> {
    let visible = !shapes::denied(organization, call, Permission::ViewBuilds);
    let place = organization.projects[project].runs.iter().enumerate().find_map(|(position, run)| {
        let (at, _) = reached(run).find(|(_, gate)| names::same(&gate.id.to_string(), id))?;
        Some((position, at))
    });
    place.filter(|_| visible).ok_or_else(|| refusals::approval_not_found(id))
}

fn get(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let position = catch_up(organization, call)?;
    let project = &organization.projects[position];
    let (run, at) = locate(organization, call, position, call.captured[0])?;
    let run = &project.runs[run];
    let gate = run.stages[at].gate.as_ref().expect("it was found by its approval");
    Ok(Response::ok(&shape(organization, call, project, run, gate)))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Decision {
    approval_id: String,
    #[serde(default, deserialize_with = "chosen")]
    status: Option<String>,
    comment: Option<String>,
}

/// Only the approver may decide. A list of decisions is applied as a whole or not at all.
fn update(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let body: Vec<Decision> = call.json_list("updateParameters")?;
    let position = catch_up(organization, call)?;
    let caller = shapes::caller(organization, call).id;
    let mut decided = Vec::new();
    for decision in body {
        let project = &organization.projects[position];
        let (run, at) = locate(organization, call, position, &decision.approval_id)?;
        let gate = project.runs[run].stages[at].gate.as_ref().expect("it was found by its approval");
        let anybody = organization.settings.switches.unverified.anybody_decides;
        if !anybody && approver(organization, gate).id != caller {
            return Err(refusals::not_the_approver(&shapes::caller(organization, call).name));
        }
        let approved = match decision.status.as_deref().map(|status| CHECK_APPROVAL_STATUS.name(status)) {
            Some("approved") => true,
            Some("rejected") => false,
            _ => return Err(refusals::body_missing("status")),
        };
        if gate.status != ApprovalStatus::Pending {
            return Err(refusals::approval_over(&decision.approval_id, gate.status.as_str()));
        }
        decided.push((run, at, approved, decision.comment.unwrap_or_default()));
    }
    for (run, at, approved, comment) in &decided {
        organization.projects[position].runs[*run].decide(*at, *approved, comment);
    }
    let project = &organization.projects[position];
    let shown = decided.iter().map(|(run, at, ..)| {
        let run = &project.runs[*run];
        shape(
            organization,
            call,
            project,
            run,
            run.stages[*at].gate.as_ref().expect("it was found by its approval"),
        )
    });
    Ok(Response::list(shown.collect()))
}

/// Returns the kind and the identifier of the resource in the path. Any identifier is accepted.
fn resource(call: &Call<'_>) -> Result<String, Response> {
    let (kind, id) = (call.captured[0].to_ascii_lowercase(), call.captured[1]);
    if RESOURCES.contains(&kind.as_str()) {
        return Ok(format!("{kind}/{}", id.to_ascii_lowercase()));
    }
    Err(refusals::bad_argument(&format!("The resource type '{kind}' is not supported.")))
}

fn permissions_of(call: &Call<'_>, project: &Project, resource: &str) -> Value {
    let allowed = project.authorized.get(resource).cloned().unwrap_or_default();
    let pipelines: Vec<Value> =
        allowed.pipelines.iter().map(|id| json!({ "id": id, "authorized": true })).collect();
    let mut value = json!({
        "resource": { "type": call.captured[0], "id": call.captured[1] },
        "pipelines": pipelines,
    });
    if allowed.all {
        value["allPipelines"] = json!({ "authorized": true });
    }
    value
}

fn permissions(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let position = project(organization, call)?;
    let resource = resource(call)?;
    Ok(Response::ok(&permissions_of(call, &organization.projects[position], &resource)))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Change {
    #[serde(default)]
    pipelines: Vec<PipelineChange>,
    all_pipelines: Option<AllChange>,
}

#[derive(Deserialize)]
struct PipelineChange {
    id: u32,
    authorized: bool,
}

#[derive(Deserialize)]
struct AllChange {
    authorized: bool,
}

fn authorize(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let body: Change = call.json("resourceAuthorizations")?;
    let position = project(organization, call)?;
    let resource = resource(call)?;
    if shapes::denied(organization, call, Permission::AdministerResources) {
        return Err(refusals::needs_to_administer(&shapes::caller(organization, call).name));
    }
    let project = &mut organization.projects[position];
    if let Some(unknown) = body.pipelines.iter().find(|change| project.pipeline(change.id).is_none()) {
        return Err(refusals::definition_not_found(&unknown.id.to_string()));
    }
    let allowed = project.authorized.entry(resource.clone()).or_default();
    for change in body.pipelines {
        if change.authorized {
            allowed.pipelines.insert(change.id);
        } else {
            allowed.pipelines.remove(&change.id);
        }
    }
    if let Some(all) = body.all_pipelines {
        allowed.all = all.authorized;
    }
    Ok(Response::ok(&permissions_of(call, &organization.projects[position], &resource)))
}
