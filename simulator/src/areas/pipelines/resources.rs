//! Protected resources: the lists in which clients look for their identifiers.
//!
//! Shapes from the published description of serviceendpoint, distributedtask and environments 7.1; of each only what
//! a resource is known by.

use serde_json::Value;
use serde_json::json;

use super::pipeline::project;
use crate::auth::RequiredPermissions;
use crate::http::Call;
use crate::http::Outcome;
use crate::http::Response;
use crate::http::SINCE_7_0;
use crate::names;
use crate::route::Route;
use crate::state::Organization;
use crate::state::pipelines::Resource;
use crate::world::ResourceKind;

pub(in crate::areas) const ROUTES: &[Route] = &[
    Route {
        released: SINCE_7_0,
        ..Route::of(
            "GET",
            "serviceendpoint/endpoints",
            &["vso.serviceendpoint"],
            RequiredPermissions::SEE_PROJECT,
            endpoints,
        )
    },
    Route {
        released: SINCE_7_0,
        ..Route::of(
            "GET",
            "distributedtask/queues",
            &["vso.agentpools"],
            RequiredPermissions::SEE_PROJECT,
            queues,
        )
    },
    Route {
        released: None,
        ..Route::of(
            "GET",
            "distributedtask/variablegroups",
            &["vso.variablegroups_read"],
            RequiredPermissions::SEE_PROJECT,
            variable_groups,
        )
    },
    Route {
        released: None,
        ..Route::of(
            "GET",
            "distributedtask/securefiles",
            &["vso.securefiles_read"],
            RequiredPermissions::SEE_PROJECT,
            secure_files,
        )
    },
    Route {
        released: None,
        ..Route::of(
            "GET",
            "pipelines/environments",
            &["vso.environment_manage"],
            RequiredPermissions::SEE_PROJECT,
            environments,
        )
    },
];

fn endpoints(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    list(organization, call, ResourceKind::ServiceConnection, "endpointNames")
}

fn queues(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    list(organization, call, ResourceKind::AgentQueue, "queueNames")
}

fn variable_groups(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    list(organization, call, ResourceKind::VariableGroup, "groupName")
}

fn secure_files(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    list(organization, call, ResourceKind::SecureFile, "namePattern")
}

fn environments(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    list(organization, call, ResourceKind::Environment, "name")
}

/// The resources of a kind, or those that the query names: several parted by commas where the service takes several.
fn list(organization: &mut Organization, call: &Call<'_>, kind: ResourceKind, filter: &str) -> Outcome {
    let position = project(organization, call)?;
    let wanted: Option<Vec<&str>> = call.query(filter).map(|names| match filter.ends_with("Names") {
        true => names.split(',').collect(),
        false => vec![names],
    });
    let all = organization.projects[position].resources.iter();
    let fitting = all.filter(|resource| {
        resource.kind == kind
            && wanted.as_ref().is_none_or(|names| names.iter().any(|name| names::same(name, &resource.name)))
    });
    let shape = |resource: &Resource| -> Value {
        // Service connections and secure files are known by a GUID, the others by a number.
        match kind {
            ResourceKind::ServiceConnection | ResourceKind::SecureFile => {
                json!({ "id": resource.id, "name": resource.name })
            }
            _ => json!({ "id": resource.number, "name": resource.name }),
        }
    };
    Ok(Response::list(fitting.map(shape).collect()))
}
