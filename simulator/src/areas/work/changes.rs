//! Creating and changing work items with JSON Patch documents.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;
use serde_json::json;

use super::comments;
use super::links;
use super::work_items::WORK;
use super::work_items::WORK_ITEMS;
use super::work_items::WORK_WRITE;
use super::work_items::changed;
use super::work_items::locate;
use super::work_items::project;
use super::work_items::writer;
use crate::areas::service_areas;
use crate::areas::shapes;
use crate::auth::Permission;
use crate::auth::RequiredPermissions;
use crate::choice::FIELD_FORMAT;
use crate::http::Call;
use crate::http::Outcome;
use crate::http::Response;
use crate::http::refusals;
use crate::names;
use crate::route::ApiResource;
use crate::route::Placement;
use crate::route::Route;
use crate::state::Organization;
use crate::state::Unseen;
use crate::state::work::Field;
use crate::state::work::WorkItem;
use crate::state::work::work_items::field_type;
use crate::state::work::work_items::long;
use crate::state::work::work_items::tags;
use crate::state::work::work_items::writable;
use crate::world::WorkItemType;

const WORK_ITEMS_BY_TYPE: ApiResource = ApiResource::new(
    &service_areas::WIT,
    "62d3d110-0047-428c-ad3c-4fe872c91c74",
    "workItems",
    "wit/workItems/${type}",
    3,
);

pub(in crate::areas) const ROUTES: &[Route] = &[
    Route::new(
        &WORK_ITEMS_BY_TYPE,
        "GET",
        "wit/workitems/${type}",
        WORK,
        RequiredPermissions::SEE_PROJECT,
        template,
    ),
    Route::new(
        &WORK_ITEMS_BY_TYPE,
        "POST",
        "wit/workitems/${type}",
        WORK_WRITE,
        RequiredPermissions::All(&[Permission::ReadProject, Permission::WorkItemWrite]),
        create,
    )
    .recorded(),
    Route::new(
        &WORK_ITEMS,
        "PATCH",
        "wit/workitems/{id}",
        WORK_WRITE,
        RequiredPermissions::All(&[
            Permission::ReadProject,
            Permission::WorkItemRead,
            Permission::WorkItemWrite,
        ]),
        update,
    )
    .recorded()
    .at(Placement::Either),
];

#[derive(Deserialize)]
struct Operation {
    op: String,
    path: String,
    #[serde(default)]
    value: Value,
}

/// The patch document, if the content type is that of one.
fn document(call: &Call<'_>) -> Result<Vec<Operation>, Response> {
    if !call.content_type.to_ascii_lowercase().starts_with("application/json-patch+json") {
        return Err(refusals::media_not_supported(call.content_type));
    }
    let operations: Vec<Operation> = call.json_list("patchDocument")?;
    if operations.is_empty() { Err(refusals::body_missing("patchDocument")) } else { Ok(operations) }
}

/// The defaults of a new work item of a type.
fn defaults(project: &str, kind: &str, states: &[&str]) -> BTreeMap<String, Field> {
    let text = |text: &str| Field::Plain(json!(text));
    let fields = [
        ("System.TeamProject", text(project)),
        ("System.AreaPath", text(project)),
        ("System.IterationPath", text(project)),
        ("System.WorkItemType", text(kind)),
        ("System.State", text(states[0])),
        ("System.Reason", text("New")),
        ("Microsoft.VSTS.Common.Priority", Field::Plain(json!(2))),
    ];
    fields.into_iter().map(|(name, field)| (name.to_owned(), field)).collect()
}

/// Returns a type of the project's process, by the name in the path.
fn kind(organization: &Organization, call: &Call<'_>, project: usize) -> Result<WorkItemType, Response> {
    let wanted = call.captured[0];
    let project = &organization.projects[project];
    let found = project.process.work_item_type(wanted);
    found.ok_or_else(|| refusals::work_item_type_not_found(wanted, &project.id.to_string()))
}

/// A new work item with its defaults, which is not stored.
fn template(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let Some(project) = project(organization, call)? else { return Err(refusals::body_missing("project")) };
    let (name, states) = kind(organization, call, project)?;
    let fields = defaults(&organization.projects[project].name, name, states);
    let plain = fields.into_iter().filter_map(|(name, field)| match field {
        Field::Plain(value) => Some((name, value)),
        Field::User(_) => None,
    });
    Ok(Response::ok(&json!({
        "fields": plain.collect::<serde_json::Map<_, _>>(),
        "url": format!("{}/_apis/wit/workItems/${name}", call.base),
    })))
}

pub(super) fn create(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let operations = document(call)?;
    let Some(project) = project(organization, call)? else { return Err(refusals::body_missing("project")) };
    let (name, states) = kind(organization, call, project)?;
    let user = writer(organization, call)?;
    let now = Field::Plain(json!(shapes::moment(organization.now())));
    let mut fields = defaults(&organization.projects[project].name, name, states);
    let own = [
        ("System.CreatedBy", Field::User(user)),
        ("System.CreatedDate", now.clone()),
        ("System.ChangedBy", Field::User(user)),
        ("System.ChangedDate", now.clone()),
        ("Microsoft.VSTS.Common.StateChangeDate", now),
        ("System.CommentCount", Field::Plain(json!(0))),
    ];
    fields.extend(own.into_iter().map(|(name, field)| (name.to_owned(), field)));
    let unseen = Unseen::new(organization.settings.switches.invisible_for);
    let mut item = WorkItem::new(fields, unseen);
    let mut broken = apply(organization, call, &mut item, operations)?;
    if !item.fields.contains_key("System.Title") {
        broken.push(("System.Title".to_owned(), "Required"));
    }
    obeyed(&broken)?;
    item.id = organization.next_work_item_id();
    comments::keep_history(organization, &mut item, user);
    let held = &mut organization.projects[project].work_items;
    held.push(item);
    let at = held.len() - 1;
    links::mirror(organization, call, (project, at), &[]);
    Ok(changed(organization, call, (project, at)))
}

pub(super) fn update(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let operations = document(call)?;
    let (project, at) = locate(organization, call, call.captured[0])?;
    let user = writer(organization, call)?;
    let now = shapes::moment(organization.now());
    let there = &organization.projects[project].work_items[at];
    let mut item = there.clone();
    let linked = item.relations.clone();
    item.keep_revision();
    obeyed(&apply(organization, call, &mut item, operations)?)?;
    item.rev += 1;
    comments::keep_history(organization, &mut item, user);
    item.fields.insert("System.ChangedBy".to_owned(), Field::User(user));
    item.fields.insert("System.ChangedDate".to_owned(), Field::Plain(json!(now)));
    let state = |item: &WorkItem| match item.fields.get("System.State") {
        Some(Field::Plain(state)) => state.clone(),
        _ => Value::Null,
    };
    if state(&item) != state(&organization.projects[project].work_items[at]) {
        let changed = Field::Plain(json!(now));
        item.fields.insert("Microsoft.VSTS.Common.StateChangeDate".to_owned(), changed);
    }
    organization.projects[project].work_items[at] = item;
    links::mirror(organization, call, (project, at), &linked);
    Ok(changed(organization, call, (project, at)))
}

/// A field that breaks a rule of its type, and the code of the rule.
type BrokenRule = (String, &'static str);

/// The refusal of a field: it breaks a rule, which is collected with others, or the request is refused.
enum FieldRefusal {
    Rule(&'static str),
    Request(Response),
}

impl From<Response> for FieldRefusal {
    fn from(response: Response) -> Self {
        FieldRefusal::Request(response)
    }
}

/// Refuses a change that breaks a rule. All broken rules are named.
fn obeyed(broken: &[BrokenRule]) -> Result<(), Response> {
    if broken.is_empty() { Ok(()) } else { Err(refusals::work_item_rules(broken)) }
}

/// Applies a patch document as a whole, and returns the rules that it breaks, or the refusal of the operation that failed.
fn apply(
    organization: &mut Organization,
    call: &Call<'_>,
    item: &mut WorkItem,
    operations: Vec<Operation>,
) -> Result<Vec<BrokenRule>, Response> {
    let mut broken = Vec::new();
    for Operation { op, path, value } in operations {
        match (op.to_ascii_lowercase().as_str(), path.as_str()) {
            ("test", "/rev") if value == json!(item.rev) => {}
            ("test", "/rev") => return Err(refusals::work_item_changed(item.rev, &value.to_string())),
            ("add", "/relations/-") if value["rel"].is_string() && value["url"].is_string() => {
                let link = links::new(organization, call, item, &value)?;
                item.relations.push(link);
            }
            ("remove", path) if path.starts_with("/relations/") => {
                let at = path["/relations/".len()..].parse().ok();
                let at = at.filter(|at: &usize| *at < item.relations.len());
                item.relations.remove(at.ok_or_else(|| refusals::link_not_found(path))?);
            }
            ("add" | "replace", path) if path.starts_with("/multilineFieldsFormat/") => {
                let name = &path["/multilineFieldsFormat/".len()..];
                let Some(name) = long(name) else { return Err(refusals::field_not_found(name)) };
                let mut given = value.clone();
                FIELD_FORMAT.resolve(&mut given);
                let format = given.as_str().unwrap_or_default();
                // A text that is Markdown stays Markdown.
                match format {
                    "markdown" => item.formats.insert(name, format.to_owned()),
                    "html" if !item.formats.contains_key(&name) => None,
                    _ => {
                        return Err(refusals::bad_argument(&format!(
                            "The format of {name} cannot be {value}."
                        )));
                    }
                };
            }
            ("add" | "replace" | "remove", path) if path.starts_with("/fields/") => {
                let name = &path["/fields/".len()..];
                let Some(name) = writable(name) else { return Err(refusals::field_not_found(name)) };
                match write(organization, item, &op.to_ascii_lowercase(), &name, value) {
                    Err(FieldRefusal::Rule(rule)) => broken.push((name, rule)),
                    Err(FieldRefusal::Request(response)) => return Err(response),
                    Ok(()) => {}
                }
            }
            _ => {
                return Err(refusals::bad_argument(&format!(
                    "The operation '{op}' on '{path}' is not supported."
                )));
            }
        }
    }
    Ok(broken)
}

/// Writes a field like the service: added tags join the others, and an empty text leaves the value as it is, except that it
/// replaces tags.
fn write(
    organization: &Organization,
    item: &mut WorkItem,
    op: &str,
    name: &str,
    value: Value,
) -> Result<(), FieldRefusal> {
    if op == "remove" {
        item.fields.remove(name);
        return Ok(());
    }
    if value.is_null() {
        return Err(refusals::value_is_null().into());
    }
    let is_tags = name == "System.Tags";
    let value = match (item.fields.get(name), value.as_str()) {
        (Some(Field::Plain(there)), Some(more)) if is_tags && op == "add" => {
            json!(format!("{}; {more}", there.as_str().unwrap_or_default()))
        }
        _ => value,
    };
    match field(organization, item, name, &value)? {
        Some(field) => {
            item.fields.insert(name.to_owned(), field);
        }
        None if is_tags => {
            item.fields.remove(name);
        }
        None => {}
    }
    Ok(())
}

/// The value of a field as it is stored; `None` if it is empty.
fn field(
    organization: &Organization,
    item: &mut WorkItem,
    name: &str,
    value: &Value,
) -> Result<Option<Field>, FieldRefusal> {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    if text.is_empty() {
        return Ok(None);
    }
    let plain = |text: &str| Ok(Some(Field::Plain(json!(text))));
    match name {
        "System.AssignedTo" => {
            let found = organization.users.iter().position(|user| user.is_called(&text));
            found.map(|at| Some(Field::User(at))).ok_or_else(|| refusals::unknown_identity(&text).into())
        }
        "System.State" => {
            let own = |name: &str| match item.fields.get(name) {
                Some(Field::Plain(text)) => text.as_str().unwrap_or_default(),
                _ => "",
            };
            let project = organization.project_position(own("System.TeamProject"));
            let process = project.map(|at| organization.projects[at].process).unwrap_or_default();
            let kind = process.work_item_type(own("System.WorkItemType"));
            let states = kind.map_or(&[][..], |(_, states)| states);
            let state = states.iter().find(|state| names::same(state, &text));
            state.map(|state| Some(Field::Plain(json!(state)))).ok_or(FieldRefusal::Rule("InvalidListValue"))
        }
        "System.AreaPath" | "System.IterationPath" => {
            let root = match item.fields.get("System.TeamProject") {
                Some(Field::Plain(root)) => root.as_str().unwrap_or_default().to_lowercase(),
                _ => String::new(),
            };
            let wanted = text.to_lowercase();
            match wanted == root || wanted.starts_with(&format!("{root}\\")) {
                true => plain(&text),
                false => Err(refusals::invalid_tree_path(name).into()),
            }
        }
        "System.Tags" => plain(&tags(&text)),
        "Microsoft.VSTS.Common.Priority" => match text.parse::<u32>() {
            Ok(number @ 1..=4) => Ok(Some(Field::Plain(json!(number)))),
            _ => Err(FieldRefusal::Rule("InvalidListValue")),
        },
        _ => match field_type(name) {
            // The service shows these with a fraction, also if they are whole.
            "double" => match text.parse::<f64>() {
                Ok(number) if number.is_finite() => Ok(Some(Field::Plain(json!(number)))),
                _ => Err(FieldRefusal::Rule("InvalidType")),
            },
            "integer" => match text.parse::<i64>() {
                Ok(number) => Ok(Some(Field::Plain(json!(number)))),
                Err(_) => Err(FieldRefusal::Rule("InvalidType")),
            },
            _ => plain(&text),
        },
    }
}
