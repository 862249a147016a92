//! Work items: get, alone or several at once, and their types.

use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::Value;
use serde_json::json;
use time::OffsetDateTime;

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
use crate::state::work::WorkItem;
use crate::state::work::links;
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
pub(in crate::areas) const ROUTES: &[Route] = &[
    Route::new(&WORK_ITEMS, "GET", "wit/workitems/{id}", WORK, RequiredPermissions::READ_WORK, get)
        .recorded()
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
        .recorded()
        .at(Placement::Either),
    Route::new(&WORK_ITEMS_BATCH, "POST", "wit/workitemsbatch", WORK, RequiredPermissions::READ_WORK, batch)
        .at(Placement::Either),
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
    locate_anywhere(organization, id).filter(|_| readable).ok_or_else(|| refusals::work_item_not_found(id))
}

/// Returns the positions of project and work item, without a check of permissions.
pub(in crate::areas) fn locate_anywhere(organization: &Organization, id: &str) -> Option<(usize, usize)> {
    organization.projects.iter().enumerate().find_map(|(project, held)| {
        let at = held.work_items.iter().position(|one| one.id.to_string() == id)?;
        held.work_items[at].unseen.look().then_some((project, at))
    })
}

/// How much of a work item a response shows.
#[derive(Clone, Copy)]
struct View<'a> {
    /// The named fields; none for all that are stored.
    fields: &'a [&'a str],
    /// In the service's words or as a number.
    expand: &'a str,
    /// Whether it is alone: only then it has links without being asked for.
    is_single: bool,
}

fn shape(organization: &Organization, call: &Call<'_>, item: &WorkItem, view: View<'_>) -> Value {
    let expand = WORK_ITEM_EXPAND.name(view.expand);
    let expands = |what: &str| [what, "all"].contains(&expand);
    let wanted =
        |name: &str| view.fields.is_empty() || view.fields.iter().any(|known| names::same(known, name));
    let stored = item.fields.iter().map(|(name, field)| {
        let value = match field {
            Field::Plain(value) => value.clone(),
            Field::User(at) => shapes::user(call, &organization.users[*at]),
        };
        (name.clone(), value)
    });
    let mut shown: serde_json::Map<_, _> = stored.filter(|(name, _)| wanted(name)).collect();
    // Fields that the service computes are shown only on request.
    if !view.fields.is_empty() || expands("fields") {
        shown.extend(computed(organization, call, item).into_iter().filter(|(name, _)| wanted(name)));
    }
    let url = format!("{}/_apis/wit/workItems/{}", call.base, item.id);
    let mut value = json!({
        "id": item.id,
        "rev": item.rev,
        "fields": shown,
        "url": url,
    });
    // A list of named fields has no more than these.
    if view.is_single || view.fields.is_empty() {
        value["multilineFieldsFormat"] = json!(item.formats);
    }
    if expands("relations") && !item.relations.is_empty() {
        value["relations"] = json!(item.relations);
    }
    if view.is_single || expands("links") {
        let kind = match item.fields.get("System.WorkItemType") {
            Some(Field::Plain(kind)) => kind.as_str().unwrap_or_default(),
            _ => "",
        };
        let part = |name: &str| format!("{url}/{name}");
        let kind = format!("{}/_apis/wit/workItemTypes/{}", call.base, percent_encoded(kind));
        value["_links"] = shapes::links([
            ("self", url.clone()),
            ("workItemUpdates", part("updates")),
            ("workItemRevisions", part("revisions")),
            ("workItemComments", part("comments")),
            ("html", format!("{}/_workitems/edit/{}", call.base, item.id)),
            ("workItemType", kind),
            ("fields", format!("{}/_apis/wit/fields", call.base)),
        ]);
    }
    value
}

/// The fields that follow from others: the parts of the paths, and what identifies the revision.
fn computed(organization: &Organization, call: &Call<'_>, item: &WorkItem) -> Vec<(String, Value)> {
    let text = |name: &str| match item.fields.get(name) {
        Some(Field::Plain(value)) => value.as_str().unwrap_or_default().to_owned(),
        _ => String::new(),
    };
    let mut all = vec![
        ("System.Id".to_owned(), json!(item.id)),
        ("System.Rev".to_owned(), json!(item.rev)),
        ("System.Watermark".to_owned(), json!(item.id * 1000 + item.rev)),
        ("System.PersonId".to_owned(), json!(1)),
        ("System.AuthorizedDate".to_owned(), json!(text("System.ChangedDate"))),
        ("System.RevisedDate".to_owned(), json!("9999-01-01T00:00:00Z")),
    ];
    if let Some(Field::User(at)) = item.fields.get("System.ChangedBy") {
        all.push(("System.AuthorizedAs".to_owned(), shapes::user(call, &organization.users[*at])));
    }
    for (path, level) in [("System.AreaPath", "Area"), ("System.IterationPath", "Iteration")] {
        let path = text(path);
        for (at, part) in path.split('\\').enumerate() {
            all.push((format!("System.{level}Level{}", at + 1), json!(part)));
        }
        all.push((format!("System.{level}Id"), json!(path.split('\\').count())));
        if level == "Area" {
            all.push(("System.NodeName".to_owned(), json!(path.rsplit('\\').next())));
        }
    }
    let parent = item.relations.iter().find(|link| link["rel"] == "System.LinkTypes.Hierarchy-Reverse");
    if let Some(id) = parent.and_then(|link| links::work_item_of(link["url"].as_str()?)) {
        all.push(("System.Parent".to_owned(), json!(id)));
    }
    all
}

/// A work item with its fields alone, as other records contain it.
pub(super) fn plain(organization: &Organization, call: &Call<'_>, item: &WorkItem) -> Value {
    shape(organization, call, item, View { fields: &[], expand: "", is_single: false })
}

fn alone(organization: &Organization, call: &Call<'_>, item: &WorkItem) -> Response {
    let fields: Vec<&str> = call.query("fields").map(|text| text.split(',').collect()).unwrap_or_default();
    let expand = call.query("$expand").unwrap_or_default();
    Response::ok(&shape(organization, call, item, View { fields: &fields, expand, is_single: true }))
}

/// The response to a change, which shows the links of the work item whatever the query asks for.
pub(super) fn changed(organization: &Organization, call: &Call<'_>, place: (usize, usize)) -> Response {
    let item = &organization.projects[place.0].work_items[place.1];
    let mut value = shape(
        organization,
        call,
        item,
        View { fields: &[], expand: call.query("$expand").unwrap_or_default(), is_single: true },
    );
    if !item.relations.is_empty() {
        value["relations"] = json!(item.relations);
    }
    Response::ok(&value)
}

fn get(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let id = call.captured[0];
    let (project, at) = locate(organization, call, id)?;
    let item = &organization.projects[project].work_items[at];
    let Some(moment) = call.moment("asOf")? else { return Ok(alone(organization, call, item)) };
    let item = item.at(moment).ok_or_else(|| refusals::work_item_not_found(id))?;
    Ok(alone(organization, call, &item))
}

/// A work item as it was in one of its revisions.
fn revision(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let (project, at) = locate(organization, call, call.captured[0])?;
    let item = &organization.projects[project].work_items[at];
    let number = call.captured[1].parse::<u32>().ok().filter(|number| (1..=item.rev).contains(number));
    let Some(rev) = number else {
        return Err(refusals::work_item_not_found(&format!("{}/{}", call.captured[0], call.captured[1])));
    };
    Ok(Response::ok(&at_revision(organization, call, item, rev)))
}

/// A work item as it was in one of its revisions, in the service's form.
pub(super) fn at_revision(organization: &Organization, call: &Call<'_>, item: &WorkItem, rev: u32) -> Value {
    let expand = call.query("$expand").unwrap_or_default();
    shape(organization, call, &item.at_revision(rev), View { fields: &[], expand, is_single: true })
}

/// What a request for several work items asks for.
struct Several<'a> {
    ids: &'a [String],
    fields: &'a [&'a str],
    expand: &'a str,
    /// Whether those that are not visible are null.
    omit: bool,
    /// The time at which they are seen.
    as_of: Option<OffsetDateTime>,
}

fn several(organization: &Organization, call: &Call<'_>, wanted: &Several<'_>) -> Outcome {
    let &Several { ids, fields, expand, omit, as_of } = wanted;
    if ids.len() > MOST {
        return Err(refusals::too_many_work_items(ids.len(), MOST));
    }
    let one = |id: &String| -> Result<Value, Response> {
        let (project, at) = locate(organization, call, id)?;
        let item = &organization.projects[project].work_items[at];
        let then = as_of.map(|moment| item.at(moment).ok_or_else(|| refusals::work_item_not_found(id)));
        let then = then.transpose()?;
        let view = View { fields, expand, is_single: false };
        Ok(shape(organization, call, then.as_ref().unwrap_or(item), view))
    };
    let shown = ids.iter().map(|id| match one(id) {
        Err(_) if omit => Ok(Value::Null),
        shown => shown,
    });
    Ok(Response::list(shown.collect::<Result<_, Response>>()?))
}

fn list(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let parts = |name: &str| -> Vec<&str> {
        call.query(name).map(|text| text.split(',').collect()).unwrap_or_default()
    };
    let ids: Vec<String> = parts("ids").into_iter().map(str::to_owned).collect();
    let omit = call.query("errorPolicy").is_some_and(|policy| ERROR_POLICY.name(policy) == "omit");
    let (fields, expand) = (parts("fields"), call.query("$expand").unwrap_or_default());
    let as_of = call.moment("asOf")?;
    several(organization, call, &Several { ids: &ids, fields: &fields, expand, omit, as_of })
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
    #[serde(default, with = "time::serde::rfc3339::option")]
    as_of: Option<OffsetDateTime>,
}

fn batch(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let body: Batch = call.json("workItemGetRequest")?;
    let ids: Vec<String> = body.ids.iter().map(u32::to_string).collect();
    let fields: Vec<&str> = body.fields.iter().flatten().map(String::as_str).collect();
    let omit = body.error_policy.is_some_and(|policy| ERROR_POLICY.name(&policy) == "omit");
    let expand = body.expand.as_deref().unwrap_or_default();
    several(organization, call, &Several { ids: &ids, fields: &fields, expand, omit, as_of: body.as_of })
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
