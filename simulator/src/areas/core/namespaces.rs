//! The security namespaces that the simulator evaluates, with the permissions in each.

use serde_json::Value;
use serde_json::json;

use crate::areas::service_areas;
use crate::auth::RequiredPermissions;
use crate::auth::permissions::namespaces;
use crate::http::Call;
use crate::http::Outcome;
use crate::http::Response;
use crate::route::ApiResource;
use crate::route::Placement;
use crate::route::Route;
use crate::state::Organization;

const NAMESPACES: ApiResource = ApiResource::new(
    &service_areas::SECURITY,
    "ce7b9f95-fde9-4be8-a86d-83b366f0b87a",
    "SecurityNamespaces",
    "securitynamespaces/{securityNamespaceId}",
    1,
);
const PUBLIC: RequiredPermissions =
    RequiredPermissions::Nothing("every member may read the names of permissions");

pub(in crate::areas) const ROUTES: &[Route] = &[
    Route::new(&NAMESPACES, "GET", "securitynamespaces", &[], PUBLIC, list)
        .recorded()
        .at(Placement::Organization),
    Route::new(&NAMESPACES, "GET", "securitynamespaces/{namespace}", &[], PUBLIC, get)
        .recorded()
        .at(Placement::Organization),
];

fn all() -> impl Iterator<Item = Value> {
    namespaces().into_iter().map(|namespace| {
        let action = |permission: &crate::auth::Permission| {
            json!({
                "bit": permission.place().1,
                "name": permission.bit_name(),
                "displayName": permission.label(),
                "namespaceId": namespace.id,
            })
        };
        json!({
            "namespaceId": namespace.id,
            "name": namespace.name,
            "displayName": namespace.name,
            "separatorValue": namespace.separator,
            "elementLength": -1,
            "writePermission": namespace.write,
            "readPermission": namespace.read,
            "dataspaceCategory": "Default",
            "actions": namespace.permissions.iter().map(action).collect::<Vec<_>>(),
            "structureValue": 1,
            "extensionType": "",
            "isRemotable": true,
            "useTokenTranslator": true,
            "systemBitMask": 0,
        })
    })
}

fn list(_: &mut Organization, _: &Call<'_>) -> Outcome {
    Ok(Response::list(all().collect()))
}

/// The response has a list also for one namespace.
fn get(_: &mut Organization, call: &Call<'_>) -> Outcome {
    let wanted =
        |one: &Value| one["namespaceId"].as_str().is_some_and(|id| id.eq_ignore_ascii_case(call.captured[0]));
    Ok(Response::list(all().filter(wanted).collect()))
}
