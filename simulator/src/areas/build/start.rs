//! Starting a pipeline run, with the checks that the service makes before.

use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use super::builds;
use super::builds::BUILDS;
use super::parameters;
use super::run_stages::stages;
use crate::areas::pipelines::pipeline;
use crate::areas::pipelines::runs;
use crate::areas::pipelines::runs::RUNS;
use crate::areas::service_areas;
use crate::areas::shapes;
use crate::auth::Permission;
use crate::auth::RequiredPermissions;
use crate::choice::BUILD_REASON;
use crate::choice::PRIORITY;
use crate::choice::chosen;
use crate::http::Call;
use crate::http::Outcome;
use crate::http::Response;
use crate::http::SINCE_7_0;
use crate::http::refusals;
use crate::route::ApiResource;
use crate::route::Route;
use crate::state::Organization;
use crate::state::Pipeline;
use crate::state::Project;
use crate::state::Unseen;
use crate::state::git::Commit;
use crate::state::git::MAIN;
use crate::state::git::ObjectId;
use crate::state::git::Repository;
use crate::state::pipelines::Progress;
use crate::state::pipelines::Run;
use crate::state::pipelines::Stage;
use crate::state::pipelines::stages;

const PREVIEW: ApiResource = ApiResource::new(
    &service_areas::PIPELINES,
    "53df2d18-29ea-46a9-bee0-933540f80abf",
    "preview",
    "pipelines/{pipelineId}/preview",
    2,
);

pub(in crate::areas) const ROUTES: &[Route] = &[
    Route::new(
        &PREVIEW,
        "POST",
        "pipelines/{pipeline}/preview",
        &["vso.build"],
        RequiredPermissions::All(&[
            Permission::ReadProject,
            Permission::ViewBuildDefinition,
            Permission::QueueBuilds,
        ]),
        preview,
    )
    .released(SINCE_7_0),
    Route::new(
        &RUNS,
        "POST",
        "pipelines/{pipeline}/runs",
        &["vso.build_execute"],
        RequiredPermissions::All(&[
            Permission::ReadProject,
            Permission::ViewBuildDefinition,
            Permission::QueueBuilds,
        ]),
        start,
    )
    .released(SINCE_7_0),
    Route::new(
        &BUILDS,
        "POST",
        "build/builds",
        &["vso.build_execute"],
        RequiredPermissions::All(&[
            Permission::ReadProject,
            Permission::ViewBuildDefinition,
            Permission::QueueBuilds,
        ]),
        queue,
    )
    .recorded(),
];

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Parameters {
    #[serde(default)]
    resources: Resources,
    #[serde(default)]
    template_parameters: Map<String, Value>,
    #[serde(default)]
    variables: Map<String, Value>,
    #[serde(default)]
    stages_to_skip: Vec<String>,
    #[serde(default)]
    preview_run: bool,
    /// Instead of the committed file, for a preview.
    yaml_override: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Resources {
    repositories: Repositories,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Repositories {
    #[serde(rename = "self")]
    own: Source,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Source {
    ref_name: Option<String>,
    version: Option<String>,
}

/// `POST pipelines/{pipeline}/runs`.
fn start(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let body: Parameters = call.json("runParameters")?;
    let position = pipeline::project(organization, call)?;
    let id = call.captured[0];
    // Unlike all other requests for a pipeline, this one responds with 500 if it does not exist. Measured.
    let pipeline = pipeline::locate(organization, call, position, id)
        .ok_or_else(|| refusals::pipeline_not_found(StatusCode::INTERNAL_SERVER_ERROR, id))?;
    let preview = body.preview_run;
    if !preview && body.yaml_override.as_deref().is_some_and(|text| !text.is_empty()) {
        return Err(refusals::pipeline_invalid("The YAML can be replaced for a preview only."));
    }
    let new = prepare(organization, call, position, pipeline, body)?;
    let project = &organization.projects[position];
    if preview {
        let reference = pipeline::reference(call, project, &project.pipelines[pipeline]);
        return Ok(Response::ok(
            &json!({ "id": -1, "state": "unknown", "pipeline": reference, "finalYaml": new.text }),
        ));
    }
    add(organization, call, position, pipeline, new);
    let project = &organization.projects[position];
    let run = project.runs.last().expect("it was just added");
    Ok(Response::ok(&runs::shape(call, project, run)))
}

/// `POST pipelines/{pipeline}/preview`: the same checks, without a run.
fn preview(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let body: Parameters = call.json("runParameters")?;
    let position = pipeline::project(organization, call)?;
    let id = call.captured[0];
    let pipeline = pipeline::locate(organization, call, position, id)
        .ok_or_else(|| refusals::pipeline_not_found(StatusCode::INTERNAL_SERVER_ERROR, id))?;
    let new = prepare(organization, call, position, pipeline, body)?;
    Ok(Response::ok(&json!({ "finalYaml": new.text })))
}

/// The body in the build area.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct NewBuild {
    definition: Reference,
    source_branch: Option<String>,
    source_version: Option<String>,
    /// The variables, a JSON object in a string.
    parameters: Option<String>,
    template_parameters: Map<String, Value>,
    #[serde(deserialize_with = "chosen")]
    priority: Option<String>,
    #[serde(deserialize_with = "chosen")]
    reason: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Reference {
    id: Option<u32>,
}

/// `POST build/builds`: the same in the build area.
fn queue(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let body: NewBuild = call.json("build")?;
    let position = shapes::build_project(organization, call)?;
    let id = body.definition.id.ok_or_else(|| refusals::body_missing("definition"))?.to_string();
    let pipeline = pipeline::locate(organization, call, position, &id)
        .ok_or_else(|| refusals::definition_not_found(&id))?;
    let values: Map<String, Value> =
        body.parameters.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    let source = Source { ref_name: body.source_branch, version: body.source_version };
    let parameters = Parameters {
        resources: Resources { repositories: Repositories { own: source } },
        template_parameters: body.template_parameters,
        variables: values.into_iter().map(|(name, value)| (name, json!({ "value": value }))).collect(),
        ..Parameters::default()
    };
    let new = prepare(organization, call, position, pipeline, parameters)?;
    add(organization, call, position, pipeline, new);
    let run = organization.projects[position].runs.last_mut().expect("it was just added");
    if let Some(priority) = body.priority {
        PRIORITY.name(&priority).clone_into(&mut run.priority);
    }
    if let Some(reason) = body.reason.filter(|reason| BUILD_REASON.name(reason) != "none") {
        BUILD_REASON.name(&reason).clone_into(&mut run.reason);
    }
    let project = &organization.projects[position];
    let run = project.runs.last().expect("it was just added");
    Ok(Response::ok(&builds::shape(organization, call, project, run)))
}

/// A run that passed the checks.
struct NewRun {
    branch: String,
    commit: ObjectId,
    text: String,
    stages: Vec<Stage>,
    template_parameters: Map<String, Value>,
    variables: Map<String, Value>,
}

/// Checks the parameters of a run.
fn prepare(
    organization: &Organization,
    call: &Call<'_>,
    position: usize,
    pipeline: usize,
    wanted: Parameters,
) -> Result<NewRun, Response> {
    let project = &organization.projects[position];
    let pipeline = &project.pipelines[pipeline];
    if shapes::denied(organization, call, Permission::QueueBuilds) {
        let user = &shapes::caller(organization, call).name;
        let named = format!("{}:{}", pipeline.id, pipeline.name);
        return Err(refusals::needs_build_permission(Permission::QueueBuilds, user, &named, &project.name));
    }
    if pipeline.status == "disabled" {
        return Err(refusals::definition_disabled(&pipeline.name));
    }
    let (branch, commit) = source(project, pipeline, wanted.resources.repositories.own)?;
    parameters::check_are_texts(&wanted.template_parameters)?;
    // A classic pipeline has no file.
    let text = if pipeline.classic.is_some() {
        String::new()
    } else {
        let replaced = wanted.yaml_override.filter(|text| !text.is_empty());
        let text = replaced.map_or_else(|| file(pipeline, &branch, commit), Ok)?;
        parameters::check_template_parameters(pipeline, &text, &wanted.template_parameters)?;
        text
    };
    if organization.settings.switches.only_settable_variables {
        parameters::check_variables(pipeline, &wanted.variables)?;
    }
    Ok(NewRun {
        branch,
        commit: commit.id,
        stages: stages(pipeline, &text, &wanted.stages_to_skip)?,
        text,
        template_parameters: wanted.template_parameters,
        variables: without_secrets(wanted.variables),
    })
}

/// Adds the run to its project.
fn add(organization: &mut Organization, call: &Call<'_>, position: usize, pipeline: usize, new: NewRun) {
    let (id, queued) = (organization.next_run_id(), organization.now());
    let unseen = Unseen::new(organization.settings.switches.invisible_for);
    let project = &mut organization.projects[position];
    let pipeline = &project.pipelines[pipeline];
    let not_started = pipeline.script.not_started;
    let hold = stages::hold(&new.stages, 0, not_started);
    let progress = Progress::new(stages::script(&new.stages, 0, not_started)).held_at(hold);
    let pipeline = pipeline.id;
    let today = queued.date();
    let earlier =
        project.runs.iter().filter(|run| run.pipeline == pipeline && run.queued.date() == today).count();
    let number =
        format!("{:04}{:02}{:02}.{}", today.year(), u8::from(today.month()), today.day(), earlier + 1);
    project.runs.push(Run {
        id,
        pipeline,
        number,
        branch: new.branch,
        commit: new.commit,
        template_parameters: new.template_parameters,
        variables: new.variables,
        reason: "manual".to_owned(),
        priority: "normal".to_owned(),
        user: call.user.unwrap_or(0),
        progress,
        stages: new.stages,
        first_stage: 0,
        queued,
        started: None,
        finished: None,
        tags: Vec::new(),
        leases: Vec::new(),
        unseen,
        queued_at: tokio::time::Instant::now(),
    });
}

/// Returns the branch and the commit of the run.
fn source<'p>(
    project: &'p Project,
    pipeline: &Pipeline,
    wanted: Source,
) -> Result<(String, &'p Commit), Response> {
    // The content of a disabled repository is hidden from its pipelines too.
    let repository = project
        .repositories
        .iter()
        .find(|repository| repository.id == pipeline.repository && !repository.is_disabled);
    let repository: &Repository = repository.ok_or_else(|| {
        refusals::pipeline_invalid(&format!(
            "{}: The repository of the pipeline does not exist.",
            pipeline.yaml
        ))
    })?;
    let usual = || pipeline.default_branch.clone().or_else(|| repository.default_branch.clone());
    let branch = wanted.ref_name.or_else(usual).unwrap_or_else(|| MAIN.to_owned());
    // A name without `refs/` is taken for a branch.
    let branch = if branch.starts_with("refs/") { branch } else { format!("refs/heads/{branch}") };
    let Some(tip) = repository.at_ref(&branch) else {
        return Err(refusals::pipeline_invalid(&format!(
            "{}: Unable to resolve the reference '{branch}' to a specific version in the repository '{}'.",
            pipeline.yaml, repository.name
        )));
    };
    let Some(version) = wanted.version.filter(|version| !version.is_empty()) else {
        return Ok((branch, tip));
    };
    let commit = version.parse().ok().and_then(|id| repository.commit(id));
    let commit = commit.ok_or_else(|| {
        refusals::pipeline_invalid(&format!(
            "{}: The version '{version}' does not exist in the repository '{}'.",
            pipeline.yaml, repository.name
        ))
    })?;
    Ok((branch, commit))
}

fn file(pipeline: &Pipeline, branch: &str, commit: &Commit) -> Result<String, Response> {
    let path = &pipeline.yaml;
    let blob = commit.files.get(&path[1..]).ok_or_else(|| {
        refusals::pipeline_invalid(&format!(
            "{path}: File {path} not found in branch {branch} version {}.",
            commit.id
        ))
    })?;
    Ok(String::from_utf8_lossy(&blob.content).into_owned())
}

/// Removes the values of secret variables.
fn without_secrets(mut variables: Map<String, Value>) -> Map<String, Value> {
    for variable in variables.values_mut() {
        if variable["isSecret"] == json!(true) {
            *variable = json!({ "isSecret": true });
        }
    }
    variables
}
