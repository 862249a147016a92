//! Resource locations (`OPTIONS _apis`) and resource areas, which clients use to find resources.
//!
//! Locations are read from the routes, so that resources that are not imitated are left out. All areas of the service are
//! listed, also those without an imitated resource: a client that does not find an area looks for it at another address,
//! with the token.

use axum::http::StatusCode;
use serde_json::Value;
use serde_json::json;

use super::service_areas::LOCATION;
use crate::auth::RequiredPermissions;
use crate::http::ApiVersions;
use crate::http::Call;
use crate::http::Content;
use crate::http::Outcome;
use crate::http::Response;
use crate::http::Target;
use crate::route::ApiResource;
use crate::route::Placement;
use crate::route::Route;
use crate::state::Organization;

const RESOURCE_AREAS: ApiResource = ApiResource::new(
    &LOCATION,
    "e81700f7-3be2-46de-8624-2eb35882fcaa",
    "ResourceAreas",
    "resourceAreas/{areaId}",
    1,
);

const PUBLIC: RequiredPermissions = RequiredPermissions::Nothing("the location of an area is public");

pub(super) const ROUTES: &[Route] = &[
    Route::new(&RESOURCE_AREAS, "GET", "resourceAreas", &[], PUBLIC, list_areas)
        .at(Placement::Organization)
        .preview()
        .anonymous(),
    Route::new(&RESOURCE_AREAS, "GET", "resourceAreas/{areaId}", &[], PUBLIC, get_area)
        .at(Placement::Organization)
        .preview()
        .anonymous(),
];

/// Returns the row of a resource in the table of locations.
fn row(resource: &ApiResource, versions: ApiVersions, routes: &[&'static Route]) -> Value {
    let mut released = false;
    let mut prefix = "";
    for route in routes.iter().filter(|route| route.resource.id == resource.id) {
        released |= versions.has_released(route.released);
        match route.placement {
            Placement::Organization => {}
            Placement::Project | Placement::Either => prefix = "{project}/",
            Placement::Anywhere => prefix = "{project}/{team}/",
        }
    }
    json!({
        "id": resource.id,
        "area": resource.area.name,
        "resourceName": resource.name,
        "routeTemplate": format!("{prefix}_apis/{}", resource.template),
        "resourceVersion": resource.version,
        "minVersion": "1.0",
        "maxVersion": versions.highest(),
        // The service's value for a resource that was never released.
        "releasedVersion": if released { versions.latest() } else { "0.0" },
    })
}

/// Returns the resources that the routes imitate, each once.
fn resources(routes: &[&'static Route]) -> Vec<&'static ApiResource> {
    let mut found: Vec<&ApiResource> = Vec::new();
    for route in routes {
        if !route.resource.id.is_empty() && !found.iter().any(|known| known.id == route.resource.id) {
            found.push(route.resource);
        }
    }
    found
}

/// The response to `OPTIONS`: all locations, those of an area, or those of a resource's name in an area.
pub(super) fn locations(target: &Target, versions: ApiVersions, routes: &[&'static Route]) -> Response {
    if target.project.is_some() {
        return Response::new(StatusCode::NOT_FOUND, Content::Text, "Page not found.");
    }
    let requested =
        |at: usize, name: &str| target.segments.get(at).is_none_or(|text| text.eq_ignore_ascii_case(name));
    let rows = resources(routes)
        .into_iter()
        .filter(|resource| requested(0, resource.area.name) && requested(1, resource.name))
        .map(|resource| row(resource, versions, routes));
    Response::list(rows.collect())
}

/// The areas of the service: identifier and name, as one organization listed them.
const ALL: &str = include_str!("resource_areas.tsv");

/// Returns all areas, at the organization's own address.
fn areas(call: &Call<'_>) -> impl Iterator<Item = Value> {
    let location = format!("{}/", call.base);
    let rows = ALL.lines().filter_map(|line| line.split_once('\t'));
    rows.map(move |(id, name)| json!({ "id": id, "name": name, "locationUrl": location }))
}

fn list_areas(_: &mut Organization, call: &Call<'_>) -> Outcome {
    Ok(Response::list(areas(call).collect()))
}

fn get_area(_: &mut Organization, call: &Call<'_>) -> Outcome {
    let id = call.captured[0];
    let mut areas = areas(call);
    let found = areas.find(|area| area["id"].as_str().is_some_and(|known| known.eq_ignore_ascii_case(id)));
    Ok(Response::ok(&found.unwrap_or(Value::Null)))
}
