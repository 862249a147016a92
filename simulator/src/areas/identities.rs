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

const MEMBERS: RequiredPermissions =
    RequiredPermissions::Nothing("every member of an organization may look up the others");

pub(in crate::areas) const ROUTES: &[Route] = &[
    Route::new(&IDENTITIES, "GET", "identities", &["vso.identity"], MEMBERS, find)
        .at(Placement::Organization),
    Route::new(&IDENTITIES, "GET", "identities/{identity}", &["vso.identity"], MEMBERS, get)
        .at(Placement::Organization),
];

/// Returns the users with these identifiers or descriptors, separated by commas, or those whose name, address or
/// identifier is exactly the filter, in any case.
fn find(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let several = |name: &str| call.query(name).map(|all| all.split(',').map(str::trim).collect::<Vec<_>>());
    let (by_id, by_descriptor) = (several("identityIds"), several("descriptors"));
    let by_subject = several("subjectDescriptors");
    let wanted = call.query("filterValue").unwrap_or_default();
    let among = |all: &[&str], own: &str| all.iter().any(|one| one.eq_ignore_ascii_case(own));
    let fits = |user: &&User| match (&by_id, &by_descriptor, &by_subject) {
        (Some(ids), ..) => among(ids, &user.id.to_string()),
        (_, Some(all), _) => among(all, &shapes::identity_descriptor(organization, user)),
        (.., Some(all)) => among(all, &shapes::descriptor(user)),
        _ => !wanted.is_empty() && user.is_called(wanted),
    };
    Ok(Response::list(organization.users.iter().filter(fits).map(|user| shape(organization, user)).collect()))
}

/// An identity that does not exist is null.
fn get(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let id = call.captured[0];
    let found = organization.users.iter().find(|user| user.id.to_string().eq_ignore_ascii_case(id));
    Ok(Response::ok(&found.map_or(Value::Null, |user| shape(organization, user))))
}

fn shape(organization: &Organization, user: &User) -> Value {
    let property = |value: &str| json!({ "$type": "System.String", "$value": value });
    json!({
        "id": user.id,
        "descriptor": shapes::identity_descriptor(organization, user),
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
