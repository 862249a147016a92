//! Protected resources: the lists in which clients look up their identifiers.
//!
//! The members follow the published description of serviceendpoint, distributedtask and environments 7.1; only those
//! that identify a resource are here.

use serde_json::Value;
use serde_json::json;

use super::pipeline::project;
use crate::areas::service_areas;
use crate::areas::shapes;
use crate::auth::Permission;
use crate::auth::RequiredPermissions;
use crate::http::Call;
use crate::http::Outcome;
use crate::http::Response;
use crate::http::SINCE_7_0;
use crate::http::refusals;
use crate::names;
use crate::route::ApiResource;
use crate::route::Placement;
use crate::route::Route;
use crate::state::Organization;
use crate::state::Project;
use crate::state::pipelines::Resource;
use crate::world::ResourceKind;

const ENDPOINTS: ApiResource = ApiResource::new(
    &service_areas::SERVICE_ENDPOINT,
    "e85f1c62-adfc-4b74-b618-11a150fb195e",
    "endpoints",
    "serviceendpoint/endpoints/{endpointId}",
    4,
);
const QUEUES: ApiResource = ApiResource::new(
    &service_areas::DISTRIBUTED_TASK,
    "900fa995-c559-4923-aae7-f8424fe4fbea",
    "queues",
    "distributedtask/queues/{queueId}",
    1,
);
const POOLS: ApiResource = ApiResource::new(
    &service_areas::DISTRIBUTED_TASK,
    "a8c47e17-4d56-4a56-92bb-de7ea7dc65be",
    "pools",
    "distributedtask/pools/{poolId}",
    1,
);
const SECUREFILES: ApiResource = ApiResource::new(
    &service_areas::DISTRIBUTED_TASK,
    "adcfd8bc-b184-43ba-bd84-7c8c6a2ff421",
    "securefiles",
    "distributedtask/securefiles/{secureFileId}",
    1,
);
pub(in crate::areas) const ROUTES: &[Route] = &[
    Route::new(
        &ENDPOINTS,
        "GET",
        "serviceendpoint/endpoints",
        &["vso.serviceendpoint"],
        RequiredPermissions::SEE_PROJECT,
        endpoints,
    )
    .released(SINCE_7_0),
    Route::new(
        &QUEUES,
        "GET",
        "distributedtask/queues",
        &["vso.agentpools"],
        RequiredPermissions::SEE_PROJECT,
        queues,
    )
    .recorded()
    .released(SINCE_7_0),
    Route::new(
        &QUEUES,
        "GET",
        "distributedtask/queues/{queue}",
        &["vso.agentpools"],
        RequiredPermissions::SEE_PROJECT,
        queue,
    )
    .recorded()
    .released(SINCE_7_0),
    Route::new(
        &ENDPOINTS,
        "GET",
        "serviceendpoint/endpoints/{endpoint}",
        &["vso.serviceendpoint"],
        RequiredPermissions::SEE_PROJECT,
        endpoint,
    )
    .released(SINCE_7_0),
    Route::new(
        &POOLS,
        "GET",
        "distributedtask/pools",
        &["vso.agentpools"],
        RequiredPermissions::SEE_PROJECT,
        pools,
    )
    .at(Placement::Organization)
    .released(SINCE_7_0),
    Route::new(
        &POOLS,
        "GET",
        "distributedtask/pools/{pool}",
        &["vso.agentpools"],
        RequiredPermissions::SEE_PROJECT,
        pool,
    )
    .at(Placement::Organization)
    .released(SINCE_7_0),
    Route::new(
        &SECUREFILES,
        "GET",
        "distributedtask/securefiles",
        &["vso.securefiles_read"],
        RequiredPermissions::SEE_PROJECT,
        secure_files,
    )
    .preview(),
];

fn endpoints(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    list(organization, call, ResourceKind::ServiceConnection, "endpointNames")
}

fn queues(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    list(organization, call, ResourceKind::AgentQueue, "queueNames")
}

fn queue(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let position = project(organization, call)?;
    let project = &organization.projects[position];
    let id = call.captured[0];
    let is_wanted = |one: &&Resource| one.kind == ResourceKind::AgentQueue && one.number.to_string() == id;
    let found = project.resources.iter().find(is_wanted);
    Ok(Response::ok(&found.map_or(Value::Null, |one| queue_shape(organization, project, one))))
}

/// A service connection that does not exist is null.
fn endpoint(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let position = project(organization, call)?;
    let id = call.captured[0];
    let found = organization.projects[position].resources.iter().find(|one| {
        one.kind == ResourceKind::ServiceConnection && one.id.to_string().eq_ignore_ascii_case(id)
    });
    Ok(Response::ok(&found.map_or(Value::Null, |one| json!({ "id": one.id, "name": one.name }))))
}

/// The pools of the organization: one for the queues of each name.
fn all_pools(organization: &Organization, call: &Call<'_>) -> Vec<Value> {
    let hidden = shapes::denied(organization, call, Permission::ReadProject);
    let mut pools: Vec<Value> = Vec::new();
    for project in organization.projects.iter().filter(|_| !hidden) {
        for queue in project.resources.iter().filter(|one| one.kind == ResourceKind::AgentQueue) {
            let pool = queue_shape(organization, project, queue)["pool"].clone();
            if !pools.iter().any(|known| known["name"] == pool["name"]) {
                pools.push(pool);
            }
        }
    }
    pools
}

fn pools(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let mut pools = all_pools(organization, call);
    if let Some(name) = call.query("poolName") {
        pools.retain(|pool| pool["name"].as_str().is_some_and(|known| names::same(known, name)));
    }
    Ok(Response::list(pools))
}

/// A pool that does not exist is not found.
fn pool(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let id = call.captured[0];
    let number: Option<u64> = id.parse().ok();
    let mut all = all_pools(organization, call).into_iter();
    let found = all.find(|pool| number.is_some() && pool["id"].as_u64() == number);
    Ok(Response::ok(&found.ok_or_else(|| refusals::pool_not_found(id))?))
}

/// A queue of the project, with the pool of the organization that has its name.
fn queue_shape(organization: &Organization, project: &Project, queue: &Resource) -> Value {
    json!({
        "id": queue.number,
        "projectId": project.id,
        "name": queue.name,
        "pool": {
            "id": queue.number,
            "scope": organization.id,
            "name": queue.name,
            "isHosted": false,
            "poolType": "automation",
            "size": 1,
            "isLegacy": false,
            "options": "none",
        },
    })
}

fn secure_files(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    list(organization, call, ResourceKind::SecureFile, "namePattern")
}

/// The resources of a kind, or those that the query names, separated by commas where the service accepts several.
fn list(organization: &mut Organization, call: &Call<'_>, kind: ResourceKind, filter: &str) -> Outcome {
    let position = project(organization, call)?;
    let wanted: Option<Vec<&str>> = call.query(filter).map(|names| match filter.ends_with("Names") {
        true => names.split(',').collect(),
        false => vec![names],
    });
    let project = &organization.projects[position];
    let all = project.resources.iter();
    let fitting = all.filter(|resource| {
        resource.kind == kind
            && wanted.as_ref().is_none_or(|names| names.iter().any(|name| names::same(name, &resource.name)))
    });
    let shape = |resource: &Resource| -> Value {
        // Service connections and secure files have a GUID, the others a number.
        match kind {
            ResourceKind::ServiceConnection | ResourceKind::SecureFile => {
                json!({ "id": resource.id, "name": resource.name })
            }
            ResourceKind::AgentQueue => queue_shape(organization, project, resource),
            _ => json!({ "id": resource.number, "name": resource.name }),
        }
    };
    Ok(Response::list(fitting.map(shape).collect()))
}
