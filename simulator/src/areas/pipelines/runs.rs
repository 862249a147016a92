//! Pipeline runs in the pipelines area: get, list.

use axum::http::StatusCode;
use serde_json::Value;
use serde_json::json;

use super::pipeline;
use crate::areas::service_areas;
use crate::areas::shapes;
use crate::auth::Permission;
use crate::auth::RequiredPermissions;
use crate::http::Call;
use crate::http::Outcome;
use crate::http::Response;
use crate::http::SINCE_7_0;
use crate::http::refusals;
use crate::http::response::percent_encoded;
use crate::route::ApiResource;
use crate::route::Route;
use crate::state::Organization;
use crate::state::Project;
use crate::state::pipelines::Run;

const BUILD: &[&str] = &["vso.build"];

pub(in crate::areas) const RUNS: ApiResource = ApiResource::new(
    &service_areas::PIPELINES,
    "7859261e-d2e9-4a68-b820-a5d84cc5bb3d",
    "runs",
    "pipelines/{pipelineId}/runs/{runId}",
    2,
);

pub(in crate::areas) const ROUTES: &[Route] = &[
    Route::new(
        &RUNS,
        "GET",
        "pipelines/{pipeline}/runs",
        BUILD,
        RequiredPermissions::All(&[
            Permission::ReadProject,
            Permission::ViewBuildDefinition,
            Permission::ViewBuilds,
        ]),
        list,
    )
    .released(SINCE_7_0),
    Route::new(
        &RUNS,
        "GET",
        "pipelines/{pipeline}/runs/{run}",
        BUILD,
        RequiredPermissions::All(&[
            Permission::ReadProject,
            Permission::ViewBuildDefinition,
            Permission::ViewBuilds,
        ]),
        get,
    )
    .released(SINCE_7_0),
];

/// The run in the form of this area.
pub(in crate::areas) fn shape(call: &Call<'_>, project: &Project, run: &Run) -> Value {
    let phase = run.progress.phase();
    let url = format!("{}/{}/_apis/pipelines/{}/runs/{}", call.base, project.id, run.pipeline, run.id);
    let web = format!("{}/{}/_build/results?buildId={}", call.base, percent_encoded(&project.name), run.id);
    let pipeline = project.pipeline(run.pipeline);
    let mut value = json!({
        "_links": { "self": { "href": url }, "web": { "href": web } },
        "templateParameters": run.template_parameters,
        "pipeline": pipeline.map(|pipeline| pipeline::reference(call, project, pipeline)),
        "state": phase.state(),
        "createdDate": shapes::moment(run.queued),
        "url": url,
        "resources": { "repositories": { "self": {
            "repository": { "id": pipeline.map(|pipeline| pipeline.repository), "type": "azureReposGit" },
            "refName": run.branch,
            "version": run.commit.to_string(),
        } } },
        "id": run.id,
        "name": run.number,
    });
    if !run.variables.is_empty() {
        value["variables"] = json!(run.variables);
    }
    if let Some(result) = phase.result() {
        value["result"] = json!(result.as_run());
        value["finishedDate"] = json!(run.finished.map(shapes::moment));
    }
    value
}

/// Returns the positions of project and pipeline, for requests that read runs.
fn located(organization: &mut Organization, call: &Call<'_>) -> Result<(usize, usize), Response> {
    let project = pipeline::project(organization, call)?;
    let id = call.captured[0];
    let visible = !shapes::denied(organization, call, Permission::ViewBuilds);
    let pipeline = pipeline::locate(organization, call, project, id).filter(|_| visible);
    let pipeline = pipeline.ok_or_else(|| refusals::pipeline_not_found(StatusCode::NOT_FOUND, id))?;
    Ok((project, pipeline))
}

fn list(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let (project, pipeline) = located(organization, call)?;
    organization.look_at_runs(project);
    let project = &organization.projects[project];
    let id = project.pipelines[pipeline].id;
    // Newest first, without pages.
    let runs = project.runs.iter().rev().filter(|run| run.pipeline == id && run.unseen.look());
    let shown = runs.map(|run| {
        let mut value = shape(call, project, run);
        // Only a single run shows the parameters it was started with.
        for part in ["templateParameters", "variables", "resources"] {
            value.as_object_mut().map(|value| value.remove(part));
        }
        value
    });
    Ok(Response::list(shown.collect()))
}

fn get(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let (project, pipeline) = located(organization, call)?;
    let (now, pace) = (organization.now(), organization.settings.pace);
    let project = &mut organization.projects[project];
    let id = project.pipelines[pipeline].id;
    let name = call.captured[1];
    let position = project.runs.iter().position(|run| run.pipeline == id && run.id.to_string() == name);
    let position = position.filter(|at| project.runs[*at].unseen.look());
    let position = position.ok_or_else(|| refusals::run_not_found(name))?;
    project.runs[position].look(pace, now);
    let value = shape(call, project, &project.runs[position]);
    project.runs[position].progress.advance_after_read(pace);
    Ok(Response::ok(&value))
}
