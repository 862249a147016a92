//! Git repositories: list, get, create, change, delete, and the recycle bin.

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
use crate::state::Unseen;
use crate::state::git::Repository;

const CODE: &[&str] = &["vso.code"];
const CODE_MANAGE: &[&str] = &["vso.code_manage"];

const REPOSITORIES: ApiResource = ApiResource::new(
    &service_areas::GIT,
    "225f7195-f9c7-4d14-ab28-a83f7ff77e1f",
    "repositories",
    "git/repositories/{repositoryId}",
    1,
);
const RECYCLE_BIN_REPOSITORIES: ApiResource = ApiResource::new(
    &service_areas::GIT,
    "a663da97-81db-4eb3-8b83-287670f63073",
    "recycleBinRepositories",
    "git/recycleBin/repositories/{repositoryId}",
    1,
);

pub(in crate::areas) const ROUTES: &[Route] = &[
    Route::new(&REPOSITORIES, "GET", "git/repositories", CODE, RequiredPermissions::READ_CODE, list)
        .recorded()
        .at(Placement::Either),
    Route::new(
        &REPOSITORIES,
        "POST",
        "git/repositories",
        CODE_MANAGE,
        RequiredPermissions::All(&[
            Permission::ReadProject,
            Permission::CreateRepository,
            Permission::GenericRead,
        ]),
        create,
    )
    .recorded()
    .at(Placement::Either),
    Route::new(
        &REPOSITORIES,
        "GET",
        "git/repositories/{repository}",
        CODE,
        RequiredPermissions::READ_CODE,
        get,
    )
    .recorded()
    .at(Placement::Either),
    Route::new(
        &REPOSITORIES,
        "PATCH",
        "git/repositories/{repository}",
        CODE_MANAGE,
        RequiredPermissions::All(&[
            Permission::ReadProject,
            Permission::GenericRead,
            Permission::RenameRepository,
        ]),
        update,
    )
    .recorded()
    .at(Placement::Either),
    Route::new(
        &REPOSITORIES,
        "DELETE",
        "git/repositories/{repository}",
        CODE_MANAGE,
        RequiredPermissions::All(&[
            Permission::ReadProject,
            Permission::GenericRead,
            Permission::DeleteRepository,
        ]),
        delete,
    )
    .recorded()
    .at(Placement::Either),
    Route::new(
        &RECYCLE_BIN_REPOSITORIES,
        "GET",
        "git/recycleBin/repositories",
        CODE,
        RequiredPermissions::READ_CODE,
        recycled,
    ),
    Route::new(
        &RECYCLE_BIN_REPOSITORIES,
        "PATCH",
        "git/recycleBin/repositories/{repository}",
        CODE_MANAGE,
        RequiredPermissions::All(&[
            Permission::ReadProject,
            Permission::GenericRead,
            Permission::CreateRepository,
        ]),
        restore,
    ),
    Route::new(
        &RECYCLE_BIN_REPOSITORIES,
        "DELETE",
        "git/recycleBin/repositories/{repository}",
        CODE_MANAGE,
        RequiredPermissions::All(&[
            Permission::ReadProject,
            Permission::GenericRead,
            Permission::DeleteRepository,
        ]),
        destroy,
    ),
];

/// Returns the positions of the project and the repository in the path. Without a project in the path only an
/// identifier is accepted.
pub(super) fn locate(organization: &mut Organization, call: &Call<'_>) -> Result<(usize, usize), Response> {
    let name = call.captured[0];
    let found = match &call.target.project {
        Some(project) => {
            let project = shapes::project_position(organization, call, project, StatusCode::NOT_FOUND)?;
            organization.projects[project].repository_position(name).map(|repository| (project, repository))
        }
        None => Uuid::try_parse(name).ok().and_then(|_| {
            let hidden = shapes::denied(organization, call, Permission::ReadProject);
            let mut projects = organization.projects.iter().enumerate().filter(|_| !hidden);
            projects.find_map(|(position, project)| Some((position, project.repository_position(name)?)))
        }),
    };
    let readable = |&(project, repository): &(usize, usize)| {
        let repository = &organization.projects[project].repositories[repository];
        !shapes::denied_in(organization, call, repository, Permission::GenericRead)
    };
    let (project, position) = found.filter(readable).ok_or_else(|| refusals::repository_not_found(name))?;
    if organization.projects[project].repositories[position].unseen.look() {
        Ok((project, position))
    } else {
        Err(refusals::repository_not_found(name))
    }
}

/// Returns the positions of an enabled repository. The contents of a disabled one are hidden.
pub(super) fn locate_enabled(
    organization: &mut Organization,
    call: &Call<'_>,
) -> Result<(usize, usize), Response> {
    let (project, repository) = locate(organization, call)?;
    if organization.projects[project].repositories[repository].is_disabled {
        return Err(refusals::repository_not_found(call.captured[0]));
    }
    Ok((project, repository))
}

fn list(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let only = match &call.target.project {
        Some(name) => Some(shapes::project_position(organization, call, name, StatusCode::NOT_FOUND)?),
        None => None,
    };
    let hidden = shapes::denied(organization, call, Permission::ReadProject);
    let readable =
        |repository: &Repository| !shapes::denied_in(organization, call, repository, Permission::GenericRead);
    let mut value: Vec<Value> = Vec::new();
    for (position, project) in organization.projects.iter().enumerate() {
        if !hidden && only.is_none_or(|only| only == position) {
            let all = project.repositories.iter();
            let visible = all.filter(|repository| readable(repository) && repository.unseen.look());
            value.extend(visible.map(|repository| shapes::repository(call, project, repository)));
        }
    }
    // Unlike in most lists, `value` comes before `count`.
    Ok(Response::ok(&json!({ "value": value, "count": value.len() })))
}

fn get(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let (project, repository) = locate(organization, call)?;
    let project = &organization.projects[project];
    let repository = &project.repositories[repository];
    let mut value = shapes::repository(call, project, repository);
    value["_links"] = shapes::repository_links(call, project, repository);
    Ok(Response::ok(&value))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct NewRepository {
    name: Option<String>,
    project: Option<ProjectReference>,
    parent_repository: Option<ProjectReference>,
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
    let parent = match &body.parent_repository {
        Some(parent) => Some(
            organization
                .projects
                .iter()
                .find_map(|project| project.enabled_repository(&parent.id))
                .filter(|parent| !shapes::denied_in(organization, call, parent, Permission::GenericRead))
                .ok_or_else(|| refusals::repository_not_found(&parent.id))?,
        ),
        None => None,
    };
    let mut created = Repository::new(&name);
    if let Some(parent) = parent {
        created.parent = Some(parent.id);
        created.copy_of(parent);
    }
    let unseen = Unseen::new(organization.settings.switches.invisible_for);
    let project = &mut organization.projects[position];
    if project.repositories.iter().any(|known| names::same(&known.name, &name)) {
        return Err(refusals::repository_exists(&name));
    }
    created.unseen = unseen;
    project.repositories.push(created);
    let created = project.repositories.last().expect("it was just added");
    Ok(Response::json(StatusCode::CREATED, &shapes::repository(call, project, created)))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Changes {
    name: Option<String>,
    default_branch: Option<String>,
    is_disabled: Option<bool>,
}

/// Returns the repository that is changed as a whole. Its path must have the identifier, not the name.
fn managed(
    organization: &mut Organization,
    call: &Call<'_>,
    permission: Permission,
) -> Result<(usize, usize), Response> {
    if Uuid::try_parse(call.captured[0]).is_err() {
        return Err(refusals::repository_not_found(call.captured[0]));
    }
    let found = locate(organization, call)?;
    shapes::allow_in(organization, call, found, permission)?;
    Ok(found)
}

fn update(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let body: Changes = call.json("newRepositoryInfo")?;
    let (project, position) = managed(organization, call, Permission::RenameRepository)?;
    let project = &mut organization.projects[project];
    if let Some(name) = &body.name {
        if !names::is_repository_name(name) {
            return Err(refusals::bad_argument(&format!(
                "TF401025: '{name}' is not a valid name for a Git repository."
            )));
        }
        if project.repository_position(name).is_some_and(|other| other != position) {
            return Err(refusals::repository_exists(name));
        }
    }
    let repository = &mut project.repositories[position];
    if let Some(branch) = &body.default_branch
        && !repository.refs.contains_key(branch)
    {
        let branch = branch.trim_start_matches("refs/heads/");
        return Err(refusals::version_not_found(&format!("Branch: {branch}"), &repository.name));
    }
    repository.name = body.name.unwrap_or_else(|| repository.name.clone());
    repository.default_branch = body.default_branch.or(repository.default_branch.take());
    repository.is_disabled = body.is_disabled.unwrap_or(repository.is_disabled);
    let (project, repository) = (&*project, &project.repositories[position]);
    Ok(Response::ok(&shapes::repository(call, project, repository)))
}

fn delete(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let (project, position) = managed(organization, call, Permission::DeleteRepository)?;
    let now = organization.now();
    let project = &mut organization.projects[project];
    let repository = project.repositories.remove(position);
    project.recycled.push((repository, now, call.user.unwrap_or(0)));
    Ok(Response::new(StatusCode::NO_CONTENT, Content::None, ""))
}

fn recycled(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let project = shapes::own_project(organization, call, StatusCode::NOT_FOUND)?;
    let project = &organization.projects[project];
    let value: Vec<Value> = project
        .recycled
        .iter()
        .filter(|(repository, ..)| {
            !shapes::denied_in(organization, call, repository, Permission::GenericRead)
        })
        .map(|(repository, at, by)| {
            json!({
                "id": repository.id,
                "name": repository.name,
                "project": shapes::project(call, project),
                "deletedBy": shapes::user(call, &organization.users[*by]),
                "deletedDate": shapes::moment(*at),
            })
        })
        .collect();
    Ok(Response::list(value))
}

/// Returns the positions of the project and the deleted repository in the path, if the caller has a permission for it.
fn binned(
    organization: &Organization,
    call: &Call<'_>,
    permission: Permission,
) -> Result<(usize, usize), Response> {
    let project = shapes::own_project(organization, call, StatusCode::NOT_FOUND)?;
    let id = call.captured[0];
    let found = organization.projects[project].recycled.iter().position(|(repository, ..)| {
        repository.id.to_string().eq_ignore_ascii_case(id)
            && !shapes::denied_in(organization, call, repository, Permission::GenericRead)
    });
    let at = found.ok_or_else(|| refusals::repository_not_found(id))?;
    let repository = &organization.projects[project].recycled[at].0;
    if shapes::denied_in(organization, call, repository, permission) {
        let user = &shapes::caller(organization, call).name;
        return Err(refusals::needs_git_permission(permission, user));
    }
    Ok((project, at))
}

#[derive(Deserialize)]
struct Restoration {
    deleted: Option<bool>,
}

/// Restores a deleted repository, unless another one has its name.
fn restore(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let body: Restoration = call.json("repositoryDetails")?;
    let (project, at) = binned(organization, call, Permission::CreateRepository)?;
    if body.deleted != Some(false) {
        return Err(refusals::body_missing("repositoryDetails.Deleted"));
    }
    let project = &mut organization.projects[project];
    let name = &project.recycled[at].0.name;
    if project.repositories.iter().any(|known| names::same(&known.name, name)) {
        return Err(refusals::repository_exists(name));
    }
    let (repository, ..) = project.recycled.remove(at);
    project.repositories.push(repository);
    let restored = project.repositories.last().expect("it was just added");
    Ok(Response::ok(&shapes::repository(call, project, restored)))
}

fn destroy(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let (project, at) = binned(organization, call, Permission::DeleteRepository)?;
    organization.projects[project].recycled.remove(at);
    Ok(Response::new(StatusCode::NO_CONTENT, Content::None, ""))
}
