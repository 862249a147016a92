//! The team of a project and its members. Every project has one team, to which all users belong.

use axum::http::StatusCode;
use serde_json::Value;
use serde_json::json;

use crate::areas::service_areas;
use crate::areas::shapes;
use crate::auth::Permission;
use crate::auth::RequiredPermissions;
use crate::http::Call;
use crate::http::Outcome;
use crate::http::Response;
use crate::http::refusals;
use crate::names;
use crate::route::ApiResource;
use crate::route::Placement;
use crate::route::Route;
use crate::state::Organization;
use crate::state::Project;

const PROJECT: &[&str] = &["vso.project"];

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
];

fn shape(call: &Call<'_>, project: &Project) -> Value {
    json!({
        "id": project.team,
        "name": format!("{} Team", project.name),
        "url": format!("{}/_apis/projects/{}/teams/{}", call.base, project.id, project.team),
        "description": "The default project team.",
        "identityUrl": format!("{}/_apis/Identities/{}", call.base, project.team),
        "projectName": project.name,
        "projectId": project.id,
    })
}

fn all(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let hidden = shapes::denied(organization, call, Permission::ReadProject);
    let visible = organization.projects.iter().filter(|_| !hidden);
    Ok(Response::list(visible.map(|project| shape(call, project)).collect()))
}

/// Returns the project in the path.
fn held<'o>(organization: &'o Organization, call: &Call<'_>) -> Result<&'o Project, Response> {
    let position = shapes::project_position(organization, call, call.captured[0], StatusCode::NOT_FOUND)?;
    Ok(&organization.projects[position])
}

fn list(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let project = held(organization, call)?;
    Ok(Response::list(vec![shape(call, project)]))
}

/// Returns the project whose team is in the path.
fn named<'o>(organization: &'o Organization, call: &Call<'_>) -> Result<&'o Project, Response> {
    let project = held(organization, call)?;
    let wanted = call.captured[1];
    let is_its = names::same(wanted, &format!("{} Team", project.name))
        || wanted.eq_ignore_ascii_case(&project.team.to_string());
    if is_its { Ok(project) } else { Err(refusals::team_not_found(wanted)) }
}

fn get(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let project = named(organization, call)?;
    Ok(Response::ok(&shape(call, project)))
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
    let skip = call.number("$skip").unwrap_or(0);
    let top = call.number("$top").unwrap_or(organization.settings.switches.page_size);
    let all = organization.users.iter().enumerate().map(member);
    Ok(Response::list(all.skip(skip).take(top).collect()))
}
