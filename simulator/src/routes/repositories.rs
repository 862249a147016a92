//! Git repositories: list, get, create.

use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::Value;
use serde_json::json;
use uuid::Uuid;

use super::Place;
use super::Route;
use super::shapes;
use crate::answer::Answer;
use crate::answer::Outcome;
use crate::call::Call;
use crate::names;
use crate::permissions::Permission;
use crate::refusals;
use crate::state::Organization;
use crate::state::git::Repository;

const CODE: &[&str] = &["vso.code"];
const CODE_MANAGE: &[&str] = &["vso.code_manage"];

pub(super) const ROUTES: &[Route] = &[
    Route { place: Place::Either, ..Route::of("GET", "git/repositories", CODE, list) },
    Route { place: Place::Either, ..Route::of("POST", "git/repositories", CODE_MANAGE, create) },
    Route { place: Place::Either, ..Route::of("GET", "git/repositories/{repository}", CODE, get) },
];

/// Positions of the project and of the repository that the path names; without a project in the path only an
/// identifier finds one.
pub(super) fn locate(organization: &mut Organization, call: &Call<'_>) -> Result<(usize, usize), Answer> {
    let name = call.captured[0];
    let found = match &call.target.project {
        Some(project) => {
            let project = shapes::project_position(organization, call, project, StatusCode::NOT_FOUND)?;
            organization.projects[project].repository_position(name).map(|repository| (project, repository))
        }
        None => Uuid::try_parse(name).ok().and_then(|_| {
            let mut projects = organization.projects.iter().enumerate();
            projects.find_map(|(position, project)| Some((position, project.repository_position(name)?)))
        }),
    };
    let readable = !shapes::denied(organization, call, Permission::GenericRead);
    let (project, position) =
        found.filter(|_| readable).ok_or_else(|| refusals::repository_not_found(name))?;
    let repository = &mut organization.projects[project].repositories[position];
    if repository.invisible_for > 0 {
        repository.invisible_for -= 1;
        return Err(refusals::repository_not_found(name));
    }
    Ok((project, position))
}

fn list(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let only = match &call.target.project {
        Some(name) => Some(shapes::project_position(organization, call, name, StatusCode::NOT_FOUND)?),
        None => None,
    };
    let readable = !shapes::denied(organization, call, Permission::GenericRead);
    let mut value: Vec<Value> = Vec::new();
    for (position, project) in organization.projects.iter().enumerate() {
        if readable && only.is_none_or(|only| only == position) {
            let visible = project.repositories.iter().filter(|repository| repository.invisible_for == 0);
            value.extend(visible.map(|repository| shapes::repository(call, project, repository)));
        }
    }
    // In this list the members come the other way round than in most.
    Ok(Answer::ok(&json!({ "value": value, "count": value.len() })))
}

fn get(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let (project, repository) = locate(organization, call)?;
    let project = &organization.projects[project];
    Ok(Answer::ok(&shapes::repository(call, project, &project.repositories[repository])))
}

#[derive(Deserialize)]
struct NewRepository {
    name: Option<String>,
    project: Option<ProjectReference>,
}

#[derive(Deserialize)]
struct ProjectReference {
    id: String,
}

fn create(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let body: NewRepository = call.json("gitRepositoryToCreate")?;
    let Some(project) =
        call.target.project.as_deref().or(body.project.as_ref().map(|project| project.id.as_str()))
    else {
        return Err(refusals::body_missing("project"));
    };
    let position = shapes::project_position(organization, call, project, StatusCode::NOT_FOUND)?;
    if shapes::denied(organization, call, Permission::CreateRepository) {
        let user = shapes::caller(organization, call);
        return Err(refusals::needs_git_permission(Permission::CreateRepository, &user.name));
    }
    let name = body.name.unwrap_or_default();
    if !names::is_repository_name(&name) {
        return Err(refusals::bad_argument(&format!(
            "TF401025: '{name}' is not a valid name for a Git repository."
        )));
    }
    let invisible_for = organization.settings.switches.invisible_for;
    let project = &mut organization.projects[position];
    if project.repositories.iter().any(|known| names::same(&known.name, &name)) {
        return Err(refusals::repository_exists(&name));
    }
    let mut created = Repository::new(&name);
    created.invisible_for = invisible_for;
    project.repositories.push(created);
    let created = project.repositories.last().expect("it was pushed just above");
    Ok(Answer::json(StatusCode::CREATED, &shapes::repository(call, project, created)))
}
