//! The graph of subjects: the users of the organization, and the descriptors that other records have.
//!
//! The members follow the published description of graph 7.1.

use serde_json::Value;
use serde_json::json;

use crate::areas::service_areas;
use crate::areas::shapes;
use crate::auth::RequiredPermissions;
use crate::http::Call;
use crate::http::Outcome;
use crate::http::Response;
use crate::http::refusals;
use crate::route::ApiResource;
use crate::route::Placement;
use crate::route::Route;
use crate::state::Organization;
use crate::state::User;

const GRAPH: &[&str] = &["vso.graph"];

const USERS: ApiResource = ApiResource::new(
    &service_areas::GRAPH,
    "005e26ec-6b77-4e4f-a986-b3827bf241f5",
    "Users",
    "graph/users/{userDescriptor}",
    1,
);
const DESCRIPTORS: ApiResource = ApiResource::new(
    &service_areas::GRAPH,
    "048aee0a-7072-4cde-ab73-7af77b1e0b4e",
    "Descriptors",
    "graph/descriptors/{storageKey}",
    1,
);
const STORAGE_KEYS: ApiResource = ApiResource::new(
    &service_areas::GRAPH,
    "eb85f8cc-f0f6-4264-a5b1-ffe2e4d4801f",
    "StorageKeys",
    "graph/storagekeys/{subjectDescriptor}",
    1,
);
const MEMBERS: RequiredPermissions =
    RequiredPermissions::Nothing("every member of an organization may look up the others");

pub(in crate::areas) const ROUTES: &[Route] = &[
    Route::new(&USERS, "GET", "graph/users", GRAPH, MEMBERS, list).at(Placement::Organization).preview(),
    Route::new(&USERS, "GET", "graph/users/{descriptor}", GRAPH, MEMBERS, get)
        .at(Placement::Organization)
        .preview(),
    Route::new(&DESCRIPTORS, "GET", "graph/descriptors/{storageKey}", GRAPH, MEMBERS, descriptor)
        .at(Placement::Organization)
        .preview(),
    Route::new(&STORAGE_KEYS, "GET", "graph/storagekeys/{descriptor}", GRAPH, MEMBERS, storage_key)
        .at(Placement::Organization)
        .preview(),
];

fn shape(organization: &Organization, call: &Call<'_>, user: &User) -> Value {
    let descriptor = shapes::descriptor(user);
    let part = |name: &str| format!("{}/_apis/Graph/{name}/{descriptor}", call.base);
    json!({
        "subjectKind": "user",
        "metaType": "member",
        "domain": organization.id,
        "principalName": user.email,
        "mailAddress": user.email,
        "origin": "aad",
        "originId": user.id,
        "displayName": user.name,
        "_links": shapes::links([
            ("self", part("Users")),
            ("memberships", part("Memberships")),
            ("membershipState", part("MembershipStates")),
            ("storageKey", part("StorageKeys")),
            ("avatar", format!("{}/_apis/GraphProfile/MemberAvatars/{descriptor}", call.base)),
        ]),
        "url": part("Users"),
        "descriptor": descriptor,
    })
}

/// The users of the types in `subjectTypes`; all are of Microsoft Entra ID.
fn list(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let types = call.query("subjectTypes").map(|all| all.split(',').map(str::trim).collect::<Vec<_>>());
    let asked = types.is_none_or(|types| types.iter().any(|one| one.eq_ignore_ascii_case("aad")));
    let users = organization.users.iter().filter(|_| asked);
    Ok(Response::list(users.map(|user| shape(organization, call, user)).collect()))
}

/// Returns the user with the descriptor in the path.
fn named<'o>(organization: &'o Organization, call: &Call<'_>) -> Result<&'o User, Response> {
    let wanted = call.captured[0];
    let found = organization.users.iter().find(|user| shapes::descriptor(user) == wanted);
    found.ok_or_else(|| refusals::subject_not_found(wanted))
}

fn get(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let user = named(organization, call)?;
    Ok(Response::ok(&shape(organization, call, user)))
}

/// The descriptor of the user with an identifier.
fn descriptor(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let wanted = call.captured[0];
    let found = organization.users.iter().find(|user| user.id.to_string().eq_ignore_ascii_case(wanted));
    let user = found.ok_or_else(|| refusals::subject_not_found(wanted))?;
    let value = shapes::descriptor(user);
    let links = shapes::links([
        ("self", format!("{}/_apis/Graph/Descriptors/{}", call.base, user.id)),
        ("storageKey", format!("{}/_apis/Graph/StorageKeys/{value}", call.base)),
        ("subject", format!("{}/_apis/Graph/Users/{value}", call.base)),
    ]);
    Ok(Response::ok(&json!({ "value": value, "_links": links })))
}

/// The identifier of the user with a descriptor.
fn storage_key(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let user = named(organization, call)?;
    let descriptor = shapes::descriptor(user);
    let links = shapes::links([
        ("self", format!("{}/_apis/Graph/StorageKeys/{descriptor}", call.base)),
        ("descriptor", format!("{}/_apis/Graph/Descriptors/{}", call.base, user.id)),
    ]);
    Ok(Response::ok(&json!({ "value": user.id, "_links": links })))
}
