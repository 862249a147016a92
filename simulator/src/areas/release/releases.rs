//! Releases: create, change, and deploy their stages.

use serde::Deserialize;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use super::approvals;
use super::definitions::allow;
use super::definitions::project;
use super::definitions::reference;
use crate::areas::properties;
use crate::areas::service_areas;
use crate::areas::shapes;
use crate::auth::Permission;
use crate::auth::RequiredPermissions;
use crate::choice::ENVIRONMENT_STATUS;
use crate::choice::RELEASE_REASON;
use crate::choice::RELEASE_STATUS;
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
use crate::state::Unseen;
use crate::state::releases::Numbers;
use crate::state::releases::Release;
use crate::state::releases::ReleasePipeline;
use crate::state::releases::ReleaseStage;

pub(super) const RELEASE: &[&str] = &["vso.release"];
const RELEASE_EXECUTE: &[&str] = &["vso.release_execute"];

pub(super) const RELEASES: ApiResource = ApiResource::new(
    &service_areas::RELEASE,
    "a166fde7-27ad-408e-ba75-703c2cc9d500",
    "releases",
    "release/releases/{releaseId}",
    9,
);
const ENVIRONMENTS: ApiResource = ApiResource::new(
    &service_areas::RELEASE,
    "a7e426b1-03dc-48af-9dfe-c98bac612dcb",
    "environments",
    "release/releases/{releaseId}/environments/{environmentId}",
    7,
);

pub(in crate::areas) const ROUTES: &[Route] = &[
    Route::new(
        &RELEASES,
        "POST",
        "release/releases",
        RELEASE_EXECUTE,
        RequiredPermissions::All(&[Permission::ReadProject, Permission::CreateReleases]),
        create,
    ),
    Route::new(
        &RELEASES,
        "GET",
        "release/releases/{release}",
        RELEASE,
        RequiredPermissions::VIEW_RELEASES,
        get,
    ),
    Route::new(
        &RELEASES,
        "PATCH",
        "release/releases/{release}",
        RELEASE_EXECUTE,
        RequiredPermissions::All(&[
            Permission::ReadProject,
            Permission::ViewReleases,
            Permission::ManageReleases,
        ]),
        update,
    ),
    Route::new(
        &ENVIRONMENTS,
        "GET",
        "release/releases/{release}/environments/{environment}",
        RELEASE,
        RequiredPermissions::VIEW_RELEASES,
        get_stage,
    ),
    Route::new(
        &ENVIRONMENTS,
        "PATCH",
        "release/releases/{release}/environments/{environment}",
        RELEASE_EXECUTE,
        RequiredPermissions::All(&[
            Permission::ReadProject,
            Permission::ViewReleases,
            Permission::ManageDeployments,
        ]),
        update_stage,
    ),
];

pub(super) fn shape(
    organization: &Organization,
    call: &Call<'_>,
    project: &Project,
    release: &Release,
) -> Value {
    let url = format!("{}/{}/_apis/Release/releases/{}", call.base, project.id, release.id);
    let web = format!(
        "{}/{}/_release?releaseId={}&_a=release-summary",
        call.base,
        percent_encoded(&project.name),
        release.id
    );
    let author = shapes::user(call, &organization.users[release.author]);
    let pipeline = project.release_pipelines.iter().find(|known| known.id == release.pipeline);
    let mut value = json!({
        "id": release.id,
        "name": release.name,
        "status": release.status(),
        "createdOn": shapes::moment(release.created),
        "modifiedOn": shapes::moment(release.created),
        "createdBy": author,
        "modifiedBy": author,
        "variables": release.variables,
        "artifacts": release.artifacts,
        "releaseDefinition": pipeline.map(|pipeline| reference(call, project, pipeline)),
        "description": release.description,
        "reason": release.reason,
        "environments": release.stages.iter().map(|stage| stage_shape(organization, call, release, stage)).collect::<Vec<_>>(),
        "url": url,
        "_links": { "self": { "href": url }, "web": { "href": web } },
    });
    if let Some(properties) = properties::asked_for(call, &release.properties) {
        value["properties"] = properties;
    }
    value
}

fn stage_shape(
    organization: &Organization,
    call: &Call<'_>,
    release: &Release,
    stage: &ReleaseStage,
) -> Value {
    let approvals: Vec<Value> = stage
        .approval
        .iter()
        .map(|approval| approvals::shape(organization, call, release, stage, approval))
        .collect();
    json!({
        "id": stage.id,
        "releaseId": release.id,
        "name": stage.name,
        "status": stage.status(organization.settings.switches.unverified.waiting_stage),
        "preDeployApprovals": approvals,
        "conditions": stage.conditions(),
    })
}

/// Returns the positions of project and release, after bringing the releases up to date.
pub(super) fn locate(organization: &mut Organization, call: &Call<'_>) -> Result<(usize, usize), Response> {
    let position = project(organization, call)?;
    let visible = !shapes::denied(organization, call, Permission::ViewReleases);
    organization.look_at_releases(position);
    let id = call.captured[0];
    let all = &organization.projects[position].releases;
    let found = all.iter().position(|known| known.id.to_string() == id);
    let found = found.filter(|at| visible && all[*at].unseen.look());
    Ok((position, found.ok_or_else(|| refusals::release_not_found(id))?))
}

fn get(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let (position, release) = locate(organization, call)?;
    let project = &organization.projects[position];
    let value = shape(organization, call, project, &project.releases[release]);
    let pace = organization.settings.pace;
    organization.projects[position].releases[release].advance_after_read(pace);
    Ok(Response::ok(&value))
}

/// The body of a new release.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct NewRelease {
    definition_id: Option<u32>,
    description: Option<String>,
    #[serde(default, deserialize_with = "chosen")]
    reason: Option<String>,
    #[serde(default)]
    artifacts: Vec<Version>,
    manual_environments: Option<Vec<String>>,
    variables: Option<Value>,
    properties: Option<Map<String, Value>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Version {
    alias: String,
    instance_reference: Instance,
}

#[derive(Deserialize)]
struct Instance {
    id: Option<String>,
}

fn create(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let body: NewRelease = call.json("releaseStartMetadata")?;
    let position = project(organization, call)?;
    allow(organization, call, Permission::CreateReleases)?;
    let id = body.definition_id.ok_or_else(|| refusals::body_missing("releaseStartMetadata.DefinitionId"))?;
    organization.look_at_runs(position);
    let project = &organization.projects[position];
    let found = project.release_pipelines.iter().position(|known| known.id == id);
    let found = found.ok_or_else(|| refusals::release_pipeline_not_found(&id.to_string()))?;
    let artifacts = artifacts(project, &project.release_pipelines[found], &body.artifacts)?;
    let properties = properties::read(body.properties)?;
    let (release, now) = (organization.next_release_id(), organization.now());
    let script = organization.settings.script;
    let unseen = Unseen::new(organization.settings.switches.invisible_for);
    let mut numbers = Numbers(&mut organization.last_stage);
    let project = &mut organization.projects[position];
    let earlier = project.releases.iter().filter(|known| known.pipeline == id).count();
    let pipeline = &project.release_pipelines[found];
    let mut variables = pipeline.rest.get("variables").cloned().unwrap_or_else(|| json!({}));
    for (name, variable) in body.variables.iter().filter_map(Value::as_object).flatten() {
        variables[name] = json!({ "value": variable["value"] });
    }
    let mut release = Release {
        id: release,
        name: format!("Release-{}", earlier + 1),
        pipeline: id,
        description: body.description.unwrap_or_default(),
        reason: RELEASE_REASON.name(body.reason.as_deref().unwrap_or("manual")).to_owned(),
        is_abandoned: false,
        created: now,
        author: call.user.unwrap_or(0),
        artifacts,
        variables,
        properties,
        stages: Vec::new(),
        unseen,
    };
    release.begin(pipeline, &body.manual_environments.unwrap_or_default(), script, &mut numbers, now);
    project.releases.push(release);
    let project = &organization.projects[position];
    let release = project.releases.last().expect("it was just added");
    Ok(Response::ok(&shape(organization, call, project, release)))
}

#[derive(Deserialize)]
struct Changes {
    #[serde(default, deserialize_with = "chosen")]
    status: Option<String>,
    description: Option<String>,
}

/// Abandons a release, or changes its description.
fn update(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let body: Changes = call.json("releaseUpdateMetadata")?;
    let (position, release) = locate(organization, call)?;
    allow(organization, call, Permission::ManageReleases)?;
    let known = &mut organization.projects[position].releases[release];
    match body.status.as_deref().map(|status| RELEASE_STATUS.name(status)) {
        Some("abandoned") => known.is_abandoned = true,
        None | Some("active") if !known.is_abandoned => {}
        _ => {
            return Err(refusals::release_invalid(&format!(
                "The status of the release '{}' cannot be changed so.",
                known.name
            )));
        }
    }
    known.description = body.description.unwrap_or_else(|| known.description.clone());
    let project = &organization.projects[position];
    Ok(Response::ok(&shape(organization, call, project, &project.releases[release])))
}

/// The artifacts with their versions: those in the body, otherwise the latest successful runs.
fn artifacts(
    project: &Project,
    pipeline: &ReleasePipeline,
    given: &[Version],
) -> Result<Vec<Value>, Response> {
    let all = pipeline.rest.get("artifacts").and_then(Value::as_array).cloned().unwrap_or_default();
    let with_version = |mut artifact: Value| {
        let alias = artifact["alias"].as_str().unwrap_or_default().to_owned();
        let wanted = given.iter().find(|one| names::same(&one.alias, &alias));
        let wanted = wanted.and_then(|one| one.instance_reference.id.clone());
        let of = artifact["definitionReference"]["definition"]["id"].as_str().unwrap_or_default().to_owned();
        let run = project.runs.iter().rev().find(|run| {
            let good = run.progress.phase().result().is_some_and(|result| result.as_build() == "succeeded");
            run.pipeline.to_string() == of
                && wanted.as_ref().map_or(good, |wanted| *wanted == run.id.to_string())
        });
        let run = run.ok_or_else(|| {
            refusals::release_invalid(&format!(
                "VS402962: No version is available for the artifact '{alias}'."
            ))
        })?;
        artifact["definitionReference"]["version"] = json!({ "id": run.id.to_string(), "name": run.number });
        Ok(artifact)
    };
    all.into_iter().map(with_version).collect()
}

/// Returns the position of the stage in the path.
fn stage(release: &Release, id: &str) -> Result<usize, Response> {
    let found = release.stages.iter().position(|stage| stage.id.to_string() == id);
    found.ok_or_else(|| refusals::release_stage_not_found(id, release.id))
}

fn get_stage(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let (position, release) = locate(organization, call)?;
    let found = &organization.projects[position].releases[release];
    let at = stage(found, call.captured[1])?;
    let value = stage_shape(organization, call, found, &found.stages[at]);
    let pace = organization.settings.pace;
    organization.projects[position].releases[release].advance_after_read(pace);
    Ok(Response::ok(&value))
}

#[derive(Deserialize)]
struct Update {
    #[serde(default, deserialize_with = "chosen")]
    status: Option<String>,
}

/// Deploys a stage, or cancels its deployment.
fn update_stage(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let body: Update = call.json("environmentUpdateData")?;
    let (position, release) = locate(organization, call)?;
    allow(organization, call, Permission::ManageDeployments)?;
    let at = stage(&organization.projects[position].releases[release], call.captured[1])?;
    let waiting = organization.settings.switches.unverified.waiting_stage;
    let now = organization.now();
    let mut numbers = Numbers(&mut organization.last_stage);
    let release_held = &mut organization.projects[position].releases[release];
    let abandoned = release_held.is_abandoned;
    let known = &mut release_held.stages[at];
    let done = match body.status.as_deref().map(|status| ENVIRONMENT_STATUS.name(status)) {
        Some("inProgress") if !abandoned => known.start(&mut numbers, now),
        Some("canceled") => known.cancel(),
        _ => false,
    };
    if !done {
        return Err(refusals::release_invalid(&format!(
            "The stage '{}' cannot be changed so: it is {}.",
            known.name,
            known.status(waiting)
        )));
    }
    let found = &organization.projects[position].releases[release];
    Ok(Response::ok(&stage_shape(organization, call, found, &found.stages[at])))
}
