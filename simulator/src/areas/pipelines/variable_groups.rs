//! Variable groups: list, get, create, change and delete. The values of secret variables are never kept.

use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;
use uuid::Uuid;

use super::pipeline::project;
use crate::areas::service_areas;
use crate::areas::shapes;
use crate::auth::Permission;
use crate::auth::RequiredPermissions;
use crate::choice::VARIABLE_GROUP_ORDER;
use crate::http::Call;
use crate::http::Content;
use crate::http::Outcome;
use crate::http::Response;
use crate::http::SINCE_7_1;
use crate::http::refusals;
use crate::names;
use crate::route::ApiResource;
use crate::route::Placement;
use crate::route::Route;
use crate::state::Organization;
use crate::state::Project;
use crate::state::Unseen;
use crate::state::User;
use crate::state::pipelines::Resource;
use crate::state::pipelines::VariableGroup;
use crate::world::ResourceKind;

const OF_PROJECT: ApiResource = ApiResource::new(
    &service_areas::DISTRIBUTED_TASK,
    "f5b09dd5-9d54-45a1-8b5a-1c8287d634cc",
    "variablegroups",
    "distributedtask/variablegroups/{groupId}",
    2,
);
const OF_ORGANIZATION: ApiResource = ApiResource::new(
    &service_areas::DISTRIBUTED_TASK,
    "ef5b7057-ffc3-4c77-bbad-c10b4a4abcc7",
    "variablegroups",
    "distributedtask/variablegroups/{groupId}",
    2,
);

const READ: &[&str] = &["vso.variablegroups_read"];
const MANAGE: &[&str] = &["vso.variablegroups_manage"];
const ADMINISTER: RequiredPermissions =
    RequiredPermissions::All(&[Permission::ReadProject, Permission::AdministerResources]);

pub(in crate::areas) const ROUTES: &[Route] = &[
    Route::new(
        &OF_PROJECT,
        "GET",
        "distributedtask/variablegroups",
        READ,
        RequiredPermissions::SEE_PROJECT,
        list,
    )
    .recorded()
    .released(SINCE_7_1),
    Route::new(
        &OF_PROJECT,
        "GET",
        "distributedtask/variablegroups/{group}",
        READ,
        RequiredPermissions::SEE_PROJECT,
        get,
    )
    .recorded()
    .released(SINCE_7_1),
    Route::new(&OF_ORGANIZATION, "POST", "distributedtask/variablegroups", MANAGE, ADMINISTER, create)
        .recorded()
        .at(Placement::Organization)
        .released(SINCE_7_1),
    Route::new(&OF_ORGANIZATION, "PUT", "distributedtask/variablegroups/{group}", MANAGE, ADMINISTER, update)
        .recorded()
        .at(Placement::Organization)
        .released(SINCE_7_1),
    Route::new(
        &OF_ORGANIZATION,
        "DELETE",
        "distributedtask/variablegroups/{group}",
        MANAGE,
        ADMINISTER,
        delete,
    )
    .recorded()
    .at(Placement::Organization)
    .released(SINCE_7_1),
];

/// A change answers without the names of people, and a list without the projects.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Listed,
    Read,
    Changed,
}

fn shape(organization: &Organization, project: &Project, resource: &Resource, form: Form) -> Value {
    let group = resource.group.as_ref();
    let person = |at: usize| {
        let user: &User = &organization.users[at];
        match form {
            Form::Changed => json!({ "displayName": null, "id": user.id }),
            _ => json!({ "displayName": user.name, "id": user.id, "uniqueName": user.email }),
        }
    };
    let description = group.map_or("", |group| group.description.as_str());
    let references = json!([{
        "projectReference": { "id": project.id, "name": project.name },
        "name": resource.name,
        "description": description,
    }]);
    json!({
        "variables": group.map(|group| group.variables.clone()).unwrap_or_default(),
        "id": resource.number,
        "type": "Vsts",
        "name": resource.name,
        "description": description,
        "createdBy": person(group.map_or(0, |group| group.created_by)),
        "createdOn": shapes::moment(group.map_or(project.updated, |group| group.created)),
        "modifiedBy": person(group.map_or(0, |group| group.modified_by)),
        "modifiedOn": shapes::moment(group.map_or(project.updated, |group| group.modified)),
        "isShared": false,
        "variableGroupProjectReferences": if form == Form::Listed { Value::Null } else { references },
    })
}

fn is_seen(resource: &Resource) -> bool {
    resource.kind == ResourceKind::VariableGroup
        && resource.group.as_ref().is_none_or(|group| group.unseen.look())
}

fn list(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let position = project(organization, call)?;
    let project = &organization.projects[position];
    let name = call.query("groupName");
    let is_wanted = |one: &&Resource| name.is_none_or(|name| names::fits(name, &one.name)) && is_seen(one);
    let mut found: Vec<&Resource> = project.resources.iter().filter(is_wanted).collect();
    let descends =
        call.query("queryOrder").is_some_and(|order| VARIABLE_GROUP_ORDER.name(order) == "idDescending");
    if descends {
        found.reverse();
    }
    Ok(Response::list(found.into_iter().map(|one| shape(organization, project, one, Form::Listed)).collect()))
}

/// A group that does not exist is null, not an error.
fn get(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let position = project(organization, call)?;
    let project = &organization.projects[position];
    let found = project.resources.iter().find(|one| is(one, call.captured[0])).filter(|one| is_seen(one));
    let shown = found.map(|one| shape(organization, project, one, Form::Read));
    Ok(Response::ok(&shown.unwrap_or_default()))
}

fn is(resource: &Resource, id: &str) -> bool {
    resource.kind == ResourceKind::VariableGroup && resource.number.to_string() == id
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Body {
    name: String,
    #[serde(default)]
    description: Option<String>,
    #[serde(default)]
    variables: Map<String, Value>,
    variable_group_project_references: Vec<Reference>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Reference {
    project_reference: NamedProject,
}

#[derive(Deserialize)]
struct NamedProject {
    #[serde(default)]
    id: Option<Uuid>,
    #[serde(default)]
    name: Option<String>,
}

/// Returns the body, and the position of its first project. Sharing a group with several projects is not imitated.
fn body(organization: &Organization, call: &Call<'_>) -> Result<(Body, usize), Response> {
    let body: Body = call.json("group")?;
    let Some(Reference { project_reference: named }) = body.variable_group_project_references.first() else {
        return Err(refusals::body_missing("variableGroupProjectReferences"));
    };
    let wanted = named.id.map(|id| id.to_string()).or_else(|| named.name.clone()).unwrap_or_default();
    let project = shapes::project_position(organization, call, &wanted, StatusCode::NOT_FOUND)?;
    administrator(organization, call)?;
    if body.variables.is_empty() {
        return Err(refusals::body_missing("variables"));
    }
    Ok((body, project))
}

fn administrator(organization: &Organization, call: &Call<'_>) -> Result<(), Response> {
    if shapes::denied(organization, call, Permission::AdministerResources) {
        return Err(refusals::needs_to_administer(&shapes::caller(organization, call).name));
    }
    Ok(())
}

/// The variables as they are stored.
fn stored(sent: Map<String, Value>) -> Map<String, Value> {
    let kept = |variable: Value| match variable["isSecret"] == true {
        true => json!({ "value": null, "isSecret": true }),
        false => json!({ "value": variable["value"] }),
    };
    sent.into_iter().map(|(name, variable)| (name, kept(variable))).collect()
}

fn create(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let (body, project) = body(organization, call)?;
    refuse_same_name(organization, project, &body.name, None)?;
    let (number, now) = (organization.next_resource_number(), organization.now());
    let user = call.user.unwrap_or(0);
    let group = VariableGroup {
        description: body.description.unwrap_or_default(),
        variables: stored(body.variables),
        created_by: user,
        modified_by: user,
        created: now,
        modified: now,
        unseen: Unseen::new(organization.settings.switches.invisible_for),
    };
    let kind = ResourceKind::VariableGroup;
    let resource = Resource {
        kind,
        name: body.name,
        id: Uuid::new_v4(),
        number,
        checks: Vec::new(),
        group: Some(group),
    };
    let held = &mut organization.projects[project];
    held.resources.push(resource);
    let at = held.resources.len() - 1;
    let held = &organization.projects[project];
    Ok(Response::ok(&shape(organization, held, &held.resources[at], Form::Changed)))
}

fn refuse_same_name(
    organization: &Organization,
    project: usize,
    name: &str,
    own: Option<usize>,
) -> Result<(), Response> {
    let all = organization.projects[project].resources.iter();
    let same = |one: &Resource| {
        one.kind == ResourceKind::VariableGroup && names::same(&one.name, name) && Some(one.number) != own
    };
    if all.into_iter().any(same) { Err(refusals::variable_group_exists(name)) } else { Ok(()) }
}

/// Returns the position of a group in a project.
fn place(organization: &Organization, call: &Call<'_>, project: usize) -> Result<usize, Response> {
    let id = call.captured[0];
    let found = organization.projects[project].resources.iter().position(|one| is(one, id));
    found.ok_or_else(|| refusals::variable_group_not_found(id))
}

/// All variables are replaced, and the others are removed.
fn update(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let (body, project) = body(organization, call)?;
    let at = place(organization, call, project)?;
    let number = organization.projects[project].resources[at].number;
    refuse_same_name(organization, project, &body.name, Some(number))?;
    let (now, user) = (organization.now(), call.user.unwrap_or(0));
    let created = organization.projects[project].updated;
    let resource = &mut organization.projects[project].resources[at];
    let before = resource.group.take();
    resource.name = body.name;
    resource.group = Some(VariableGroup {
        description: body.description.unwrap_or_default(),
        variables: stored(body.variables),
        created_by: before.as_ref().map_or(0, |group| group.created_by),
        modified_by: user,
        created: before.as_ref().map_or(created, |group| group.created),
        modified: now,
        unseen: before.map(|group| group.unseen).unwrap_or_default(),
    });
    let held = &organization.projects[project];
    Ok(Response::ok(&shape(organization, held, &held.resources[at], Form::Changed)))
}

fn delete(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let wanted = call.query("projectIds").unwrap_or_default().to_owned();
    let project = shapes::project_position(organization, call, &wanted, StatusCode::NOT_FOUND)?;
    administrator(organization, call)?;
    let at = place(organization, call, project)?;
    organization.projects[project].resources.remove(at);
    Ok(Response::new(StatusCode::NO_CONTENT, Content::None, ""))
}
