//! Deleting work items, and the recycle bin, from which they are restored or destroyed.

use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::Value;
use serde_json::json;
use time::OffsetDateTime;

use super::links;
use super::work_items::WORK;
use super::work_items::WORK_ITEMS;
use super::work_items::WORK_WRITE;
use super::work_items::locate;
use super::work_items::plain;
use super::work_items::project;
use super::work_items::writer;
use crate::areas::service_areas;
use crate::areas::shapes;
use crate::auth::Permission;
use crate::auth::RequiredPermissions;
use crate::http::Call;
use crate::http::Content;
use crate::http::Outcome;
use crate::http::Response;
use crate::http::refusals;
use crate::route::ApiResource;
use crate::route::Placement;
use crate::route::Route;
use crate::state::Organization;
use crate::state::work::WorkItem;
use crate::state::work::links::work_item_of;

const RECYCLE_BIN: ApiResource = ApiResource::new(
    &service_areas::WIT,
    "b70d8d39-926c-465e-b927-b1bf0e5ca0e0",
    "recyclebin",
    "wit/recyclebin/{id}",
    2,
);
const READ: RequiredPermissions = RequiredPermissions::READ_WORK;
const WRITE: RequiredPermissions =
    RequiredPermissions::All(&[Permission::ReadProject, Permission::WorkItemRead, Permission::WorkItemWrite]);

pub(in crate::areas) const ROUTES: &[Route] = &[
    Route::new(&WORK_ITEMS, "DELETE", "wit/workitems/{id}", WORK_WRITE, WRITE, delete)
        .recorded()
        .at(Placement::Either),
    Route::new(&RECYCLE_BIN, "GET", "wit/recyclebin", WORK, READ, list).at(Placement::Either),
    Route::new(&RECYCLE_BIN, "GET", "wit/recyclebin/{id}", WORK, READ, get).at(Placement::Either),
    Route::new(&RECYCLE_BIN, "PATCH", "wit/recyclebin/{id}", WORK_WRITE, WRITE, restore)
        .at(Placement::Either),
    Route::new(&RECYCLE_BIN, "DELETE", "wit/recyclebin/{id}", WORK_WRITE, WRITE, destroy)
        .at(Placement::Either),
];

/// A deleted work item without its fields.
fn reference(
    organization: &Organization,
    call: &Call<'_>,
    project: usize,
    (item, at, by): &(WorkItem, OffsetDateTime, usize),
) -> Value {
    let shown = plain(organization, call, item);
    json!({
        "id": item.id,
        "type": shown["fields"]["System.WorkItemType"],
        "name": shown["fields"]["System.Title"],
        "project": organization.projects[project].name,
        "deletedDate": shapes::moment(*at),
        "deletedBy": shapes::user(call, &organization.users[*by])["displayName"],
        "code": 200,
        "url": format!("{}/_apis/wit/recyclebin/{}", call.base, item.id),
    })
}

/// A deleted work item with its fields.
fn shape(
    organization: &Organization,
    call: &Call<'_>,
    project: usize,
    deleted: &(WorkItem, OffsetDateTime, usize),
) -> Value {
    let mut value = reference(organization, call, project, deleted);
    value["resource"] = plain(organization, call, &deleted.0);
    value
}

/// Moves a work item to the recycle bin, or with `destroy` removes it for good.
fn delete(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let (project, at) = locate(organization, call, call.captured[0])?;
    let by = writer(organization, call)?;
    let now = organization.now();
    let item = organization.projects[project].work_items.remove(at);
    let id = item.id;
    let deleted = (item, now, by);
    let value = shape(organization, call, project, &deleted);
    if !call.flag("destroy") {
        organization.projects[project].deleted_work_items.push(deleted);
    }
    let of = |link: &Value| link["url"].as_str().and_then(work_item_of) == Some(id);
    for other in organization.projects.iter_mut().flat_map(|held| &mut held.work_items) {
        other.relations.retain(|link| !of(link));
    }
    Ok(Response::ok(&value))
}

/// Returns whether the caller may read work items.
fn may_read(organization: &Organization, call: &Call<'_>) -> bool {
    [Permission::ReadProject, Permission::WorkItemRead]
        .into_iter()
        .all(|permission| !shapes::denied(organization, call, permission))
}

/// The identifiers of the deleted work items, or with `ids` more about these.
fn list(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let named = project(organization, call)?;
    let ids: Option<Vec<&str>> = call.query("ids").map(|ids| ids.split(',').map(str::trim).collect());
    let readable = may_read(organization, call);
    let held = organization.projects.iter().enumerate();
    let mut shown = Vec::new();
    for (at, held) in held.filter(|(at, _)| readable && named.is_none_or(|named| named == *at)) {
        for deleted in &held.deleted_work_items {
            let value = reference(organization, call, at, deleted);
            match &ids {
                None => shown.push(json!({ "id": value["id"], "url": value["url"] })),
                Some(ids) if ids.contains(&deleted.0.id.to_string().as_str()) => shown.push(value),
                Some(_) => {}
            }
        }
    }
    Ok(Response::list(shown))
}

/// Returns the positions of the project and the deleted work item in the path.
fn deleted(organization: &Organization, call: &Call<'_>) -> Result<(usize, usize), Response> {
    let named = project(organization, call)?;
    let id = call.captured[0];
    let readable = may_read(organization, call);
    let held = organization.projects.iter().enumerate();
    let mut held = held.filter(|(at, _)| readable && named.is_none_or(|named| named == *at));
    let found = held.find_map(|(at, held)| {
        Some((at, held.deleted_work_items.iter().position(|(item, ..)| item.id.to_string() == id)?))
    });
    found.ok_or_else(|| refusals::work_item_not_found(id))
}

fn get(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let (project, at) = deleted(organization, call)?;
    let deleted = &organization.projects[project].deleted_work_items[at];
    Ok(Response::ok(&shape(organization, call, project, deleted)))
}

#[derive(Deserialize)]
struct Restoration {
    /// Clients write it with a capital letter and with a small one.
    #[serde(rename = "isDeleted", alias = "IsDeleted")]
    is_deleted: Option<bool>,
}

/// Restores a work item with its links to the work items that are still there.
fn restore(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let body: Restoration = call.json("payload")?;
    let (project, at) = deleted(organization, call)?;
    let by = writer(organization, call)?;
    if body.is_deleted != Some(false) {
        return Err(refusals::bad_argument("Only IsDeleted can be changed, and only to false."));
    }
    let held = &mut organization.projects[project];
    let (mut item, ..) = held.deleted_work_items.remove(at);
    item.keep_revision();
    item.rev += 1;
    let there = |organization: &Organization, link: &Value| match link["url"].as_str().and_then(work_item_of)
    {
        Some(id) => organization.projects.iter().any(|held| held.work_items.iter().any(|one| one.id == id)),
        None => true,
    };
    item.relations = item.relations.iter().filter(|link| there(organization, link)).cloned().collect();
    let now = organization.now();
    let deleted = (item.clone(), now, by);
    let value = shape(organization, call, project, &deleted);
    let held = &mut organization.projects[project].work_items;
    // The list is in the order of the identifiers.
    let place = held.iter().position(|known| known.id > item.id).unwrap_or(held.len());
    held.insert(place, item);
    links::mirror(organization, call, (project, place), &[]);
    Ok(Response::ok(&value))
}

fn destroy(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let (project, at) = deleted(organization, call)?;
    writer(organization, call)?;
    organization.projects[project].deleted_work_items.remove(at);
    Ok(Response::new(StatusCode::NO_CONTENT, Content::None, ""))
}
