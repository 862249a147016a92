//! Work items: get, alone or several at once, and their types.

use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::Value;
use serde_json::json;

use crate::areas::service_areas;
use crate::areas::shapes;
use crate::auth::Permission;
use crate::auth::RequiredPermissions;
use crate::choice::ERROR_POLICY;
use crate::choice::WORK_ITEM_EXPAND;
use crate::choice::chosen;
use crate::http::Call;
use crate::http::Outcome;
use crate::http::Response;
use crate::http::refusals;
use crate::http::response::percent_encoded;
use crate::names;
use crate::route::ApiResource;
use crate::route::Placement;
use crate::route::Route;
use crate::state::Organization;
use crate::state::work::Field;
use crate::state::work::TYPES;
use crate::state::work::WorkItem;
use crate::state::work::work_items::known;

pub(super) const WORK: &[&str] = &["vso.work"];
pub(super) const WORK_WRITE: &[&str] = &["vso.work_write"];

/// The maximum number of work items in a request.
const MOST: usize = 200;

pub(super) const WORK_ITEMS: ApiResource = ApiResource::new(
    &service_areas::WIT,
    "72c7ddf8-2cdc-4f60-90cd-ab71c14a399b",
    "workItems",
    "wit/workItems/{id}",
    3,
);
const REVISIONS: ApiResource = ApiResource::new(
    &service_areas::WIT,
    "a00c85a5-80fa-4565-99c3-bcd2181434bb",
    "revisions",
    "wit/workItems/{id}/revisions/{revisionNumber}",
    3,
);
const WORK_ITEMS_BATCH: ApiResource = ApiResource::new(
    &service_areas::WIT,
    "908509b6-4248-4475-a1cd-829139ba419f",
    "workItemsBatch",
    "wit/workItemsBatch",
    1,
);
const WORK_ITEM_TYPES: ApiResource = ApiResource::new(
    &service_areas::WIT,
    "7c8d7a76-4a09-43e8-b5df-bd792f4ac6aa",
    "workItemTypes",
    "wit/workItemTypes/{type}",
    2,
);

pub(in crate::areas) const ROUTES: &[Route] = &[
    Route::new(&WORK_ITEMS, "GET", "wit/workitems/{id}", WORK, RequiredPermissions::READ_WORK, get)
        .at(Placement::Either),
    Route::new(
        &REVISIONS,
        "GET",
        "wit/workitems/{id}/revisions/{revision}",
        WORK,
        RequiredPermissions::READ_WORK,
        revision,
    )
    .at(Placement::Either),
    Route::new(&WORK_ITEMS, "GET", "wit/workitems", WORK, RequiredPermissions::READ_WORK, list)
        .at(Placement::Either),
    Route::new(&WORK_ITEMS_BATCH, "POST", "wit/workitemsbatch", WORK, RequiredPermissions::READ_WORK, batch)
        .at(Placement::Either),
    Route::new(&WORK_ITEM_TYPES, "GET", "wit/workitemtypes", WORK, RequiredPermissions::SEE_PROJECT, types),
];

/// Returns the position of the project in the path, if there is one.
pub(super) fn project(organization: &Organization, call: &Call<'_>) -> Result<Option<usize>, Response> {
    let name = call.target.project.as_deref();
    name.map(|name| shapes::project_position(organization, call, name, StatusCode::NOT_FOUND)).transpose()
}

/// Returns the positions of project and work item. Identifiers are unique in the organization.
pub(super) fn locate(
    organization: &Organization,
    call: &Call<'_>,
    id: &str,
) -> Result<(usize, usize), Response> {
    project(organization, call)?;
    let readable = [Permission::ReadProject, Permission::WorkItemRead]
        .into_iter()
        .all(|permission| !shapes::denied(organization, call, permission));
    let found = organization.projects.iter().enumerate().find_map(|(project, held)| {
        let at = held.work_items.iter().position(|one| one.id.to_string() == id)?;
        held.work_items[at].unseen.look().then_some((project, at))
    });
    found.filter(|_| readable).ok_or_else(|| refusals::work_item_not_found(id))
}

fn shape(
    organization: &Organization,
    call: &Call<'_>,
    item: &WorkItem,
    fields: &[&str],
    expand: &str,
) -> Value {
    let wanted = |name: &str| fields.is_empty() || fields.iter().any(|known| names::same(known, name));
    let shown = item.fields.iter().filter(|(name, _)| wanted(name)).map(|(name, field)| {
        let value = match field {
            Field::Plain(value) => value.clone(),
            Field::User(at) => shapes::user(call, &organization.users[*at]),
        };
        (name.clone(), value)
    });
    let url = format!("{}/_apis/wit/workItems/{}", call.base, item.id);
    let mut value = json!({
        "id": item.id,
        "rev": item.rev,
        "fields": shown.collect::<serde_json::Map<_, _>>(),
        "multilineFieldsFormat": item.formats,
        "url": url,
    });
    let expand = WORK_ITEM_EXPAND.name(expand);
    let expands = |what: &str| [what, "all"].contains(&expand);
    if expands("relations") && !item.relations.is_empty() {
        value["relations"] = json!(item.relations);
    }
    if expands("links") {
        let page = format!("{}/_workitems/edit/{}", call.base, item.id);
        let kind = match item.fields.get("System.WorkItemType") {
            Some(Field::Plain(kind)) => kind.as_str().unwrap_or_default(),
            _ => "",
        };
        let part = |name: &str| json!({ "href": format!("{url}/{name}") });
        value["_links"] = json!({
            "self": { "href": url },
            "workItemUpdates": part("updates"),
            "workItemRevisions": part("revisions"),
            "workItemComments": part("comments"),
            "html": { "href": page },
            "workItemType": { "href": format!("{}/_apis/wit/workItemTypes/{}", call.base, percent_encoded(kind)) },
            "fields": { "href": format!("{}/_apis/wit/fields", call.base) },
        });
    }
    value
}

pub(super) fn shown(organization: &Organization, call: &Call<'_>, (project, at): (usize, usize)) -> Response {
    let fields: Vec<&str> = call.query("fields").map(|text| text.split(',').collect()).unwrap_or_default();
    let item = &organization.projects[project].work_items[at];
    Response::ok(&shape(organization, call, item, &fields, call.query("$expand").unwrap_or_default()))
}

fn get(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let place = locate(organization, call, call.captured[0])?;
    Ok(shown(organization, call, place))
}

/// A work item as it was in one of its revisions.
fn revision(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let (project, at) = locate(organization, call, call.captured[0])?;
    let item = &organization.projects[project].work_items[at];
    let number = call.captured[1].parse::<u32>().ok().filter(|number| (1..=item.rev).contains(number));
    let Some(rev) = number else {
        return Err(refusals::work_item_not_found(&format!("{}/{}", call.captured[0], call.captured[1])));
    };
    let fields = item.earlier.get(&rev).unwrap_or(&item.fields).clone();
    let formats = item.earlier_formats.get(&rev).unwrap_or(&item.formats).clone();
    let item = WorkItem { rev, fields, formats, ..item.clone() };
    Ok(Response::ok(&shape(organization, call, &item, &[], call.query("$expand").unwrap_or_default())))
}

/// Returns several work items by their identifiers. With `omit`, those that are not visible are null.
fn several(
    organization: &Organization,
    call: &Call<'_>,
    ids: &[String],
    fields: &[&str],
    expand: &str,
    omit: bool,
) -> Outcome {
    if ids.len() > MOST {
        return Err(refusals::too_many_work_items(ids.len(), MOST));
    }
    let shown = ids.iter().map(|id| match locate(organization, call, id) {
        Ok((project, at)) => {
            Ok(shape(organization, call, &organization.projects[project].work_items[at], fields, expand))
        }
        Err(_) if omit => Ok(Value::Null),
        Err(refusal) => Err(refusal),
    });
    Ok(Response::list(shown.collect::<Result<_, _>>()?))
}

fn list(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let parts = |name: &str| -> Vec<&str> {
        call.query(name).map(|text| text.split(',').collect()).unwrap_or_default()
    };
    let ids: Vec<String> = parts("ids").into_iter().map(str::to_owned).collect();
    let omit = call.query("errorPolicy").is_some_and(|policy| ERROR_POLICY.name(policy) == "omit");
    several(organization, call, &ids, &parts("fields"), call.query("$expand").unwrap_or_default(), omit)
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Batch {
    ids: Vec<u32>,
    #[serde(default)]
    fields: Option<Vec<String>>,
    #[serde(default, rename = "$expand", deserialize_with = "chosen")]
    expand: Option<String>,
    #[serde(default, deserialize_with = "chosen")]
    error_policy: Option<String>,
}

fn batch(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let body: Batch = call.json("workItemGetRequest")?;
    let ids: Vec<String> = body.ids.iter().map(u32::to_string).collect();
    let fields: Vec<&str> = body.fields.iter().flatten().map(String::as_str).collect();
    let omit = body.error_policy.is_some_and(|policy| ERROR_POLICY.name(&policy) == "omit");
    several(organization, call, &ids, &fields, body.expand.as_deref().unwrap_or_default(), omit)
}

fn types(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    project(organization, call)?;
    let shown = TYPES.iter().map(|(name, states)| {
        let states: Vec<Value> = states.iter().map(|state| json!({ "name": state })).collect();
        json!({ "name": name, "referenceName": format!("Microsoft.VSTS.WorkItemTypes.{}", name.replace(' ', "")), "states": states })
    });
    Ok(Response::list(shown.collect()))
}

/// Refuses a caller who may not edit work items.
pub(super) fn writer(organization: &Organization, call: &Call<'_>) -> Result<usize, Response> {
    if shapes::denied(organization, call, Permission::WorkItemWrite) {
        return Err(refusals::needs_work_item_permission());
    }
    Ok(call.user.unwrap_or(0))
}

/// Returns whether a query may refer to a field.
pub(super) fn is_known(name: &str) -> bool {
    known(name).is_some()
}
