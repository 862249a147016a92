//! Permission evaluation: what the token's user may do, whatever the token's scopes.

use serde::Deserialize;
use serde_json::Value;
use serde_json::json;

use super::Needs;
use super::Place;
use super::Route;
use super::shapes;
use crate::answer::Answer;
use crate::answer::Outcome;
use crate::call::Call;
use crate::permissions::granted;
use crate::refusals;
use crate::state::Organization;
use crate::version::SINCE_7_0;

pub(super) const ROUTES: &[Route] = &[
    Route {
        place: Place::Organization,
        needs: Needs::PermissionSwitch,
        released: SINCE_7_0,
        ..Route::of("POST", "security/permissionevaluationbatch", &[], evaluate)
    },
    Route {
        place: Place::Organization,
        needs: Needs::PermissionSwitch,
        ..Route::of("GET", "permissions/{namespace}/{bits}", &[], evaluate_tokens)
    },
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

/// Denials hold for the whole organization, so the security token decides nothing here.
fn evaluate(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let batch: Batch = call.json("eval")?;
    let denied = &shapes::caller(organization, call).denied;
    let evaluations: Vec<Value> = batch
        .evaluations
        .iter()
        .map(|one| {
            json!({
                "securityNamespaceId": one.security_namespace_id,
                "token": one.token,
                "permissions": one.permissions,
                "value": granted(denied, &one.security_namespace_id, one.permissions),
            })
        })
        .collect();
    Ok(Answer::ok(&json!({
        "alwaysAllowAdministrators": batch.always_allow_administrators,
        "evaluations": evaluations,
    })))
}

/// The same for one mask and several security tokens, one answer each in their order.
fn evaluate_tokens(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let denied = &shapes::caller(organization, call).denied;
    let bits = call.captured[1].parse().map_err(|_| refusals::body_missing("permissions"))?;
    let delimiter = call.query("delimiter").filter(|given| !given.is_empty()).unwrap_or(",");
    let tokens = call.query("tokens").unwrap_or_default().split(delimiter);
    Ok(Answer::list(tokens.map(|_| json!(granted(denied, call.captured[0], bits))).collect()))
}
