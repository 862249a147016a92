//! Release definitions (classic release pipelines), at the organization's own address.

use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use crate::areas::properties;
use crate::areas::properties::comment;
use crate::areas::service_areas;
use crate::areas::shapes;
use crate::auth::Permission;
use crate::auth::RequiredPermissions;
use crate::choice::APPROVAL_ORDER;
use crate::choice::CONDITION_TYPE;
use crate::choice::MemberChoices;
use crate::choice::PHASE_TYPE;
use crate::choice::RELEASE_PIPELINE_EXPAND;
use crate::choice::RELEASE_PIPELINE_ORDER;
use crate::choice::RELEASE_SOURCE;
use crate::choice::RELEASE_TRIGGER;
use crate::choice::resolve_members;
use crate::http::Call;
use crate::http::Content;
use crate::http::Outcome;
use crate::http::Response;
use crate::http::call::page;
use crate::http::refusals;
use crate::http::response::percent_encoded;
use crate::names;
use crate::route::ApiResource;
use crate::route::Route;
use crate::state::Organization;
use crate::state::Project;
use crate::state::Unseen;
use crate::state::releases::ReleasePipeline;
use crate::world::Unverified;

const RELEASE: &[&str] = &["vso.release"];
const RELEASE_EXECUTE: &[&str] = &["vso.release_execute"];

const DEFINITIONS: ApiResource = ApiResource::new(
    &service_areas::RELEASE,
    "d8f96f24-8ea7-4cb6-baab-2df8fc515665",
    "definitions",
    "release/definitions/{definitionId}",
    4,
);

pub(in crate::areas) const ROUTES: &[Route] = &[
    Route::new(
        &DEFINITIONS,
        "GET",
        "release/definitions",
        RELEASE,
        RequiredPermissions::VIEW_RELEASE_PIPELINES,
        list,
    ),
    Route::new(
        &DEFINITIONS,
        "POST",
        "release/definitions",
        RELEASE_EXECUTE,
        RequiredPermissions::All(&[Permission::ReadProject, Permission::EditReleaseDefinition]),
        create,
    ),
    Route::new(
        &DEFINITIONS,
        "PUT",
        "release/definitions",
        RELEASE_EXECUTE,
        RequiredPermissions::All(&[
            Permission::ReadProject,
            Permission::ViewReleaseDefinition,
            Permission::EditReleaseDefinition,
        ]),
        update,
    ),
    Route::new(
        &DEFINITIONS,
        "GET",
        "release/definitions/{definition}",
        RELEASE,
        RequiredPermissions::VIEW_RELEASE_PIPELINES,
        get,
    ),
    Route::new(
        &DEFINITIONS,
        "DELETE",
        "release/definitions/{definition}",
        &["vso.release_manage"],
        RequiredPermissions::All(&[
            Permission::ReadProject,
            Permission::ViewReleaseDefinition,
            Permission::DeleteReleaseDefinition,
        ]),
        delete,
    ),
];

/// The members of a release pipeline that have choices.
const MEMBER_CHOICES: &MemberChoices = &[
    ("source", &RELEASE_SOURCE),
    ("conditionType", &CONDITION_TYPE),
    ("triggerType", &RELEASE_TRIGGER),
    ("phaseType", &PHASE_TYPE),
    ("executionOrder", &APPROVAL_ORDER),
];

/// The members that the service sets itself, whatever a client sends.
const COMPUTED: [&str; 9] = [
    "createdBy",
    "createdOn",
    "modifiedBy",
    "modifiedOn",
    "url",
    "_links",
    "isDeleted",
    "lastRelease",
    "projectReference",
];

/// Returns the position of the project in the path.
pub(super) fn project(organization: &Organization, call: &Call<'_>) -> Result<usize, Response> {
    shapes::own_project(organization, call, StatusCode::NOT_FOUND)
}

/// Refuses a caller who lacks a permission.
pub(super) fn allow(
    organization: &Organization,
    call: &Call<'_>,
    needed: Permission,
) -> Result<(), Response> {
    if !shapes::denied(organization, call, needed) {
        return Ok(());
    }
    let coded = organization.settings.switches.unverified.coded_refusals;
    Err(refusals::needs_release_permission(needed, &shapes::caller(organization, call).name, coded))
}

/// A reference to a release pipeline.
pub(super) fn reference(call: &Call<'_>, project: &Project, pipeline: &ReleasePipeline) -> Value {
    let url = format!("{}/{}/_apis/Release/definitions/{}", call.base, project.id, pipeline.id);
    let web =
        format!("{}/{}/_release?definitionId={}", call.base, percent_encoded(&project.name), pipeline.id);
    json!({
        "id": pipeline.id,
        "name": pipeline.name,
        "path": pipeline.folder,
        "url": url,
        "_links": { "self": { "href": url }, "web": { "href": web } },
    })
}

fn shape(
    organization: &Organization,
    call: &Call<'_>,
    project: &Project,
    pipeline: &ReleasePipeline,
) -> Value {
    let mut value = reference(call, project, pipeline);
    for (name, said) in &pipeline.rest {
        value[name] = said.clone();
    }
    let author = shapes::user(call, &organization.users[pipeline.author]);
    value["revision"] = json!(pipeline.revision);
    value["isDeleted"] = json!(false);
    value["createdBy"] = author.clone();
    value["modifiedBy"] = author;
    value["createdOn"] = json!(shapes::moment(pipeline.created));
    value["modifiedOn"] = json!(shapes::moment(pipeline.modified));
    if let Some(properties) = properties::asked_for(call, &pipeline.properties) {
        value["properties"] = properties;
    }
    value
}

fn list(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let position = project(organization, call)?;
    let readable = !shapes::denied(organization, call, Permission::ViewReleaseDefinition);
    let project = &organization.projects[position];
    let exact = call.flag("isExactNameMatch");
    let fits = |pipeline: &&ReleasePipeline| {
        let named = |text: &str| {
            let contains = pipeline.name.to_lowercase().contains(&text.to_lowercase());
            if exact { names::same(text, &pipeline.name) } else { contains }
        };
        readable
            && call.query("searchText").is_none_or(named)
            && call.query("path").is_none_or(|path| names::same(&names::folder(path), &pipeline.folder))
            && pipeline.unseen.look()
    };
    let mut fitting: Vec<&ReleasePipeline> = project.release_pipelines.iter().filter(fits).collect();
    let order = RELEASE_PIPELINE_ORDER.name(call.query("queryOrder").unwrap_or("idAscending"));
    if order.starts_with("name") {
        fitting.sort_by_key(|pipeline| pipeline.name.to_lowercase());
    }
    if order.ends_with("Descending") {
        fitting.reverse();
    }
    let skip = call.number("continuationToken").unwrap_or(0);
    let top = call.page_length(&organization.settings.switches);
    let (pipelines, next) = page(fitting, skip, top);
    let expanded = RELEASE_PIPELINE_EXPAND.names(call.query("$expand").unwrap_or_default());
    let value = pipelines.into_iter().map(|pipeline| {
        let mut value = shape(organization, call, project, pipeline);
        for part in ["environments", "artifacts", "triggers", "variables"] {
            if !expanded.contains(&part) {
                value.as_object_mut().map(|value| value.remove(part));
            }
        }
        value
    });
    Ok(Response::list(value.collect()).continued(next))
}

/// Returns the positions of project and release pipeline.
pub(super) fn locate(
    organization: &Organization,
    call: &Call<'_>,
    id: &str,
) -> Result<(usize, usize), Response> {
    let position = project(organization, call)?;
    let readable = !shapes::denied(organization, call, Permission::ViewReleaseDefinition);
    let all = &organization.projects[position].release_pipelines;
    let found = all.iter().position(|known| known.id.to_string() == id);
    let found = found.filter(|at| readable && all[*at].unseen.look());
    Ok((position, found.ok_or_else(|| refusals::release_pipeline_not_found(id))?))
}

fn get(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let (position, pipeline) = locate(organization, call, call.captured[0])?;
    let project = &organization.projects[position];
    Ok(Response::ok(&shape(organization, call, project, &project.release_pipelines[pipeline])))
}

/// The body of a request.
#[derive(Deserialize)]
struct Body {
    id: Option<u32>,
    name: Option<String>,
    path: Option<String>,
    revision: Option<u32>,
    environments: Option<Vec<Value>>,
    properties: Option<Map<String, Value>>,
    #[serde(flatten)]
    rest: Map<String, Value>,
}

/// A valid definition.
struct Checked {
    name: String,
    folder: String,
    rest: Map<String, Value>,
}

impl Body {
    /// Checks a definition. `own` is the release pipeline that is changed, which keeps its name.
    fn check(
        self,
        project: &Project,
        own: Option<u32>,
        unverified: &Unverified,
    ) -> Result<Checked, Response> {
        let name = self
            .name
            .filter(|name| !name.trim().is_empty())
            .ok_or_else(|| refusals::body_missing("releaseDefinition.Name"))?;
        let mut stages = json!(self.environments.unwrap_or_default());
        resolve_members(&mut stages, MEMBER_CHOICES);
        let mut stages = stages.as_array().cloned().unwrap_or_default();
        if stages.is_empty() {
            return Err(refusals::release_invalid(
                "VS402872: A release pipeline must have at least one stage.",
            ));
        }
        for (at, stage) in stages.iter_mut().enumerate() {
            let Some(stage_name) = stage["name"].as_str() else {
                return Err(refusals::body_missing("environment.Name"));
            };
            // In the service's own words.
            if unverified.retention_policy_required && !stage["retentionPolicy"].is_object() {
                return Err(refusals::release_invalid(&format!(
                    "VS402982: A retention policy is not set for the stage '{stage_name}'. Retention policies at the \
                     release pipeline level are deprecated. Use the Retention tab of the stage to set one."
                )));
            }
            stage["id"] = json!(at + 1);
            stage["rank"] = json!(at + 1);
        }
        let folder = names::folder(self.path.as_deref().unwrap_or_default());
        if project
            .release_pipelines
            .iter()
            .any(|known| Some(known.id) != own && known.is_called(&name, &folder))
        {
            return Err(refusals::release_pipeline_exists(&name));
        }
        let mut rest = self.rest;
        for (name, value) in &mut rest {
            match MEMBER_CHOICES.iter().find(|(known, _)| known == name) {
                Some((_, choices)) => choices.resolve(value),
                None => resolve_members(value, MEMBER_CHOICES),
            }
        }
        rest.retain(|name, _| !COMPUTED.contains(&name.as_str()));
        shapes::forget_secrets(&mut rest);
        rest.insert("environments".to_owned(), json!(stages));
        Ok(Checked { name, folder, rest })
    }
}

fn create(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let mut body: Body = call.json("releaseDefinition")?;
    let position = project(organization, call)?;
    let comment = comment(organization, &mut body.rest);
    let properties = properties::read(body.properties.take())?;
    allow(organization, call, Permission::EditReleaseDefinition)?;
    let unverified = organization.settings.switches.unverified;
    let Checked { name, folder, rest } = body.check(&organization.projects[position], None, &unverified)?;
    let (id, now) = (organization.next_release_pipeline_id(), organization.now());
    let author = call.user.unwrap_or(0);
    let mut pipeline = ReleasePipeline {
        id,
        name,
        folder,
        revision: 1,
        revisions: Vec::new(),
        properties,
        created: now,
        modified: now,
        author,
        rest,
        scripts: Vec::new(),
        unseen: Unseen::new(organization.settings.switches.invisible_for),
    };
    pipeline.record(author, comment);
    organization.projects[position].release_pipelines.push(pipeline);
    let project = &organization.projects[position];
    let pipeline = project.release_pipelines.last().expect("it was just added");
    Ok(Response::ok(&shape(organization, call, project, pipeline)))
}

fn update(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let mut body: Body = call.json("releaseDefinition")?;
    let comment = comment(organization, &mut body.rest);
    let given = body.properties.take();
    let properties = properties::read(given.clone())?;
    let id = body.id.ok_or_else(|| refusals::body_missing("releaseDefinition.Id"))?;
    let (position, pipeline) = locate(organization, call, &id.to_string())?;
    allow(organization, call, Permission::EditReleaseDefinition)?;
    let unverified = organization.settings.switches.unverified;
    let project = &organization.projects[position];
    if body.revision != Some(project.release_pipelines[pipeline].revision) {
        return Err(refusals::release_pipeline_stale(unverified.stale_release_pipeline.status()));
    }
    let checked = body.check(project, Some(id), &unverified)?;
    let now = organization.now();
    let known = &mut organization.projects[position].release_pipelines[pipeline];
    known.name = checked.name;
    known.folder = checked.folder;
    known.rest = checked.rest;
    known.revision += 1;
    known.modified = now;
    if given.is_some() {
        known.properties = properties;
    }
    known.record(call.user.unwrap_or(0), comment);
    let project = &organization.projects[position];
    Ok(Response::ok(&shape(organization, call, project, &project.release_pipelines[pipeline])))
}

/// The releases are deleted with it.
fn delete(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let (position, pipeline) = locate(organization, call, call.captured[0])?;
    allow(organization, call, Permission::DeleteReleaseDefinition)?;
    let project = &mut organization.projects[position];
    let id = project.release_pipelines.remove(pipeline).id;
    project.releases.retain(|release| release.pipeline != id);
    Ok(Response::new(StatusCode::NO_CONTENT, Content::None, ""))
}
