//! Work items: read, made and changed by documents of changes, and what their types are.

use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::Value;
use serde_json::json;

use super::Place;
use super::Route;
use super::Takes;
use super::shapes;
use crate::answer::Answer;
use crate::answer::Outcome;
use crate::call::Call;
use crate::choice::ERROR_POLICY;
use crate::choice::WORK_ITEM_EXPAND;
use crate::choice::chosen;
use crate::names;
use crate::permissions::Permission;
use crate::refusals;
use crate::state::Organization;
use crate::state::Unseen;
use crate::state::work_items::Field;
use crate::state::work_items::TYPES;
use crate::state::work_items::WorkItem;
use crate::state::work_items::known;
use crate::state::work_items::tags;
use crate::state::work_items::writable;

pub(super) const WORK: &[&str] = &["vso.work"];
pub(super) const WORK_WRITE: &[&str] = &["vso.work_write"];

/// How many work items can be asked for at once.
const MOST: usize = 200;

pub(super) const ROUTES: &[Route] = &[
    Route { place: Place::Either, ..Route::of("GET", "wit/workitems/{id}", WORK, Takes::READ_WORK, get) },
    Route { place: Place::Either, ..Route::of("GET", "wit/workitems", WORK, Takes::READ_WORK, list) },
    Route { place: Place::Either, ..Route::of("POST", "wit/workitemsbatch", WORK, Takes::READ_WORK, batch) },
    Route::of(
        "POST",
        "wit/workitems/${type}",
        WORK_WRITE,
        Takes::All(&[Permission::ReadProject, Permission::WorkItemWrite]),
        create,
    ),
    Route {
        place: Place::Either,
        ..Route::of(
            "PATCH",
            "wit/workitems/{id}",
            WORK_WRITE,
            Takes::All(&[Permission::ReadProject, Permission::WorkItemRead, Permission::WorkItemWrite]),
            update,
        )
    },
    Route::of("GET", "wit/workitemtypes", WORK, Takes::SEE_PROJECT, types),
];

/// The project that the path names, if it names one.
pub(super) fn project(organization: &Organization, call: &Call<'_>) -> Result<Option<usize>, Answer> {
    let name = call.target.project.as_deref();
    name.map(|name| shapes::project_position(organization, call, name, StatusCode::NOT_FOUND)).transpose()
}

/// Positions of project and work item. Identifiers count through the whole organization.
fn locate(organization: &Organization, call: &Call<'_>, id: &str) -> Result<(usize, usize), Answer> {
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
        "url": url,
    });
    let expand = WORK_ITEM_EXPAND.name(expand);
    let expands = |what: &str| [what, "all"].contains(&expand);
    if expands("relations") && !item.relations.is_empty() {
        value["relations"] = json!(item.relations);
    }
    if expands("links") {
        let page = format!("{}/_workitems/edit/{}", call.base, item.id);
        value["_links"] = json!({ "self": { "href": url }, "html": { "href": page } });
    }
    value
}

fn shown(organization: &Organization, call: &Call<'_>, (project, at): (usize, usize)) -> Answer {
    let fields: Vec<&str> = call.query("fields").map(|text| text.split(',').collect()).unwrap_or_default();
    let item = &organization.projects[project].work_items[at];
    Answer::ok(&shape(organization, call, item, &fields, call.query("$expand").unwrap_or_default()))
}

fn get(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let place = locate(organization, call, call.captured[0])?;
    Ok(shown(organization, call, place))
}

/// Several by their identifiers; with `omit` what cannot be seen is null.
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
    Ok(Answer::list(shown.collect::<Result<_, _>>()?))
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
    Ok(Answer::list(shown.collect()))
}

#[derive(Deserialize)]
struct Operation {
    op: String,
    path: String,
    #[serde(default)]
    value: Value,
}

/// The document of changes, if it came as one.
fn document(call: &Call<'_>) -> Result<Vec<Operation>, Answer> {
    if !call.content_type.to_ascii_lowercase().starts_with("application/json-patch+json") {
        return Err(refusals::media_not_supported(call.content_type));
    }
    let operations: Vec<Operation> = call.json_list("patchDocument")?;
    if operations.is_empty() { Err(refusals::body_missing("patchDocument")) } else { Ok(operations) }
}

/// Who may not write work items is told so.
pub(super) fn writer(organization: &Organization, call: &Call<'_>) -> Result<usize, Answer> {
    if shapes::denied(organization, call, Permission::WorkItemWrite) {
        return Err(refusals::needs_work_item_permission());
    }
    Ok(call.user.unwrap_or(0))
}

fn create(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let operations = document(call)?;
    let Some(project) = project(organization, call)? else { return Err(refusals::body_missing("project")) };
    let wanted = call.captured[0];
    let Some((name, states)) = TYPES.iter().find(|(name, _)| names::same(name, wanted)) else {
        return Err(refusals::work_item_type_not_found(
            wanted,
            &organization.projects[project].id.to_string(),
        ));
    };
    let user = writer(organization, call)?;
    let now = Field::Plain(json!(shapes::moment(organization.now())));
    let root = Field::Plain(json!(organization.projects[project].name));
    let text = |text: &str| Field::Plain(json!(text));
    let fields = [
        ("System.TeamProject", root.clone()),
        ("System.AreaPath", root.clone()),
        ("System.IterationPath", root),
        ("System.WorkItemType", text(name)),
        ("System.State", text(states[0])),
        ("System.Reason", text("New")),
        ("System.CreatedBy", Field::User(user)),
        ("System.CreatedDate", now.clone()),
        ("System.ChangedBy", Field::User(user)),
        ("System.ChangedDate", now),
        ("System.CommentCount", Field::Plain(json!(0))),
        ("Microsoft.VSTS.Common.Priority", Field::Plain(json!(2))),
    ];
    let fields = fields.into_iter().map(|(name, field)| (name.to_owned(), field)).collect();
    let unseen = Unseen::new(organization.settings.switches.invisible_for);
    let mut item = WorkItem { id: 0, rev: 1, fields, relations: Vec::new(), unseen };
    apply(organization, &mut item, operations)?;
    if !item.fields.contains_key("System.Title") {
        return Err(refusals::work_item_rule("Title", "Required"));
    }
    item.id = organization.next_work_item_id();
    let held = &mut organization.projects[project].work_items;
    held.push(item);
    let at = held.len() - 1;
    Ok(shown(organization, call, (project, at)))
}

fn update(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let operations = document(call)?;
    let (project, at) = locate(organization, call, call.captured[0])?;
    let user = writer(organization, call)?;
    let now = shapes::moment(organization.now());
    let there = &organization.projects[project].work_items[at];
    let (mut fields, relations) = (there.fields.clone(), there.relations.clone());
    fields.remove("System.History");
    let mut item = WorkItem { id: there.id, rev: there.rev, fields, relations, unseen: there.unseen.clone() };
    apply(organization, &mut item, operations)?;
    item.rev += 1;
    item.fields.insert("System.ChangedBy".to_owned(), Field::User(user));
    item.fields.insert("System.ChangedDate".to_owned(), Field::Plain(json!(now)));
    organization.projects[project].work_items[at] = item;
    Ok(shown(organization, call, (project, at)))
}

/// Carries a document of changes out: all of it, or the refusal says at what it failed.
fn apply(organization: &Organization, item: &mut WorkItem, operations: Vec<Operation>) -> Result<(), Answer> {
    for Operation { op, path, value } in operations {
        match (op.to_ascii_lowercase().as_str(), path.as_str()) {
            ("test", "/rev") if value == json!(item.rev) => {}
            ("test", "/rev") => return Err(refusals::work_item_changed(item.rev, &value.to_string())),
            ("add", "/relations/-") if value["rel"].is_string() && value["url"].is_string() => {
                item.relations.push(value);
            }
            ("add" | "replace" | "remove", path) if path.starts_with("/fields/") => {
                let name = &path["/fields/".len()..];
                let Some(name) = writable(name) else { return Err(refusals::field_not_found(name)) };
                match field(organization, item, &name, &value)? {
                    Some(field) if op != "remove" => item.fields.insert(name, field),
                    _ => item.fields.remove(&name),
                };
            }
            _ => {
                return Err(refusals::bad_argument(&format!(
                    "The operation '{op}' on '{path}' is not supported."
                )));
            }
        }
    }
    Ok(())
}

/// The value of a field as it is kept; none when it is emptied.
fn field(
    organization: &Organization,
    item: &mut WorkItem,
    name: &str,
    value: &Value,
) -> Result<Option<Field>, Answer> {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    if value.is_null() || text.is_empty() {
        return Ok(None);
    }
    let plain = |text: &str| Ok(Some(Field::Plain(json!(text))));
    let label = name.rsplit('.').next().unwrap_or(name);
    match name {
        "System.AssignedTo" => {
            let called = |user: &crate::state::User| {
                names::same(&user.name, &text)
                    || names::same(&user.email, &text)
                    || user.id.to_string() == text
            };
            let found = organization.users.iter().position(called);
            found.map(|at| Some(Field::User(at))).ok_or_else(|| refusals::unknown_identity(&text))
        }
        "System.State" => {
            let Some(Field::Plain(kind)) = item.fields.get("System.WorkItemType") else {
                return plain(&text);
            };
            let states =
                TYPES.iter().find(|(known, _)| *kind == json!(known)).map_or(&[][..], |(_, states)| states);
            let state = states.iter().find(|state| names::same(state, &text));
            state
                .map(|state| Some(Field::Plain(json!(state))))
                .ok_or_else(|| refusals::work_item_rule("State", "InvalidListValue"))
        }
        "System.AreaPath" | "System.IterationPath" => {
            let root = match item.fields.get("System.TeamProject") {
                Some(Field::Plain(root)) => root.as_str().unwrap_or_default().to_lowercase(),
                _ => String::new(),
            };
            let wanted = text.to_lowercase();
            match wanted == root || wanted.starts_with(&format!("{root}\\")) {
                true => plain(&text),
                false => Err(refusals::invalid_tree_path(name)),
            }
        }
        "System.Tags" => plain(&tags(&text)),
        "System.History" => {
            let count = match item.fields.get("System.CommentCount") {
                Some(Field::Plain(count)) => count.as_u64().unwrap_or(0) + 1,
                _ => 1,
            };
            item.fields.insert("System.CommentCount".to_owned(), Field::Plain(json!(count)));
            plain(&text)
        }
        "Microsoft.VSTS.Common.Priority" => match text.parse::<u32>() {
            Ok(number @ 1..=4) => Ok(Some(Field::Plain(json!(number)))),
            _ => Err(refusals::work_item_rule(label, "InvalidListValue")),
        },
        _ => plain(&text),
    }
}

/// Whether a query may speak of a field.
pub(super) fn is_known(name: &str) -> bool {
    known(name).is_some()
}
