//! Areas and iterations, and the fields of work items. The nodes are the project's root and the paths that work items have.

use std::collections::BTreeSet;

use serde_json::Value;
use serde_json::json;
use uuid::Uuid;

use super::work_items::WORK;
use super::work_items::project;
use crate::areas::service_areas;
use crate::areas::shapes;
use crate::auth::Permission;
use crate::auth::RequiredPermissions;
use crate::choice::STRUCTURE_GROUP;
use crate::http::Call;
use crate::http::Outcome;
use crate::http::Response;
use crate::http::refusals;
use crate::http::response::percent_encoded;
use crate::route::ApiResource;
use crate::route::Placement;
use crate::route::Route;
use crate::state::Organization;
use crate::state::Project;
use crate::state::work::Field;
use crate::state::work::work_items::all_fields;
use crate::state::work::work_items::field_type;
use crate::state::work::work_items::known;

const NODES: ApiResource = ApiResource::new(
    &service_areas::WIT,
    "a70579d1-f53a-48ee-a5be-7be8659023b9",
    "classificationNodes",
    "wit/classificationNodes",
    2,
);
const NODE: ApiResource = ApiResource::new(
    &service_areas::WIT,
    "5a172953-1b41-49d3-840a-33f79c3ce89f",
    "classificationNodes",
    "wit/classificationNodes/{structureGroup}/{*path}",
    2,
);
const FIELDS: ApiResource = ApiResource::new(
    &service_areas::WIT,
    "b51fd764-e5c2-4b9b-aaf7-3395cf4bdd94",
    "fields",
    "wit/fields/{fieldNameOrRefName}",
    3,
);

pub(in crate::areas) const ROUTES: &[Route] = &[
    Route::new(&NODES, "GET", "wit/classificationnodes", WORK, RequiredPermissions::SEE_PROJECT, roots),
    Route::new(&NODE, "GET", "wit/classificationnodes/{group}", WORK, RequiredPermissions::SEE_PROJECT, root),
    Route::new(&FIELDS, "GET", "wit/fields", WORK, RequiredPermissions::SEE_PROJECT, fields)
        .at(Placement::Either),
    Route::new(&FIELDS, "GET", "wit/fields/{field}", WORK, RequiredPermissions::SEE_PROJECT, field)
        .at(Placement::Either),
];

/// The groups: the name in the address, the type of a node, and the field with the path.
const GROUPS: [(&str, &str, &str); 2] =
    [("Areas", "area", "System.AreaPath"), ("Iterations", "iteration", "System.IterationPath")];

fn held<'o>(organization: &'o Organization, call: &Call<'_>) -> Result<&'o Project, Response> {
    let position = project(organization, call)?;
    position.map(|at| &organization.projects[at]).ok_or_else(|| refusals::body_missing("project"))
}

/// A node with the nodes below it, to a depth.
fn node(
    call: &Call<'_>,
    project: &Project,
    (group, kind, field): (&str, &str, &str),
    path: &str,
    depth: usize,
) -> Value {
    let paths = project.work_items.iter().filter_map(|item| match item.fields.get(field) {
        Some(Field::Plain(value)) => value.as_str(),
        _ => None,
    });
    let below = format!("{path}\\");
    let children: BTreeSet<String> = paths
        .filter_map(|known| known.strip_prefix(&below))
        .map(|rest| format!("{below}{}", rest.split('\\').next().unwrap_or(rest)))
        .collect();
    let name = path.rsplit('\\').next().unwrap_or(path);
    // The same in every response.
    let number =
        path.bytes().fold(u64::from(kind == "area"), |sum, byte| sum.wrapping_mul(31) + u64::from(byte));
    let inside = path.split('\\').skip(1).map(percent_encoded).collect::<Vec<_>>().join("/");
    let url = format!("{}/{}/_apis/wit/classificationNodes/{group}/{inside}", call.base, project.id);
    let mut value = json!({
        "id": number % 100_000 + 1,
        "identifier": Uuid::from_u128(u128::from(number) << 64 | project.id.as_u128() >> 64),
        "name": name,
        "structureType": kind,
        "hasChildren": !children.is_empty(),
        "path": format!("\\{}\\{}{}", project.name, group.trim_end_matches('s'), path.strip_prefix(&project.name).unwrap_or_default()),
        "url": url.trim_end_matches('/'),
    });
    if depth > 0 && !children.is_empty() {
        let shown = children.iter().map(|child| node(call, project, (group, kind, field), child, depth - 1));
        value["children"] = shown.collect();
    }
    value
}

fn roots(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let project = held(organization, call)?;
    let depth = call.number("$depth").unwrap_or(0);
    let shown = GROUPS.into_iter().map(|group| node(call, project, group, &project.name, depth));
    Ok(Response::list(shown.collect()))
}

fn root(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let project = held(organization, call)?;
    let wanted = STRUCTURE_GROUP.name(call.captured[0]);
    let found = GROUPS.into_iter().find(|(name, ..)| name.eq_ignore_ascii_case(wanted));
    let found = found
        .ok_or_else(|| refusals::bad_argument(&format!("The structure group '{wanted}' is not known.")))?;
    let depth = call.number("$depth").unwrap_or(0);
    Ok(Response::ok(&node(call, project, found, &project.name, depth)))
}

fn shape(call: &Call<'_>, (name, reference): (&str, &str)) -> Value {
    let is_own = matches!(reference, "System.Id" | "System.Rev" | "System.CommentCount");
    let is_identity = matches!(reference, "System.AssignedTo" | "System.CreatedBy" | "System.ChangedBy");
    json!({
        "name": name,
        "referenceName": reference,
        "type": field_type(reference),
        "usage": "workItem",
        "readOnly": is_own,
        "canSortBy": true,
        "isQueryable": true,
        "supportedOperations": [],
        "isIdentity": is_identity,
        "isPicklist": false,
        "isPicklistSuggested": false,
        "url": format!("{}/_apis/wit/fields/{reference}", call.base),
    })
}

fn fields(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    project(organization, call)?;
    let hidden = shapes::denied(organization, call, Permission::ReadProject);
    let all = all_fields().filter(|_| !hidden).map(|one| shape(call, one));
    Ok(Response::list(all.collect()))
}

fn field(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    project(organization, call)?;
    let wanted = call.captured[0];
    let hidden = shapes::denied(organization, call, Permission::ReadProject);
    let reference = known(wanted).filter(|_| !hidden).ok_or_else(|| refusals::field_not_found(wanted))?;
    let name = reference.rsplit('.').next().unwrap_or(&reference);
    Ok(Response::ok(&shape(call, (name, &reference))))
}
