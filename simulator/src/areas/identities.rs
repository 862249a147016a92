//! Identities: users by name, e-mail address or identifier.

use serde_json::Value;
use serde_json::json;

use crate::areas::service_areas;
use crate::areas::shapes;
use crate::auth::RequiredPermissions;
use crate::http::Call;
use crate::http::Outcome;
use crate::http::Response;
use crate::route::ApiResource;
use crate::route::Placement;
use crate::route::Route;
use crate::state::Organization;
use crate::state::User;

const IDENTITIES: ApiResource = ApiResource::new(
    &service_areas::IDENTITIES,
    "28010c54-d0c0-4c89-a5b0-1c9e188b9fb7",
    "Identities",
    "identities/{identityId}",
    1,
);

pub(in crate::areas) const ROUTES: &[Route] = &[Route::new(
    &IDENTITIES,
    "GET",
    "identities",
    &["vso.identity"],
    RequiredPermissions::Nothing("every member of an organization may look up the others"),
    find,
)
.at(Placement::Organization)];

/// Returns the users whose name, address or identifier is exactly the filter, in any case.
fn find(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let by_id = call.query("identityIds").map(|ids| ids.split(',').map(str::trim).collect::<Vec<_>>());
    let wanted = call.query("filterValue").unwrap_or_default();
    let fits = |user: &&User| match &by_id {
        Some(ids) => ids.iter().any(|id| id.eq_ignore_ascii_case(&user.id.to_string())),
        None => !wanted.is_empty() && user.is_called(wanted),
    };
    Ok(Response::list(organization.users.iter().filter(fits).map(shape).collect()))
}

fn shape(user: &User) -> Value {
    let property = |value: &str| json!({ "$type": "System.String", "$value": value });
    json!({
        "id": user.id,
        "descriptor": format!("Microsoft.IdentityModel.Claims.ClaimsIdentity;{}", user.email),
        "subjectDescriptor": shapes::descriptor(user),
        "providerDisplayName": user.name,
        "isActive": true,
        "members": [],
        "memberOf": [],
        "memberIds": [],
        "properties": {
            "SchemaClassName": property("User"),
            "Description": property(""),
            "Account": property(&user.email),
            "Mail": property(&user.email),
            "SpecialType": property("Generic"),
        },
        "resourceVersion": 2,
        "metaTypeId": 0,
    })
}
