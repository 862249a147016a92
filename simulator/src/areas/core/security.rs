//! Permission evaluation: the permissions of the token's user, whatever the token's scopes.

use serde::Deserialize;
use serde_json::Value;
use serde_json::json;

use crate::areas::service_areas;
use crate::areas::shapes;
use crate::auth::COLLECTION;
use crate::auth::RequiredPermissions;
use crate::auth::permissions::granted;
use crate::http::Call;
use crate::http::Outcome;
use crate::http::Response;
use crate::http::SINCE_7_0;
use crate::http::refusals;
use crate::route::ApiResource;
use crate::route::Placement;
use crate::route::RequiredScopes;
use crate::route::Route;
use crate::state::Organization;
use crate::state::User;

const PERMISSION_EVALUATION_BATCH: ApiResource = ApiResource::new(
    &service_areas::SECURITY,
    "cf1faa59-1b63-4448-bf04-13d981a46f5d",
    "PermissionEvaluationBatch",
    "security/permissionevaluationbatch",
    1,
);
const PERMISSIONS: ApiResource = ApiResource::new(
    &service_areas::SECURITY,
    "dd3b8bd6-c7fc-4cbd-929a-933d9c011c9d",
    "Permissions",
    "permissions/{securityNamespaceId}/{permissions}",
    2,
);

pub(in crate::areas) const ROUTES: &[Route] = &[
    Route::new(
        &PERMISSION_EVALUATION_BATCH,
        "POST",
        "security/permissionevaluationbatch",
        &[],
        RequiredPermissions::Nothing("every user may evaluate their own permissions"),
        evaluate,
    )
    .at(Placement::Organization)
    .released(SINCE_7_0)
    .scopes(RequiredScopes::PermissionSwitch),
    Route::new(
        &PERMISSIONS,
        "GET",
        "permissions/{namespace}/{bits}",
        &[],
        RequiredPermissions::Nothing("every user may evaluate their own permissions"),
        evaluate_tokens,
    )
    .at(Placement::Organization)
    .scopes(RequiredScopes::PermissionSwitch),
];

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Batch {
    #[serde(default)]
    always_allow_administrators: bool,
    evaluations: Vec<Evaluation>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Evaluation {
    security_namespace_id: String,
    token: String,
    permissions: u32,
}

/// Denials apply to the whole organization, except those in a repository, which its own security token shows.
fn evaluate(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let batch: Batch = call.json("eval")?;
    let user = shapes::caller(organization, call);
    let evaluations: Vec<Value> = batch
        .evaluations
        .iter()
        .map(|one| {
            json!({
                "securityNamespaceId": one.security_namespace_id,
                "token": one.token,
                "permissions": one.permissions,
                "value": is_granted(organization, user, &one.security_namespace_id, one.permissions, &one.token),
            })
        })
        .collect();
    Ok(Response::ok(&json!({
        "alwaysAllowAdministrators": batch.always_allow_administrators,
        "evaluations": evaluations,
    })))
}

/// Evaluates one mask for several security tokens, with a result for each in their order.
fn evaluate_tokens(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let user = shapes::caller(organization, call);
    let bits = call.captured[1].parse().map_err(|_| refusals::body_missing("permissions"))?;
    let delimiter = call.query("delimiter").filter(|given| !given.is_empty()).unwrap_or(",");
    let tokens = call.query("tokens").unwrap_or_default().split(delimiter);
    Ok(Response::list(
        tokens.map(|token| json!(is_granted(organization, user, call.captured[0], bits, token))).collect(),
    ))
}

/// Denials in a repository apply to its own security token, `repoV2/{project}/{repository}`.
fn is_granted(organization: &Organization, user: &User, namespace: &str, bits: u32, token: &str) -> bool {
    let spelled = organization.settings.switches.collection_token.is(token);
    if namespace.eq_ignore_ascii_case(COLLECTION) && !spelled {
        return false;
    }
    let repository = token.split('/').nth(2).and_then(|id| {
        let mut all = organization.projects.iter().flat_map(|project| &project.repositories);
        all.find(|repository| repository.id.to_string().eq_ignore_ascii_case(id))
    });
    let own = repository.and_then(|repository| user.denied_in.get(&repository.name.to_lowercase()));
    granted(&user.denied, namespace, bits) && own.is_none_or(|own| granted(own, namespace, bits))
}
