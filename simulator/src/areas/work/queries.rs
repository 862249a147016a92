//! Saved queries and their folders, below *My Queries* and *Shared Queries*.
//!
//! The members follow the published description of work item tracking 7.1. The roots are always there; what is below *My
//! Queries* only its owner sees.

use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::Value;
use serde_json::json;
use uuid::Uuid;

use super::query_shapes;
use super::query_shapes::Shown;
use super::wiql;
use super::work_items::WORK;
use super::work_items::WORK_WRITE;
use super::work_items::project;
use super::work_items::writer;
use crate::areas::service_areas;
use crate::areas::shapes;
use crate::auth::Permission;
use crate::auth::RequiredPermissions;
use crate::choice::ERROR_POLICY;
use crate::choice::QUERY_EXPAND;
use crate::choice::chosen;
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
use crate::state::work::SavedQuery;

const QUERIES: ApiResource = ApiResource::new(
    &service_areas::WIT,
    "a67d190c-c41f-424b-814d-0e906f659301",
    "queries",
    "wit/queries/{*query}",
    2,
);
const QUERIES_BATCH: ApiResource = ApiResource::new(
    &service_areas::WIT,
    "549816f9-09b0-4e75-9e81-01fbfcd07426",
    "queriesBatch",
    "wit/queriesBatch",
    1,
);
const SAVED_WIQL: ApiResource =
    ApiResource::new(&service_areas::WIT, "a02355f5-5f8a-4671-8e32-369d23aac83d", "wiql", "wit/wiql/{id}", 2);
const READ: RequiredPermissions = RequiredPermissions::READ_WORK;
const WRITE: RequiredPermissions =
    RequiredPermissions::All(&[Permission::ReadProject, Permission::WorkItemRead, Permission::WorkItemWrite]);

pub(in crate::areas) const ROUTES: &[Route] = &[
    Route::new(&QUERIES, "GET", "wit/queries", WORK, READ, roots),
    Route::new(&QUERIES, "GET", "wit/queries/{*query}", WORK, READ, get),
    Route::new(&QUERIES, "POST", "wit/queries/{*query}", WORK_WRITE, WRITE, create),
    Route::new(&QUERIES, "PATCH", "wit/queries/{*query}", WORK_WRITE, WRITE, update),
    Route::new(&QUERIES, "DELETE", "wit/queries/{*query}", WORK_WRITE, WRITE, delete),
    Route::new(&QUERIES_BATCH, "POST", "wit/queriesbatch", WORK, READ, batch),
    Route::new(&SAVED_WIQL, "GET", "wit/wiql/{id}", WORK, READ, run).recorded().at(Placement::Anywhere),
];

/// The maximum depth of a list.
const DEEPEST: usize = 2;

/// What a path or an identifier leads to.
enum Place {
    /// *Shared Queries*, or otherwise *My Queries*.
    Root(bool),
    /// The position of a query or folder.
    Item(usize),
}

/// Returns the position of the project in the path, whose queries the caller may read.
fn held(organization: &Organization, call: &Call<'_>) -> Result<usize, Response> {
    let position = project(organization, call)?.ok_or_else(|| refusals::body_missing("project"))?;
    if shapes::denied(organization, call, Permission::WorkItemRead) {
        return Err(refusals::query_not_found(&call.captured.join("/")));
    }
    Ok(position)
}

/// Returns whether the caller may see a query.
fn is_visible(call: &Call<'_>, query: &SavedQuery) -> bool {
    query.is_public || call.user.unwrap_or(0) == query.owner
}

/// Returns what a path (`Shared Queries/Folder/Query`) or an identifier leads to.
fn locate(call: &Call<'_>, project: &Project, typed: &str, with_deleted: bool) -> Result<Place, Response> {
    let missing = || refusals::query_not_found(typed);
    let by_id = Uuid::try_parse(typed).ok();
    for is_public in [true, false] {
        if by_id == Some(query_shapes::root(project, is_public)) {
            return Ok(Place::Root(is_public));
        }
    }
    let visible = |query: &SavedQuery| is_visible(call, query) && (with_deleted || !query.is_deleted);
    if by_id.is_some() {
        let found = project.queries.iter().position(|query| Some(query.id) == by_id && visible(query));
        return found.map(Place::Item).ok_or_else(missing);
    }
    let mut parts = typed.split('/').filter(|part| !part.is_empty());
    let first = parts.next().ok_or_else(missing)?;
    let roots = [true, false];
    let is_public = roots.into_iter().find(|one| names::same(query_shapes::root_name(*one), first));
    let is_public = is_public.ok_or_else(missing)?;
    let mut place = Place::Root(is_public);
    let mut parent = query_shapes::root(project, is_public);
    for part in parts {
        let fits =
            |query: &SavedQuery| query.parent == parent && names::same(&query.name, part) && visible(query);
        let found = project.queries.iter().position(fits).ok_or_else(missing)?;
        parent = project.queries[found].id;
        place = Place::Item(found);
    }
    Ok(place)
}

/// What the query string asks for.
fn shown<'a>(
    organization: &'a Organization,
    call: &'a Call<'a>,
    project: usize,
) -> Result<Shown<'a>, Response> {
    let depth = call.number("$depth").unwrap_or(0);
    if depth > DEEPEST {
        return Err(refusals::bad_argument(&format!("The $depth {depth} is more than {DEEPEST}.")));
    }
    let expand = QUERY_EXPAND.name(call.query("$expand").unwrap_or("none"));
    Ok(Shown {
        organization,
        call,
        project: &organization.projects[project],
        with_wiql: matches!(expand, "wiql" | "all" | "minimal"),
        with_deleted: call.flag("$includeDeleted"),
    })
}

/// The two roots, or with `$filter` the queries whose name contains a text.
fn roots(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let position = held(organization, call)?;
    let shown = shown(organization, call, position)?;
    let project = &organization.projects[position];
    if let Some(text) = call.query("$filter") {
        let text = text.to_lowercase();
        let fits = |query: &&SavedQuery| {
            query.wiql.is_some()
                && query.name.to_lowercase().contains(&text)
                && is_visible(call, query)
                && (shown.with_deleted || !query.is_deleted)
        };
        let found: Vec<&SavedQuery> = project.queries.iter().filter(fits).collect();
        let top = call.number("$top").unwrap_or(50);
        let value: Vec<Value> = found.iter().take(top).map(|query| shown.query(query, 0)).collect();
        let more = found.len() > top;
        return Ok(Response::ok(&json!({ "count": value.len(), "value": value, "hasMore": more })));
    }
    let depth = call.number("$depth").unwrap_or(0);
    Ok(Response::list([false, true].into_iter().map(|is_public| shown.root(is_public, depth)).collect()))
}

fn get(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let position = held(organization, call)?;
    let shown = shown(organization, call, position)?;
    let depth = call.number("$depth").unwrap_or(0);
    let typed = call.captured.join("/");
    let value = match locate(call, shown.project, &typed, shown.with_deleted)? {
        Place::Root(is_public) => shown.root(is_public, depth),
        Place::Item(at) => shown.query(&shown.project.queries[at], depth),
    };
    Ok(Response::ok(&value))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct QueryBody {
    /// Of a query that is moved.
    id: Option<Uuid>,
    name: Option<String>,
    wiql: Option<String>,
    #[serde(default)]
    is_folder: Option<bool>,
    #[serde(default)]
    is_deleted: Option<bool>,
}

/// Returns the position of the project in the path, if the caller may also edit.
fn writable(organization: &Organization, call: &Call<'_>) -> Result<usize, Response> {
    let position = held(organization, call)?;
    writer(organization, call)?;
    Ok(position)
}

/// Refuses a name that another query of the folder has.
fn free(project: &Project, parent: Uuid, name: &str, own: Option<Uuid>) -> Result<(), Response> {
    let mut others = project.queries.iter().filter(|query| query.parent == parent && Some(query.id) != own);
    if name.trim().is_empty() || name.contains(['/', '\\']) {
        return Err(refusals::bad_argument(&format!("The name '{name}' is not valid for a query.")));
    }
    if others.any(|query| names::same(&query.name, name) && !query.is_deleted) {
        return Err(refusals::query_exists(name));
    }
    Ok(())
}

/// Creates a query or a folder in the folder in the path, or moves the one with the identifier in the body there.
fn create(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let body: QueryBody = call.json("postedQuery")?;
    let position = writable(organization, call)?;
    let project = &organization.projects[position];
    let typed = call.captured.join("/");
    let (parent, is_public) = match locate(call, project, &typed, false)? {
        Place::Root(is_public) => (query_shapes::root(project, is_public), is_public),
        Place::Item(at) if project.queries[at].wiql.is_none() => {
            (project.queries[at].id, project.queries[at].is_public)
        }
        Place::Item(_) => return Err(refusals::bad_argument(&format!("'{typed}' is not a folder."))),
    };
    let (now, user) = (organization.now(), call.user.unwrap_or(0));
    let moved = body.id.filter(|_| body.name.is_none());
    if let Some(id) = moved {
        let project = &organization.projects[position];
        let Place::Item(at) = locate(call, project, &id.to_string(), false)? else {
            return Err(refusals::query_is_a_root());
        };
        free(project, parent, &project.queries[at].name, Some(id))?;
        let query = &mut organization.projects[position].queries[at];
        (query.parent, query.is_public, query.modified, query.modified_by) = (parent, is_public, now, user);
        return Ok(single(organization, call, position, at, StatusCode::OK));
    }
    let name = body.name.unwrap_or_default();
    free(&organization.projects[position], parent, &name, None)?;
    let wiql = match (body.is_folder, body.wiql) {
        (Some(true), None) => None,
        (_, Some(text)) => {
            wiql::columns(organization, call, &text)?;
            Some(text)
        }
        (_, None) => return Err(refusals::body_missing("postedQuery.Wiql")),
    };
    let held = &mut organization.projects[position].queries;
    held.push(SavedQuery {
        id: Uuid::new_v4(),
        name,
        parent,
        wiql,
        is_public,
        owner: user,
        created: now,
        modified_by: user,
        modified: now,
        is_deleted: false,
    });
    let at = held.len() - 1;
    Ok(single(organization, call, position, at, StatusCode::CREATED))
}

/// A query with its text, as the responses to changes have it.
fn single(
    organization: &Organization,
    call: &Call<'_>,
    project: usize,
    at: usize,
    status: StatusCode,
) -> Response {
    let project = &organization.projects[project];
    let shown = Shown { organization, call, project, with_wiql: true, with_deleted: true };
    Response::json(status, &shown.query(&project.queries[at], 0))
}

/// Changes the name or the text, or restores a deleted query.
fn update(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let body: QueryBody = call.json("queryUpdate")?;
    let position = writable(organization, call)?;
    let restores = body.is_deleted == Some(false);
    let project = &organization.projects[position];
    let Place::Item(at) = locate(call, project, &call.captured.join("/"), restores)? else {
        return Err(refusals::query_is_a_root());
    };
    let query = &project.queries[at];
    let name = body.name.unwrap_or_else(|| query.name.clone());
    free(project, query.parent, &name, Some(query.id))?;
    if let Some(text) = &body.wiql {
        if query.wiql.is_none() {
            return Err(refusals::bad_argument(&format!("'{}' is a folder.", query.name)));
        }
        wiql::columns(organization, call, text)?;
    }
    let (now, user) = (organization.now(), call.user.unwrap_or(0));
    let query = &mut organization.projects[position].queries[at];
    query.name = name;
    query.wiql = body.wiql.or(query.wiql.take());
    query.is_deleted = query.is_deleted && !restores;
    (query.modified, query.modified_by) = (now, user);
    Ok(single(organization, call, position, at, StatusCode::OK))
}

/// Deletes a query, or a folder with all that is in it. A deleted query can be restored.
fn delete(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let position = writable(organization, call)?;
    let project = &mut organization.projects[position];
    let Place::Item(at) = locate(call, project, &call.captured.join("/"), false)? else {
        return Err(refusals::query_is_a_root());
    };
    let mut open = vec![project.queries[at].id];
    while let Some(id) = open.pop() {
        for query in &mut project.queries {
            query.is_deleted |= query.id == id;
            if query.parent == id && !query.is_deleted {
                open.push(query.id);
            }
        }
    }
    Ok(Response::new(StatusCode::NO_CONTENT, Content::None, ""))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Batch {
    ids: Vec<Uuid>,
    #[serde(default, rename = "$expand", deserialize_with = "chosen")]
    expand: Option<String>,
    #[serde(default, deserialize_with = "chosen")]
    error_policy: Option<String>,
}

/// Several queries by their identifiers. With `omit`, those that are not visible are left out.
fn batch(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let body: Batch = call.json("queryGetRequest")?;
    let position = held(organization, call)?;
    let expand = QUERY_EXPAND.name(body.expand.as_deref().unwrap_or("none"));
    let omits = body.error_policy.as_deref().map(|policy| ERROR_POLICY.name(policy)) == Some("omit");
    let project = &organization.projects[position];
    let with_wiql = matches!(expand, "wiql" | "all" | "minimal");
    let shown = Shown { organization, call, project, with_wiql, with_deleted: false };
    let mut value = Vec::new();
    for id in body.ids {
        match locate(call, project, &id.to_string(), false) {
            Ok(Place::Root(is_public)) => value.push(shown.root(is_public, 0)),
            Ok(Place::Item(at)) => value.push(shown.query(&project.queries[at], 0)),
            Err(_) if omits => {}
            Err(refusal) => return Err(refusal),
        }
    }
    Ok(Response::list(value))
}

/// The result of a saved query, in its own project if the path has none.
fn run(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let named = project(organization, call)?;
    let id = call.captured[0];
    let readable = [Permission::ReadProject, Permission::WorkItemRead]
        .into_iter()
        .all(|permission| !shapes::denied(organization, call, permission));
    let held = organization.projects.iter().enumerate();
    let mut held = held.filter(|(at, _)| readable && named.is_none_or(|named| named == *at));
    let found = held.find_map(|(at, held)| {
        let fits = |query: &&SavedQuery| {
            query.id.to_string().eq_ignore_ascii_case(id) && !query.is_deleted && is_visible(call, query)
        };
        Some((at, held.queries.iter().find(fits)?.wiql.clone()?))
    });
    let (project, text) = found.ok_or_else(|| refusals::query_not_found(id))?;
    wiql::result(organization, call, Some(project), &text)
}
