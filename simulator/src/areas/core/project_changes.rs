//! Changing, deleting and restoring projects, as operations.

use axum::http::StatusCode;
use serde::Deserialize;
use uuid::Uuid;

use super::projects::PROJECTS;
use super::projects::accepted;
use super::projects::discard;
use crate::areas::shapes;
use crate::auth::Permission;
use crate::auth::RequiredPermissions;
use crate::choice::PROJECT_STATE;
use crate::choice::VISIBILITY;
use crate::choice::chosen;
use crate::http::Call;
use crate::http::Outcome;
use crate::http::Response;
use crate::http::refusals;
use crate::names;
use crate::route::Placement;
use crate::route::Route;
use crate::state::Organization;
use crate::state::ProjectOperationKind;
use crate::world::Visibility;

pub(in crate::areas) const ROUTES: &[Route] = &[
    Route::new(
        &PROJECTS,
        "PATCH",
        "projects/{project}",
        &["vso.project_write"],
        RequiredPermissions::All(&[Permission::ReadProject, Permission::EditProject]),
        update,
    )
    .at(Placement::Organization),
    Route::new(
        &PROJECTS,
        "DELETE",
        "projects/{project}",
        &["vso.project_manage"],
        RequiredPermissions::All(&[Permission::ReadProject, Permission::DeleteProject]),
        delete,
    )
    .recorded()
    .at(Placement::Organization),
];

/// Returns the position of the project in the path. Only its identifier is accepted.
fn locate(organization: &Organization, call: &Call<'_>, permission: Permission) -> Result<usize, Response> {
    let id = call.captured[0];
    if Uuid::try_parse(id).is_err() {
        return Err(refusals::project_name_not_found(id));
    }
    let position = shapes::project_position(organization, call, id, StatusCode::NOT_FOUND)?;
    if shapes::denied(organization, call, permission) {
        let user = &shapes::caller(organization, call).name;
        return Err(refusals::needs_project_permission(permission, user));
    }
    Ok(position)
}

#[derive(Deserialize)]
struct Changes {
    name: Option<String>,
    description: Option<String>,
    #[serde(default, deserialize_with = "chosen")]
    visibility: Option<String>,
    #[serde(default, deserialize_with = "chosen")]
    state: Option<String>,
}

fn update(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let body: Changes = call.json("projectUpdate")?;
    let restores = body.state.as_deref().is_some_and(|state| PROJECT_STATE.name(state) == "wellFormed");
    let allowed = [Permission::ReadProject, Permission::EditProject]
        .into_iter()
        .all(|permission| !shapes::denied(organization, call, permission));
    if restores && allowed {
        restore(organization, call.captured[0]);
    }
    let position = locate(organization, call, Permission::EditProject)?;
    if let Some(name) = &body.name {
        if !names::is_repository_name(name) {
            return Err(refusals::project_name_invalid(name));
        }
        if organization.project_position(name).is_some_and(|other| other != position) {
            return Err(refusals::project_exists(name));
        }
    }
    let visibility = match body.visibility.as_deref().map(|wanted| VISIBILITY.name(wanted)) {
        None => None,
        Some("private") => Some(Visibility::Private),
        Some("public") => Some(Visibility::Public),
        Some(other) => {
            return Err(refusals::bad_argument(&format!("The visibility '{other}' is not supported.")));
        }
    };
    let now = organization.now();
    let project = &mut organization.projects[position];
    if let Some(name) = body.name.filter(|name| *name != project.name) {
        project.rename(&name);
    }
    project.description = body.description.unwrap_or_else(|| project.description.clone());
    project.visibility = visibility.unwrap_or(project.visibility);
    project.revision += 1;
    project.updated = now;
    let id = project.id;
    Ok(accepted(organization, call, id, ProjectOperationKind::Change))
}

/// Makes a deleted project available again, unless another one has its name.
fn restore(organization: &mut Organization, id: &str) {
    let found =
        organization.deleted_projects.iter().position(|known| known.id.to_string().eq_ignore_ascii_case(id));
    let free = |at: &usize| {
        let name = &organization.deleted_projects[*at].name;
        organization.project_position(name).is_none()
    };
    if let Some(at) = found.filter(free) {
        let mut project = organization.deleted_projects.remove(at);
        "wellFormed".clone_into(&mut project.state);
        organization.projects.push(project);
    }
}

fn delete(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let position = locate(organization, call, Permission::DeleteProject)?;
    let id = organization.projects[position].id;
    if organization.settings.switches.unfinished_for == 0 {
        discard(organization, position);
    } else {
        "deleting".clone_into(&mut organization.projects[position].state);
    }
    Ok(accepted(organization, call, id, ProjectOperationKind::Delete))
}
