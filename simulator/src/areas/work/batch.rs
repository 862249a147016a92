//! `$batch`: several work items created and changed with one request, each with its own result.

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::Value;
use serde_json::json;

use super::changes;
use super::work_items::WORK_WRITE;
use crate::areas::service_areas;
use crate::auth::Permission;
use crate::auth::RequiredPermissions;
use crate::http::Call;
use crate::http::Outcome;
use crate::http::Response;
use crate::http::Target;
use crate::http::call::query_pairs;
use crate::http::refusals;
use crate::route::ApiResource;
use crate::route::Placement;
use crate::route::Route;
use crate::state::Organization;

const BATCH: ApiResource = ApiResource::unlisted(&service_areas::WIT, "$batch", "wit/$batch");

/// The maximum number of requests in one.
const MOST: usize = 200;

pub(in crate::areas) const ROUTES: &[Route] =
    &[Route::new(&BATCH, "PATCH", "wit/$batch", WORK_WRITE, WRITE, batch).at(Placement::Organization)];
const WRITE: RequiredPermissions =
    RequiredPermissions::All(&[Permission::ReadProject, Permission::WorkItemRead, Permission::WorkItemWrite]);

/// A request in the batch. Its method is always `PATCH`, also for a new work item.
#[derive(Deserialize)]
struct Part {
    method: String,
    uri: String,
    #[serde(default)]
    headers: HashMap<String, String>,
    #[serde(default)]
    body: Vec<Value>,
}

fn batch(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let parts: Vec<Part> = call.json_list("batchRequests")?;
    if parts.len() > MOST {
        return Err(refusals::too_many_work_items(parts.len(), MOST));
    }
    // The identifiers that clients gave to new work items, to link others to them.
    let mut made: Vec<(i64, u64)> = Vec::new();
    let mut results = Vec::new();
    for part in parts {
        let response = one(organization, call, part, &mut made).unwrap_or_else(|refusal| refusal);
        results.push(json!({
            "code": response.status.as_u16(),
            "headers": { "Content-Type": "application/json; charset=utf-8" },
            "body": String::from_utf8_lossy(&response.body),
        }));
    }
    Ok(Response::list(results))
}

/// Sends one request of the batch.
fn one(organization: &mut Organization, call: &Call<'_>, part: Part, made: &mut Vec<(i64, u64)>) -> Outcome {
    let (path, query) = part.uri.split_once('?').unwrap_or((&part.uri, ""));
    let query = query_pairs(query);
    let refused = || {
        refusals::bad_argument(&format!("A batch cannot contain the request {} {}.", part.method, part.uri))
    };
    let target = Target::of(&format!("/{}{path}", call.target.organization)).ok_or_else(refused)?;
    let [area, resource, last] = target.segments.as_slice() else { return Err(refused()) };
    let fits = area.eq_ignore_ascii_case("wit") && resource.eq_ignore_ascii_case("workitems");
    if !fits || !part.method.eq_ignore_ascii_case("PATCH") {
        return Err(refused());
    }
    let mut operations = part.body;
    let own = operations.iter().position(|one| one["path"] == "/id").map(|at| operations.remove(at));
    let own = own.and_then(|one| number(&one["value"]));
    for url in operations.iter_mut().filter_map(|one| one.pointer_mut("/value/url")) {
        let named = url.as_str().and_then(|url| url.rsplit_once('/'));
        let known = named.and_then(|(before, id)| Some((before, id.parse::<i64>().ok()?)));
        let replaced = known.and_then(|(before, id)| {
            let (_, to) = made.iter().find(|(given, _)| *given == id)?;
            Some(format!("{before}/{to}"))
        });
        if let Some(replaced) = replaced {
            *url = json!(replaced);
        }
    }
    let body = json!(operations).to_string();
    let kind = part.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-type"));
    let (template, is_new) = match last.strip_prefix('$') {
        Some(name) => (name, true),
        None => (last.as_str(), false),
    };
    let inner = Call {
        target: &target,
        captured: vec![template],
        query: &query,
        accept: call.accept,
        content_type: kind.map_or("", |(_, value)| value),
        body: body.as_bytes(),
        user: call.user,
        permissions: call.permissions,
        base: call.base.clone(),
    };
    let response =
        if is_new { changes::create(organization, &inner)? } else { changes::update(organization, &inner)? };
    let id = serde_json::from_slice::<Value>(&response.body).ok().and_then(|value| value["id"].as_u64());
    made.extend(own.zip(id));
    Ok(response)
}

fn number(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str()?.parse().ok())
}
