//! Links of work items: their types, adding them, and the work items that are linked to an artifact.

use serde::Deserialize;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use super::work_items::WORK;
use super::work_items::project;
use crate::areas::build;
use crate::areas::service_areas;
use crate::areas::shapes;
use crate::auth::Permission;
use crate::auth::RequiredPermissions;
use crate::http::Call;
use crate::http::Outcome;
use crate::http::Response;
use crate::http::refusals;
use crate::names;
use crate::route::ApiResource;
use crate::route::Placement;
use crate::route::Route;
use crate::state::Organization;
use crate::state::work::WorkItem;
use crate::state::work::links;
use crate::state::work::links::LinkType;

const RELATION_TYPES: ApiResource = ApiResource::new(
    &service_areas::WIT,
    "f5d33bc9-5b49-4a3c-a9bd-f3cd46dd2165",
    "workItemRelationTypes",
    "wit/workItemRelationTypes/{relation}",
    2,
);
const ARTIFACT_URI_QUERY: ApiResource = ApiResource::new(
    &service_areas::WIT,
    "a9a9aa7a-8c09-44d3-ad1b-46e855c1e3d3",
    "artifactUriQuery",
    "wit/artifactUriQuery",
    1,
);
const BUILD_WORK_ITEMS: ApiResource = ApiResource::new(
    &service_areas::BUILD,
    "5a21f5d2-5642-47e4-a0bd-1356e6731bee",
    "workitems",
    "build/builds/{buildId}/workitems",
    2,
);

pub(in crate::areas) const ROUTES: &[Route] = &[
    Route::new(
        &RELATION_TYPES,
        "GET",
        "wit/workitemrelationtypes",
        WORK,
        RequiredPermissions::Nothing("every member of the organization sees the types"),
        types,
    )
    .recorded()
    .at(Placement::Organization),
    Route::new(
        &RELATION_TYPES,
        "GET",
        "wit/workitemrelationtypes/{relation}",
        WORK,
        RequiredPermissions::Nothing("every member of the organization sees the types"),
        kind,
    )
    .at(Placement::Organization),
    Route::new(
        &ARTIFACT_URI_QUERY,
        "POST",
        "wit/artifacturiquery",
        WORK,
        RequiredPermissions::READ_WORK,
        query,
    )
    .at(Placement::Either),
    Route::new(
        &BUILD_WORK_ITEMS,
        "GET",
        "build/builds/{build}/workitems",
        &["vso.build"],
        RequiredPermissions::VIEW_BUILDS,
        of_build,
    ),
];

fn types(_: &mut Organization, call: &Call<'_>) -> Outcome {
    Ok(Response::list(all_types(call)))
}

fn kind(_: &mut Organization, call: &Call<'_>) -> Outcome {
    let wanted = call.captured[0];
    let is_wanted = |one: &Value| one["referenceName"].as_str().is_some_and(|name| names::same(name, wanted));
    let found = all_types(call).into_iter().find(is_wanted);
    found.map(|one| Response::ok(&one)).ok_or_else(|| refusals::relation_type_not_found(wanted))
}

fn all_types(call: &Call<'_>) -> Vec<Value> {
    let shown = |reference: &str, name: &str, attributes: Value| {
        let url = format!("{}/_apis/wit/workItemRelationTypes/{reference}", call.base);
        json!({ "attributes": attributes, "referenceName": reference, "name": name, "url": url })
    };
    let between = |one: &LinkType| {
        let attributes = json!({
            "usage": "workItemLink",
            "editable": true,
            "enabled": true,
            "acyclic": one.topology != "network",
            "directional": one.topology != "network",
            "singleTarget": one.is_single,
            "topology": one.topology,
            "remote": false,
            "isForward": !one.reference.ends_with("-Reverse"),
            "oppositeEndReferenceName": one.opposite,
        });
        shown(one.reference, one.name, attributes)
    };
    let other = |&(reference, name): &(&str, &str)| {
        shown(reference, name, json!({ "usage": "resourceLink", "editable": false, "enabled": true }))
    };
    let all = links::LINK_TYPES.iter().map(between).chain(links::RESOURCE_LINKS.iter().map(other));
    all.collect()
}

/// A link as it is stored, or the refusal of one that cannot be added.
pub(super) fn new(
    organization: &mut Organization,
    call: &Call<'_>,
    item: &WorkItem,
    value: &Value,
) -> Result<Value, Response> {
    let reference = value["rel"].as_str().unwrap_or_default();
    let url = value["url"].as_str().unwrap_or_default();
    let known = links::link_type(reference);
    let stored = if let Some(kind) = known {
        let id = links::work_item_of(url).filter(|id| find(organization, *id).is_some() && *id != item.id);
        let id = id.ok_or_else(|| refusals::link_target_not_found(url))?;
        let mut attributes = json!({ "isLocked": false, "name": kind.name });
        if let Some(comment) = value["attributes"]["comment"].as_str() {
            attributes["comment"] = json!(comment);
        }
        json!({ "rel": kind.reference, "url": address(call, id), "attributes": attributes })
    } else if names::same(reference, "AttachedFile") {
        value.clone()
    } else if let Some((reference, _)) =
        links::RESOURCE_LINKS.iter().find(|(known, _)| names::same(known, reference))
    {
        let now = shapes::moment(organization.now());
        let given = |name: &str| value["attributes"][name].as_str();
        let attributes = resource_link(item, &now, given("name"), given("comment"));
        json!({ "rel": reference, "url": url, "attributes": attributes })
    } else {
        return Err(refusals::link_type_not_found(reference));
    };
    if item.relations.iter().any(|there| links::same(there, &stored)) {
        return Err(refusals::link_exists());
    }
    if let Some(kind) = known
        && kind.is_single
        && item.relations.iter().any(|there| there["rel"] == kind.reference)
    {
        return Err(refusals::link_is_single(kind.name));
    }
    Ok(stored)
}

/// Adds the other ends of new links between work items, and removes those of removed links.
pub(super) fn mirror(
    organization: &mut Organization,
    call: &Call<'_>,
    place: (usize, usize),
    before: &[Value],
) {
    let item = &organization.projects[place.0].work_items[place.1];
    let (own, after) = (item.id, item.relations.clone());
    let missing_in = |others: &[Value], one: &&Value| !others.iter().any(|other| links::same(other, one));
    let other_end = |one: &Value| {
        let kind = links::link_type(one["rel"].as_str()?)?;
        let opposite = links::link_type(kind.opposite)?;
        let attributes = json!({ "isLocked": false, "name": opposite.name });
        let end = json!({ "rel": opposite.reference, "url": address(call, own), "attributes": attributes });
        Some((links::work_item_of(one["url"].as_str()?)?, end))
    };
    let added: Vec<_> = after.iter().filter(|one| missing_in(before, one)).filter_map(other_end).collect();
    let removed: Vec<_> = before.iter().filter(|one| missing_in(&after, one)).filter_map(other_end).collect();
    for (target, end) in added {
        if let Some(target) = find(organization, target)
            && !target.relations.iter().any(|there| links::same(there, &end))
        {
            target.relations.push(end);
        }
    }
    for (target, end) in removed {
        if let Some(target) = find(organization, target) {
            target.relations.retain(|there| !links::same(there, &end));
        }
    }
}

fn find(organization: &mut Organization, id: u32) -> Option<&mut WorkItem> {
    organization.projects.iter_mut().flat_map(|held| &mut held.work_items).find(|item| item.id == id)
}

fn address(call: &Call<'_>, id: u32) -> String {
    format!("{}/_apis/wit/workItems/{id}", call.base)
}

/// The work items with a link to an address of another area. Clients write the separators encoded or not.
fn linked<'o>(organization: &'o Organization, uri: &str) -> impl Iterator<Item = u32> + use<'o> {
    let plain = |text: &str| text.to_lowercase().replace("%2f", "/");
    let uri = plain(uri);
    let is_linked = move |item: &&WorkItem| {
        item.relations.iter().any(|link| link["url"].as_str().is_some_and(|url| plain(url) == uri))
    };
    organization.projects.iter().flat_map(|held| &held.work_items).filter(is_linked).map(|item| item.id)
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Query {
    artifact_uris: Vec<String>,
}

fn query(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let body: Query = call.json("artifactUriQuery")?;
    project(organization, call)?;
    let is_visible = !shapes::denied(organization, call, Permission::ReadProject)
        && !shapes::denied(organization, call, Permission::WorkItemRead);
    let found = |uri: &String| {
        let ids = linked(organization, uri).filter(|_| is_visible);
        let all: Vec<Value> = ids.map(|id| json!({ "id": id, "url": address(call, id) })).collect();
        (uri.clone(), json!(all))
    };
    let found: Map<String, Value> = body.artifact_uris.iter().map(found).collect();
    Ok(Response::ok(&json!({ "artifactUrisQueryResult": found })))
}

/// The work items with a link to an address, as other areas refer to them: there an identifier is a text.
pub(in crate::areas) fn references(
    organization: &Organization,
    call: &Call<'_>,
    uri: &str,
) -> impl Iterator<Item = Value> {
    let base = call.base.clone();
    let shown =
        move |id: u32| json!({ "id": id.to_string(), "url": format!("{base}/_apis/wit/workItems/{id}") });
    linked(organization, uri).map(shown)
}

/// Links a work item to an object of another area.
pub(in crate::areas) fn attach(
    organization: &mut Organization,
    (project, at): (usize, usize),
    uri: &str,
    name: &str,
) {
    let now = shapes::moment(organization.now());
    let item = &mut organization.projects[project].work_items[at];
    let link = json!({ "rel": "ArtifactLink", "url": uri, "attributes": resource_link(item, &now, Some(name), None) });
    if !item.relations.iter().any(|there| links::same(there, &link)) {
        item.keep_revision();
        item.rev += 1;
        item.relations.push(link);
    }
}

/// The attributes of a new link to something else than a work item.
fn resource_link(item: &WorkItem, now: &str, name: Option<&str>, comment: Option<&str>) -> Value {
    let mut attributes = json!({
        "authorizedDate": now,
        "id": item.id * 1000 + u32::try_from(item.relations.len()).unwrap_or_default(),
        "resourceCreatedDate": now,
        "resourceModifiedDate": now,
        "revisedDate": "9999-01-01T00:00:00Z",
    });
    for (key, text) in [("name", name), ("comment", comment)] {
        if let Some(text) = text {
            attributes[key] = json!(text);
        }
    }
    attributes
}

/// The service looks for the work items of the commits of a run. Here they are those with a link to it.
fn of_build(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let (project, run) = build::builds::locate(organization, call)?;
    let uri = format!("vstfs:///Build/Build/{}", organization.projects[project].runs[run].id);
    Ok(Response::list(references(organization, call, &uri).collect()))
}
