//! The types of work items, with their states and fields.

use serde_json::Value;
use serde_json::json;

use super::work_items::WORK;
use super::work_items::project;
use crate::areas::service_areas;
use crate::areas::shapes;
use crate::auth::RequiredPermissions;
use crate::http::Call;
use crate::http::Outcome;
use crate::http::Response;
use crate::http::refusals;
use crate::http::response::percent_encoded;
use crate::route::ApiResource;
use crate::route::Route;
use crate::state::Organization;
use crate::state::Project;
use crate::state::work::work_items::all_fields;
use crate::world::WorkItemType;

const TYPES: ApiResource = ApiResource::new(
    &service_areas::WIT,
    "7c8d7a76-4a09-43e8-b5df-bd792f4ac6aa",
    "workItemTypes",
    "wit/workItemTypes/{type}",
    2,
);
const STATES: ApiResource = ApiResource::new(
    &service_areas::WIT,
    "7c9d7a76-4a09-43e8-b5df-bd792f4ac6aa",
    "workItemTypeStates",
    "wit/workitemtypes/{type}/states",
    1,
);
const FIELDS: ApiResource = ApiResource::new(
    &service_areas::WIT,
    "bd293ce5-3d25-4192-8e67-e8092e879efb",
    "workItemTypesField",
    "wit/workitemtypes/{type}/fields/{field}",
    3,
);

pub(in crate::areas) const ROUTES: &[Route] = &[
    Route::new(&TYPES, "GET", "wit/workitemtypes", WORK, RequiredPermissions::SEE_PROJECT, list),
    Route::new(&TYPES, "GET", "wit/workitemtypes/{type}", WORK, RequiredPermissions::SEE_PROJECT, get),
    Route::new(
        &STATES,
        "GET",
        "wit/workitemtypes/{type}/states",
        WORK,
        RequiredPermissions::SEE_PROJECT,
        states,
    ),
    Route::new(
        &FIELDS,
        "GET",
        "wit/workitemtypes/{type}/fields",
        WORK,
        RequiredPermissions::SEE_PROJECT,
        fields,
    ),
];

/// The category of a state, and its colour.
fn state(name: &str) -> Value {
    let (category, color) = match name {
        "New" | "Proposed" | "To Do" | "Open" | "Design" | "Approved" | "In Planning" => {
            ("Proposed", "b2b2b2")
        }
        "Resolved" => ("Resolved", "ff9d00"),
        "Closed" | "Done" | "Completed" | "Inactive" => ("Completed", "339933"),
        "Removed" => ("Removed", "ffffff"),
        _ => ("InProgress", "007acc"),
    };
    json!({ "name": name, "color": color, "category": category })
}

fn reference_name(name: &str) -> String {
    format!("Microsoft.VSTS.WorkItemTypes.{}", name.replace(' ', ""))
}

fn field(call: &Call<'_>, (name, reference): (&str, &str)) -> Value {
    let is_required = ["System.Title", "System.State"].contains(&reference);
    json!({
        "name": name,
        "referenceName": reference,
        "alwaysRequired": is_required,
        "url": format!("{}/_apis/wit/fields/{reference}", call.base),
    })
}

fn shape(call: &Call<'_>, project: &Project, (name, states): WorkItemType) -> Value {
    let base = format!("{}/{}/_apis/wit/workItemTypes", call.base, project.id);
    let url = format!("{base}/{}", percent_encoded(name));
    let fields: Vec<Value> = all_fields().map(|one| field(call, one)).collect();
    let to = |state: &str| json!({ "to": state, "actions": null });
    let transitions: serde_json::Map<String, Value> = std::iter::once("")
        .chain(states.iter().copied())
        .map(|from| {
            let others = states
                .iter()
                .filter(|other| if from.is_empty() { **other == states[0] } else { **other != from });
            (from.to_owned(), others.map(|other| to(other)).collect())
        })
        .collect();
    json!({
        "name": name,
        "referenceName": reference_name(name),
        "description": "",
        "color": "009CCC",
        "icon": { "id": "icon_clipboard", "url": format!("{}/_apis/wit/workItemIcons/icon_clipboard?color=009CCC&v=2", call.base) },
        "isDisabled": false,
        "xmlForm": "",
        "fields": fields,
        "fieldInstances": fields,
        "transitions": transitions,
        "states": states.iter().map(|one| state(one)).collect::<Vec<_>>(),
        "_links": shapes::links([("self", url.clone())]),
        "url": url,
    })
}

/// Returns the project in the path.
fn held<'o>(organization: &'o Organization, call: &Call<'_>) -> Result<&'o Project, Response> {
    let position = project(organization, call)?;
    position.map(|at| &organization.projects[at]).ok_or_else(|| refusals::body_missing("project"))
}

fn named<'o>(
    organization: &'o Organization,
    call: &Call<'_>,
) -> Result<(&'o Project, WorkItemType), Response> {
    let project = held(organization, call)?;
    let name = call.captured[0];
    let found = project.process.work_item_type(name);
    let found = found.ok_or_else(|| refusals::work_item_type_not_found(name, &project.id.to_string()))?;
    Ok((project, found))
}

fn list(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let project = held(organization, call)?;
    Ok(Response::list(project.process.types().map(|one| shape(call, project, one)).collect()))
}

fn get(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let (project, found) = named(organization, call)?;
    Ok(Response::ok(&shape(call, project, found)))
}

fn states(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let (_, (_, states)) = named(organization, call)?;
    Ok(Response::list(states.iter().map(|one| state(one)).collect()))
}

fn fields(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    named(organization, call)?;
    Ok(Response::list(all_fields().map(|one| field(call, one)).collect()))
}
