//! Build definitions (pipelines in the build area), YAML and classic.

use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::Map;
use serde_json::Value;
use uuid::Uuid;

use super::definition_shapes::listed;
use super::definition_shapes::shape;
use crate::areas::pipelines::pipeline;
use crate::areas::properties::comment;
use crate::areas::service_areas;
use crate::areas::shapes;
use crate::auth::Permission;
use crate::auth::RequiredPermissions;
use crate::choice::AUTHORIZATION_SCOPE;
use crate::choice::DEFINITION_ORDER;
use crate::choice::QUEUE_STATUS;
use crate::choice::TRIGGER_TYPE;
use crate::choice::chosen;
use crate::http::Call;
use crate::http::Content;
use crate::http::Outcome;
use crate::http::Response;
use crate::http::call::page;
use crate::http::refusals;
use crate::names;
use crate::route::ApiResource;
use crate::route::Route;
use crate::state::Organization;
use crate::state::Pipeline;
use crate::state::Project;
use crate::state::Unseen;

const BUILD: &[&str] = &["vso.build"];
const BUILD_EXECUTE: &[&str] = &["vso.build_execute"];

const DEFINITIONS: ApiResource = ApiResource::new(
    &service_areas::BUILD,
    "dbeaf647-6167-421a-bda9-c9327b25e2e6",
    "Definitions",
    "build/definitions/{definitionId}",
    7,
);

pub(in crate::areas) const ROUTES: &[Route] = &[
    Route::new(&DEFINITIONS, "GET", "build/definitions", BUILD, RequiredPermissions::VIEW_PIPELINES, list)
        .recorded(),
    Route::new(
        &DEFINITIONS,
        "POST",
        "build/definitions",
        BUILD_EXECUTE,
        RequiredPermissions::All(&[Permission::ReadProject, Permission::CreateBuildDefinition]),
        create,
    )
    .recorded(),
    Route::new(
        &DEFINITIONS,
        "GET",
        "build/definitions/{definition}",
        BUILD,
        RequiredPermissions::VIEW_PIPELINES,
        get,
    )
    .recorded(),
    Route::new(
        &DEFINITIONS,
        "PUT",
        "build/definitions/{definition}",
        BUILD_EXECUTE,
        RequiredPermissions::All(&[
            Permission::ReadProject,
            Permission::ViewBuildDefinition,
            Permission::EditBuildDefinition,
        ]),
        update,
    )
    .recorded(),
    Route::new(
        &DEFINITIONS,
        "DELETE",
        "build/definitions/{definition}",
        BUILD_EXECUTE,
        RequiredPermissions::All(&[
            Permission::ReadProject,
            Permission::ViewBuildDefinition,
            Permission::DeleteBuildDefinition,
        ]),
        delete,
    )
    .recorded(),
    Route::new(
        &DEFINITIONS,
        "PATCH",
        "build/definitions/{definition}",
        BUILD_EXECUTE,
        RequiredPermissions::All(&[
            Permission::ReadProject,
            Permission::ViewBuildDefinition,
            Permission::DeleteBuildDefinition,
        ]),
        restore,
    ),
];

/// The members that the service sets itself, whatever a client sends.
const COMPUTED: [&str; 10] =
    ["id", "type", "quality", "uri", "url", "_links", "project", "createdDate", "authoredBy", "drafts"];

fn list(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let position = shapes::build_project(organization, call)?;
    let readable = !shapes::denied(organization, call, Permission::ViewBuildDefinition);
    let project = &organization.projects[position];
    let ids: Option<Vec<&str>> =
        call.query("definitionIds").map(|ids| ids.split(',').map(str::trim).collect());
    let fits = |pipeline: &&Pipeline| {
        readable
            && call.query("name").is_none_or(|name| names::fits(name, &pipeline.name))
            && call.query("path").is_none_or(|path| names::same(&names::folder(path), &pipeline.folder))
            && ids.as_ref().is_none_or(|ids| ids.contains(&pipeline.id.to_string().as_str()))
            && call
                .query("repositoryId")
                .is_none_or(|id| pipeline.repository.to_string().eq_ignore_ascii_case(id))
            && call.query("yamlFilename").is_none_or(|file| {
                pipeline.classic.is_none()
                    && names::same(file.trim_start_matches('/'), pipeline.yaml.trim_start_matches('/'))
            })
            && call.number("processType").is_none_or(|kind| (kind == 1) == pipeline.classic.is_some())
            && pipeline.unseen.look()
    };
    let mut fitting: Vec<&Pipeline> = project.pipelines.iter().filter(fits).collect();
    let name = |pipeline: &&Pipeline| pipeline.name.to_lowercase();
    match call.query("queryOrder").map(|order| DEFINITION_ORDER.name(order)) {
        Some("definitionNameAscending") => fitting.sort_by_key(name),
        Some("definitionNameDescending") => fitting.sort_by_key(|one| std::cmp::Reverse(name(one))),
        _ => {}
    }
    let skip = call.number("continuationToken").unwrap_or(0);
    let top = call.page_length(&organization.settings.switches);
    let (pipelines, next) = page(fitting, skip, top);
    let whole = call.flag("includeAllProperties");
    let value = pipelines.into_iter().map(|pipeline| {
        if whole {
            shape(organization, call, project, pipeline)
        } else {
            listed(organization, call, project, pipeline)
        }
    });
    Ok(Response::list(value.collect()).continued(next))
}

/// Returns the positions of project and pipeline.
pub(super) fn locate(organization: &mut Organization, call: &Call<'_>) -> Result<(usize, usize), Response> {
    let position = shapes::build_project(organization, call)?;
    let id = call.captured[0];
    let pipeline = pipeline::locate(organization, call, position, id);
    Ok((position, pipeline.ok_or_else(|| refusals::definition_not_found(id))?))
}

fn get(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let (position, pipeline) = locate(organization, call)?;
    let project = &organization.projects[position];
    Ok(Response::ok(&shape(organization, call, project, &project.pipelines[pipeline])))
}

/// The body of a request.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Body {
    name: Option<String>,
    path: Option<String>,
    #[serde(default, deserialize_with = "chosen")]
    queue_status: Option<String>,
    revision: Option<u32>,
    process: Option<Value>,
    repository: Option<Source>,
    #[serde(flatten)]
    rest: Map<String, Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Source {
    id: Option<String>,
    name: Option<String>,
    default_branch: Option<String>,
}

/// A valid definition.
struct Checked {
    name: String,
    folder: String,
    status: String,
    yaml: String,
    classic: Option<Value>,
    repository: Uuid,
    default_branch: Option<String>,
    rest: Map<String, Value>,
}

impl Body {
    /// Checks a definition. `own` is the pipeline that is changed, which keeps its name.
    fn check(self, project: &Project, own: Option<u32>) -> Result<Checked, Response> {
        let name = self
            .name
            .filter(|name| !name.trim().is_empty())
            .ok_or_else(|| refusals::body_missing("definition.Name"))?;
        let source = self.repository.ok_or_else(|| refusals::body_missing("definition.Repository"))?;
        let source_name = source.id.or(source.name).unwrap_or_default();
        let repository = project
            .enabled_repository(&source_name)
            .ok_or_else(|| refusals::repository_not_found(&source_name))?;
        let process = self.process.ok_or_else(|| refusals::body_missing("definition.Process"))?;
        let (yaml, classic) = match (process["type"].as_u64(), process["yamlFilename"].as_str()) {
            (Some(2), Some(path)) if !path.is_empty() => (format!("/{}", path.trim_start_matches('/')), None),
            (Some(1), _) if process["phases"].as_array().is_some_and(|phases| !phases.is_empty()) => {
                (String::new(), Some(process))
            }
            _ => return Err(refusals::definition_invalid("The process of the build pipeline is not valid.")),
        };
        let folder = names::folder(self.path.as_deref().unwrap_or_default());
        if project.pipelines.iter().any(|known| Some(known.id) != own && known.is_called(&name, &folder)) {
            return Err(refusals::pipeline_exists(&name, &folder));
        }
        let mut rest = self.rest;
        rest.retain(|name, _| !COMPUTED.contains(&name.as_str()));
        shapes::forget_secrets(&mut rest);
        if let Some(scope) = rest.get_mut("jobAuthorizationScope") {
            AUTHORIZATION_SCOPE.resolve(scope);
        }
        let triggers = rest.get_mut("triggers").and_then(Value::as_array_mut);
        for trigger in triggers.into_iter().flatten().filter_map(|one| one.get_mut("triggerType")) {
            TRIGGER_TYPE.resolve(trigger);
        }
        let status =
            self.queue_status.as_deref().map_or("enabled", |status| QUEUE_STATUS.name(status)).to_owned();
        Ok(Checked {
            name,
            folder,
            status,
            yaml,
            classic,
            repository: repository.id,
            default_branch: source.default_branch,
            rest,
        })
    }
}

/// The refusal for a caller who lacks a permission.
fn denied(
    organization: &Organization,
    call: &Call<'_>,
    project: usize,
    pipeline: &str,
    needed: Permission,
) -> Response {
    let user = &shapes::caller(organization, call).name;
    refusals::needs_build_permission(needed, user, pipeline, &organization.projects[project].name)
}

fn create(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let mut body: Body = call.json("definition")?;
    let position = shapes::build_project(organization, call)?;
    let comment = comment(organization, &mut body.rest);
    if shapes::denied(organization, call, Permission::CreateBuildDefinition) {
        let named = format!("0:{}", body.name.unwrap_or_default());
        return Err(denied(organization, call, position, &named, Permission::CreateBuildDefinition));
    }
    let checked = body.check(&organization.projects[position], None)?;
    let mut pipeline = organization.new_pipeline(String::new(), checked.repository);
    pipeline.author = call.user.unwrap_or(0);
    pipeline.unseen = Unseen::new(organization.settings.switches.invisible_for);
    pipeline.become_of(checked);
    pipeline.record(pipeline.author, pipeline.created, comment);
    let id = pipeline.id;
    organization.projects[position].pipelines.push(pipeline);
    let project = &organization.projects[position];
    let pipeline = project.pipeline(id).expect("it was just added");
    Ok(Response::ok(&shape(organization, call, project, pipeline)))
}

fn update(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let mut body: Body = call.json("definition")?;
    let (position, pipeline) = locate(organization, call)?;
    let (comment, now) = (comment(organization, &mut body.rest), organization.now());
    let project = &organization.projects[position];
    let known = &project.pipelines[pipeline];
    if shapes::denied(organization, call, Permission::EditBuildDefinition) {
        let named = format!("{}:{}", known.id, known.name);
        return Err(denied(organization, call, position, &named, Permission::EditBuildDefinition));
    }
    if body.revision != Some(known.revision) {
        let stale = organization.settings.switches.unverified.stale_definition;
        return Err(refusals::definition_stale(stale.status(), known.id, body.revision.unwrap_or(0)));
    }
    let checked = body.check(project, Some(known.id))?;
    let known = &mut organization.projects[position].pipelines[pipeline];
    known.become_of(checked);
    known.revision += 1;
    known.record(call.user.unwrap_or(0), now, comment);
    let project = &organization.projects[position];
    Ok(Response::ok(&shape(organization, call, project, &project.pipelines[pipeline])))
}

impl Pipeline {
    fn become_of(&mut self, checked: Checked) {
        self.name = checked.name;
        self.folder = checked.folder;
        self.status = checked.status;
        self.yaml = checked.yaml;
        self.classic = checked.classic;
        self.repository = checked.repository;
        self.default_branch = checked.default_branch;
        self.rest = checked.rest;
    }
}

/// The runs are deleted with it; both can be restored.
fn delete(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let (position, pipeline) = locate(organization, call)?;
    let known = &organization.projects[position].pipelines[pipeline];
    if shapes::denied(organization, call, Permission::DeleteBuildDefinition) {
        let named = format!("{}:{}", known.id, known.name);
        return Err(denied(organization, call, position, &named, Permission::DeleteBuildDefinition));
    }
    let id = known.id;
    let project = &mut organization.projects[position];
    let (gone, left) = project.runs.drain(..).partition(|run| run.pipeline == id);
    project.runs = left;
    let known = project.pipelines.remove(pipeline);
    project.deleted.push((known, gone));
    Ok(Response::new(StatusCode::NO_CONTENT, Content::None, ""))
}

/// Restores a deleted definition, the only change that is imitated for `PATCH`.
fn restore(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let position = shapes::build_project(organization, call)?;
    let id = call.captured[0];
    let hidden = shapes::denied(organization, call, Permission::ViewBuildDefinition);
    let deleted = &organization.projects[position].deleted;
    let found = deleted.iter().position(|(known, _)| known.id.to_string() == id).filter(|_| !hidden);
    let at = found.ok_or_else(|| refusals::definition_not_found(id))?;
    let known = &deleted[at].0;
    if shapes::denied(organization, call, Permission::DeleteBuildDefinition) {
        let named = format!("{}:{}", known.id, known.name);
        return Err(denied(organization, call, position, &named, Permission::DeleteBuildDefinition));
    }
    if !call.query("deleted").is_some_and(|text| text.eq_ignore_ascii_case("false")) {
        return Err(refusals::body_missing("deleted"));
    }
    let all = &organization.projects[position].pipelines;
    if all.iter().any(|other| other.is_called(&known.name, &known.folder)) {
        return Err(refusals::pipeline_exists(&known.name, &known.folder));
    }
    let project = &mut organization.projects[position];
    let (pipeline, runs) = project.deleted.remove(at);
    project.pipelines.push(pipeline);
    project.pipelines.sort_by_key(|pipeline| pipeline.id);
    project.runs.extend(runs);
    project.runs.sort_by_key(|run| run.id);
    let project = &organization.projects[position];
    let pipeline = project.pipelines.iter().find(|pipeline| pipeline.id.to_string() == id);
    let pipeline = pipeline.expect("it was just added");
    Ok(Response::ok(&shape(organization, call, project, pipeline)))
}
