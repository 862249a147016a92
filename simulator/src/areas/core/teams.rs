//! The teams of a project and their members. Every project begins with one team, and all users belong to every team.

use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::Value;
use serde_json::json;
use uuid::Uuid;

use crate::areas::service_areas;
use crate::areas::shapes;
use crate::auth::Permission;
use crate::auth::RequiredPermissions;
use crate::http::Call;
use crate::http::Content;
use crate::http::Outcome;
use crate::http::Response;
use crate::http::refusals;
use crate::names;
use crate::route::ApiResource;
use crate::route::Placement;
use crate::route::Route;
use crate::state::Organization;
use crate::state::Project;
use crate::state::Team;

const PROJECT: &[&str] = &["vso.project"];
const PROJECT_WRITE: &[&str] = &["vso.project_manage"];
const EDIT: RequiredPermissions =
    RequiredPermissions::All(&[Permission::ReadProject, Permission::EditProject]);

const TEAMS: ApiResource = ApiResource::new(
    &service_areas::CORE,
    "d30a3dd1-f8ba-442a-b86a-bd0c0c383e59",
    "teams",
    "projects/{projectId}/teams/{*teamId}",
    3,
);
const ALL_TEAMS: ApiResource =
    ApiResource::new(&service_areas::CORE, "7a4d9ee9-3433-4347-b47a-7a80f1cf307e", "teams", "teams", 3);
const MEMBERS: ApiResource = ApiResource::new(
    &service_areas::CORE,
    "294c494c-2600-4d7e-b76c-3dd50c3c95be",
    "members",
    "projects/{projectId}/teams/{teamId}/members",
    2,
);

pub(in crate::areas) const ROUTES: &[Route] = &[
    Route::new(&ALL_TEAMS, "GET", "teams", PROJECT, RequiredPermissions::SEE_PROJECT, all)
        .at(Placement::Organization)
        .preview(),
    Route::new(&TEAMS, "GET", "projects/{project}/teams", PROJECT, RequiredPermissions::SEE_PROJECT, list)
        .at(Placement::Organization),
    Route::new(
        &TEAMS,
        "GET",
        "projects/{project}/teams/{team}",
        PROJECT,
        RequiredPermissions::SEE_PROJECT,
        get,
    )
    .at(Placement::Organization),
    Route::new(
        &MEMBERS,
        "GET",
        "projects/{project}/teams/{team}/members",
        PROJECT,
        RequiredPermissions::SEE_PROJECT,
        members,
    )
    .at(Placement::Organization),
    Route::new(&TEAMS, "POST", "projects/{project}/teams", PROJECT_WRITE, EDIT, create)
        .recorded()
        .at(Placement::Organization),
    Route::new(&TEAMS, "PATCH", "projects/{project}/teams/{team}", PROJECT_WRITE, EDIT, update)
        .at(Placement::Organization),
    Route::new(&TEAMS, "DELETE", "projects/{project}/teams/{team}", PROJECT_WRITE, EDIT, delete)
        .at(Placement::Organization),
];

/// The teams of a project; the first is the one that it was created with.
fn teams(project: &Project) -> impl Iterator<Item = Team> {
    let first = Team {
        id: project.team,
        name: format!("{} Team", project.name),
        description: "The default project team.".to_owned(),
    };
    [first].into_iter().chain(project.more_teams.iter().cloned())
}

fn shape(call: &Call<'_>, project: &Project, team: &Team) -> Value {
    json!({
        "id": team.id,
        "name": team.name,
        "url": format!("{}/_apis/projects/{}/teams/{}", call.base, project.id, team.id),
        "description": team.description,
        "identityUrl": format!("{}/_apis/Identities/{}", call.base, team.id),
        "projectName": project.name,
        "projectId": project.id,
    })
}

/// The group that a team is.
fn identity(organization: &Organization, project: &Project, team: &Team) -> Value {
    let text = |value: &str| json!({ "$type": "System.String", "$value": value });
    let id = team.id.simple();
    json!({
        "id": team.id,
        "descriptor": format!("Microsoft.TeamFoundation.Identity;S-1-9-{id}"),
        "subjectDescriptor": format!("vssgp.{id}"),
        "providerDisplayName": format!("[{}]\\{}", project.name, team.name),
        "isActive": true,
        "isContainer": true,
        "members": [],
        "memberOf": [],
        "masterId": team.id,
        "properties": {
            "Microsoft.TeamFoundation.Team": { "$type": "System.Boolean", "$value": true },
            "SchemaClassName": text("Group"),
            "Description": text(&team.description),
            "Domain": text(&format!("vstfs:///Classification/TeamProject/{}", project.id)),
            "Account": text(&team.name),
            "SecurityGroup": text("SecurityGroup"),
            "SpecialType": text("Generic"),
            "ScopeId": text(&project.id.to_string()),
            "ScopeType": text("TeamProject"),
            "LocalScopeId": text(&project.id.to_string()),
            "SecuringHostId": text(&organization.id.to_string()),
            "ScopeName": text(&project.name),
            "VirtualPlugin": text(""),
        },
        "resourceVersion": 2,
        "metaTypeId": 255,
    })
}

/// A page of teams.
fn page(call: &Call<'_>, organization: &Organization, all: impl Iterator<Item = Value>) -> Response {
    let skip = call.number("$skip").unwrap_or(0);
    let top = call.number("$top").unwrap_or(organization.settings.switches.page_size);
    Response::list(all.skip(skip).take(top).collect())
}

fn all(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let hidden = shapes::denied(organization, call, Permission::ReadProject);
    let visible = organization.projects.iter().filter(|_| !hidden);
    let shown = visible
        .flat_map(|project| teams(project).map(move |team| (project, team)))
        .map(|(project, team)| shape(call, project, &team));
    Ok(page(call, organization, shown))
}

/// Returns the position of the project in the path.
fn held(organization: &Organization, call: &Call<'_>) -> Result<usize, Response> {
    shapes::project_position(organization, call, call.captured[0], StatusCode::NOT_FOUND)
}

fn list(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let project = &organization.projects[held(organization, call)?];
    Ok(page(call, organization, teams(project).map(|team| shape(call, project, &team))))
}

/// Returns the position of the project, and its team, that the path names.
fn named(organization: &Organization, call: &Call<'_>) -> Result<(usize, Team), Response> {
    let position = held(organization, call)?;
    let wanted = call.captured[1];
    let is_it =
        |team: &Team| names::same(wanted, &team.name) || wanted.eq_ignore_ascii_case(&team.id.to_string());
    let found = teams(&organization.projects[position]).find(is_it);
    Ok((position, found.ok_or_else(|| refusals::team_not_found(wanted))?))
}

/// A team, with its group if the query asks for it.
fn single(organization: &Organization, call: &Call<'_>, project: &Project, team: &Team) -> Value {
    let mut value = shape(call, project, team);
    if call.flag("$expandIdentity") {
        value["identity"] = identity(organization, project, team);
    }
    value
}

fn get(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let (project, team) = named(organization, call)?;
    Ok(Response::ok(&single(organization, call, &organization.projects[project], &team)))
}

fn members(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    named(organization, call)?;
    let member = |(position, user)| {
        let mut value = json!({ "identity": shapes::user(call, user) });
        if position == 0 {
            value["isTeamAdmin"] = json!(true);
        }
        value
    };
    Ok(page(call, organization, organization.users.iter().enumerate().map(member)))
}

#[derive(Deserialize)]
struct TeamBody {
    name: Option<String>,
    description: Option<String>,
}

/// Refuses a caller who may not change the project.
fn editable(organization: &Organization, call: &Call<'_>) -> Result<usize, Response> {
    let position = held(organization, call)?;
    if shapes::denied(organization, call, Permission::EditProject) {
        let user = &shapes::caller(organization, call).name;
        return Err(refusals::needs_project_permission(Permission::EditProject, user));
    }
    Ok(position)
}

/// Refuses a name that another team of the project has.
fn free(project: &Project, name: &str, own: Option<Uuid>) -> Result<(), Response> {
    if !names::is_repository_name(name) {
        return Err(refusals::bad_argument(&format!("The name '{name}' is not valid for a team.")));
    }
    let taken = teams(project).any(|team| names::same(&team.name, name) && Some(team.id) != own);
    if taken { Err(refusals::team_exists(name)) } else { Ok(()) }
}

/// The response has the group of the new team.
fn create(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let body: TeamBody = call.json("team")?;
    let position = editable(organization, call)?;
    let name = body.name.unwrap_or_default();
    free(&organization.projects[position], &name, None)?;
    let team = Team { id: Uuid::new_v4(), name, description: body.description.unwrap_or_default() };
    organization.projects[position].more_teams.push(team.clone());
    let project = &organization.projects[position];
    let mut value = shape(call, project, &team);
    value["identity"] = identity(organization, project, &team);
    Ok(Response::json(StatusCode::CREATED, &value))
}

/// Returns the team in the path, which must be one that was added.
fn added(organization: &Organization, call: &Call<'_>, what: &str) -> Result<(usize, usize), Response> {
    let position = editable(organization, call)?;
    let (_, team) = named(organization, call)?;
    let found = organization.projects[position].more_teams.iter().position(|one| one.id == team.id);
    let refused = || refusals::bad_argument(&format!("The default team of a project cannot be {what}."));
    Ok((position, found.ok_or_else(refused)?))
}

fn update(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let body: TeamBody = call.json("teamData")?;
    let (position, at) = added(organization, call, "changed")?;
    let project = &mut organization.projects[position];
    if let Some(name) = body.name {
        free(project, &name, Some(project.more_teams[at].id))?;
        project.more_teams[at].name = name;
    }
    if let Some(description) = body.description {
        project.more_teams[at].description = description;
    }
    let project = &organization.projects[position];
    Ok(Response::ok(&single(organization, call, project, &project.more_teams[at])))
}

fn delete(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let (position, at) = added(organization, call, "deleted")?;
    organization.projects[position].more_teams.remove(at);
    Ok(Response::new(StatusCode::NO_CONTENT, Content::None, ""))
}
