//! Folders of pipelines.

use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::Value;
use serde_json::json;

use crate::areas::service_areas;
use crate::areas::shapes;
use crate::auth::Permission;
use crate::auth::RequiredPermissions;
use crate::choice::FOLDER_ORDER;
use crate::http::Call;
use crate::http::Content;
use crate::http::Outcome;
use crate::http::Response;
use crate::http::refusals;
use crate::names;
use crate::route::ApiResource;
use crate::route::Route;
use crate::state::Folder;
use crate::state::Organization;
use crate::state::Pipeline;
use crate::state::Project;

const FOLDERS: ApiResource = ApiResource::new(
    &service_areas::BUILD,
    "a906531b-d2da-4f55-bda7-f3e676cc50d9",
    "folders",
    "build/folders/{*path}",
    2,
);
const EXECUTE: &[&str] = &["vso.build_execute"];
const EDIT: RequiredPermissions = RequiredPermissions::All(&[
    Permission::ReadProject,
    Permission::ViewBuildDefinition,
    Permission::EditBuildDefinition,
]);
const DELETE: RequiredPermissions = RequiredPermissions::All(&[
    Permission::ReadProject,
    Permission::ViewBuildDefinition,
    Permission::DeleteBuildDefinition,
]);

/// The path follows, or is the parameter `path`.
pub(in crate::areas) const ROUTES: &[Route] = &[
    Route::new(&FOLDERS, "GET", "build/folders", &["vso.build"], RequiredPermissions::VIEW_PIPELINES, list)
        .recorded()
        .preview(),
    Route::new(
        &FOLDERS,
        "GET",
        "build/folders/{*path}",
        &["vso.build"],
        RequiredPermissions::VIEW_PIPELINES,
        list,
    )
    .recorded()
    .preview(),
    Route::new(&FOLDERS, "PUT", "build/folders", EXECUTE, EDIT, create).preview(),
    Route::new(&FOLDERS, "PUT", "build/folders/{*path}", EXECUTE, EDIT, create).recorded().preview(),
    Route::new(&FOLDERS, "POST", "build/folders", EXECUTE, EDIT, update).preview(),
    Route::new(&FOLDERS, "POST", "build/folders/{*path}", EXECUTE, EDIT, update).recorded().preview(),
    Route::new(&FOLDERS, "DELETE", "build/folders", EXECUTE, DELETE, delete).preview(),
    Route::new(&FOLDERS, "DELETE", "build/folders/{*path}", EXECUTE, DELETE, delete).recorded().preview(),
];

/// The path that the request names.
fn path(call: &Call<'_>) -> String {
    let captured = call.captured.join("\\");
    names::folder(if captured.is_empty() { call.query("path").unwrap_or_default() } else { &captured })
}

/// Returns whether a folder is another one, or below it.
fn is_within(inner: &str, outer: &str) -> bool {
    let (inner, outer) = (inner.to_lowercase(), outer.to_lowercase());
    outer == "\\" || inner == outer || inner.starts_with(&format!("{outer}\\"))
}

/// Refuses a caller who lacks a permission for pipelines.
fn allow(organization: &Organization, call: &Call<'_>, permission: Permission) -> Result<(), Response> {
    if shapes::denied(organization, call, permission) {
        let user = &shapes::caller(organization, call).name;
        let project = call.target.project.as_deref().unwrap_or_default();
        return Err(refusals::needs_build_permission(permission, user, &path(call), project));
    }
    Ok(())
}

/// Returns the position of the project, whose folders the caller may see.
fn held(organization: &Organization, call: &Call<'_>) -> Result<usize, Response> {
    let position = shapes::build_project(organization, call)?;
    if shapes::denied(organization, call, Permission::ViewBuildDefinition) {
        return Err(refusals::folder_not_found(&path(call)));
    }
    Ok(position)
}

/// A folder. One that only pipelines name was created with the project.
fn shape(organization: &Organization, call: &Call<'_>, project: &Project, path: &str) -> Value {
    let mut value = json!({ "path": path });
    let known = project.folders.iter().find(|folder| names::same(&folder.path, path));
    let person = |at: usize| shapes::user(call, &organization.users[at]);
    value["createdOn"] = json!(shapes::moment(known.map_or(project.updated, |folder| folder.created)));
    if let Some(folder) = known {
        value["description"] = json!(folder.description);
        value["createdBy"] = person(folder.created_by);
        if let Some((at, by)) = folder.changed {
            value["lastChangedDate"] = json!(shapes::moment(at));
            value["lastChangedBy"] = person(by);
        }
    }
    value["project"] = shapes::project(call, project);
    value
}

/// All folders: the root, those that were created, and those of pipelines, with their parents.
fn all(project: &Project) -> Vec<String> {
    let mut all = vec!["\\".to_owned()];
    let created = project.folders.iter().map(|folder| folder.path.as_str());
    for path in created.chain(project.pipelines.iter().map(|pipeline| pipeline.folder.as_str())) {
        let parts: Vec<&str> = path.split('\\').filter(|part| !part.is_empty()).collect();
        for end in 1..=parts.len() {
            let one = format!("\\{}", parts[..end].join("\\"));
            if !all.iter().any(|known| names::same(known, &one)) {
                all.push(one);
            }
        }
    }
    all.sort_by_key(|path| path.to_lowercase());
    all
}

/// The folders at a path and below it.
fn list(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let position = held(organization, call)?;
    let project = &organization.projects[position];
    let wanted = path(call);
    let mut fitting: Vec<String> = all(project).into_iter().filter(|one| is_within(one, &wanted)).collect();
    if FOLDER_ORDER.name(call.query("queryOrder").unwrap_or("none")) == "folderDescending" {
        fitting.reverse();
    }
    Ok(Response::list(fitting.iter().map(|one| shape(organization, call, project, one)).collect()))
}

#[derive(Deserialize)]
struct FolderBody {
    path: Option<String>,
    description: Option<String>,
}

fn create(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let body: FolderBody = call.json("folder")?;
    let position = held(organization, call)?;
    allow(organization, call, Permission::EditBuildDefinition)?;
    let wanted = path(call);
    if all(&organization.projects[position]).iter().any(|known| names::same(known, &wanted)) {
        return Err(refusals::folder_exists(&wanted));
    }
    let (created, user) = (organization.now(), call.user.unwrap_or(0));
    organization.projects[position].folders.push(Folder {
        path: wanted.clone(),
        description: body.description.unwrap_or_default(),
        created,
        created_by: user,
        changed: None,
    });
    Ok(Response::ok(&shape(organization, call, &organization.projects[position], &wanted)))
}

/// Returns the path of a folder that was created, or the refusal of one that does not exist.
fn created(project: &Project, path: String) -> Result<String, Response> {
    let is_it = |folder: &&Folder| names::same(&folder.path, &path);
    let known = project.folders.iter().find(is_it).map(|folder| folder.path.clone());
    known.ok_or_else(|| refusals::folder_not_found(&path))
}

/// Changes the description, or the path, with everything below the folder.
fn update(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let body: FolderBody = call.json("folder")?;
    let position = held(organization, call)?;
    allow(organization, call, Permission::EditBuildDefinition)?;
    let project = &organization.projects[position];
    let from = created(project, path(call))?;
    let to = body.path.as_deref().map_or_else(|| from.clone(), names::folder);
    if !names::same(&from, &to) && all(project).iter().any(|known| names::same(known, &to)) {
        return Err(refusals::folder_exists(&to));
    }
    let (now, user) = (organization.now(), call.user.unwrap_or(0));
    let moved = |path: &mut String| {
        if is_within(path, &from) {
            *path = names::folder(&format!("{to}\\{}", &path[from.len()..]));
        }
    };
    let project = &mut organization.projects[position];
    project.pipelines.iter_mut().for_each(|pipeline| moved(&mut pipeline.folder));
    for folder in &mut project.folders {
        if names::same(&folder.path, &from) {
            folder.changed = Some((now, user));
            folder.description = body.description.clone().unwrap_or_else(|| folder.description.clone());
        }
        moved(&mut folder.path);
    }
    Ok(Response::ok(&shape(organization, call, &organization.projects[position], &to)))
}

/// Deletes a folder with the pipelines and folders in it.
fn delete(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let position = held(organization, call)?;
    allow(organization, call, Permission::DeleteBuildDefinition)?;
    let project = &mut organization.projects[position];
    let wanted = created(project, path(call))?;
    project.folders.retain(|folder| !is_within(&folder.path, &wanted));
    let (gone, left): (Vec<Pipeline>, Vec<Pipeline>) =
        std::mem::take(&mut project.pipelines).into_iter().partition(|one| is_within(&one.folder, &wanted));
    project.pipelines = left;
    for pipeline in gone {
        let (runs, others) =
            std::mem::take(&mut project.runs).into_iter().partition(|run| run.pipeline == pipeline.id);
        project.runs = others;
        project.deleted.push((pipeline, runs));
    }
    Ok(Response::new(StatusCode::NO_CONTENT, Content::None, ""))
}
