//! Environments, and the checks of protected resources.
//!
//! The members follow the published description of environments and approvals and checks 7.1.

use serde_json::Value;
use serde_json::json;

use super::pipeline::project;
use crate::areas::service_areas;
use crate::areas::shapes;
use crate::auth::RequiredPermissions;
use crate::choice::CHECK_EXPAND;
use crate::choice::ENVIRONMENT_EXPAND;
use crate::http::Call;
use crate::http::Outcome;
use crate::http::Response;
use crate::http::SINCE_7_1;
use crate::http::refusals;
use crate::names;
use crate::route::ApiResource;
use crate::route::Route;
use crate::state::Organization;
use crate::state::Project;
use crate::state::pipelines::Resource;
use crate::world::CheckKind;
use crate::world::ResourceCheck;
use crate::world::ResourceKind;

const ENVIRONMENTS: ApiResource = ApiResource::new(
    &service_areas::ENVIRONMENTS,
    "d86b72de-d240-4d6f-8d06-08c2d66b015d",
    "environments",
    "pipelines/environments/{environmentId}",
    1,
);
/// The same environments at another path, where clients that read the table of locations look for them.
const TASK_ENVIRONMENTS: ApiResource = ApiResource::new(
    &service_areas::DISTRIBUTED_TASK,
    "8572b1fc-2482-47fa-8f74-7e3ed53ee54b",
    "environments",
    "distributedtask/environments/{environmentId}",
    1,
);
const ENVIRONMENT: &[&str] = &["vso.environment_manage"];
const SEE: RequiredPermissions = RequiredPermissions::SEE_PROJECT;
const CONFIGURATIONS: ApiResource = ApiResource::new(
    &service_areas::PIPELINES_CHECKS,
    "86c8381e-5aee-4cde-8ae4-25c0c7f5eaea",
    "configurations",
    "pipelines/checks/configurations/{id}",
    1,
);

pub(in crate::areas) const ROUTES: &[Route] = &[
    Route::new(&ENVIRONMENTS, "GET", "pipelines/environments", ENVIRONMENT, SEE, environments)
        .released(SINCE_7_1),
    Route::new(&ENVIRONMENTS, "GET", "pipelines/environments/{environment}", ENVIRONMENT, SEE, environment)
        .released(SINCE_7_1),
    Route::new(&TASK_ENVIRONMENTS, "GET", "distributedtask/environments", ENVIRONMENT, SEE, environments)
        .released(SINCE_7_1),
    Route::new(
        &TASK_ENVIRONMENTS,
        "GET",
        "distributedtask/environments/{environment}",
        ENVIRONMENT,
        SEE,
        environment,
    )
    .released(SINCE_7_1),
    Route::new(
        &CONFIGURATIONS,
        "GET",
        "pipelines/checks/configurations",
        &["vso.build"],
        RequiredPermissions::SEE_PROJECT,
        checks,
    )
    .preview(),
];

/// The environments, or the one that the query names.
fn environments(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let position = project(organization, call)?;
    let project = &organization.projects[position];
    let name = call.query("name");
    let fits = |one: &&Resource| {
        one.kind == ResourceKind::Environment && name.is_none_or(|name| names::same(name, &one.name))
    };
    let shown = project.resources.iter().filter(fits);
    Ok(Response::list(shown.map(|one| environment_shape(organization, call, project, one)).collect()))
}

fn environment_shape(
    organization: &Organization,
    call: &Call<'_>,
    project: &Project,
    one: &Resource,
) -> Value {
    let creator = shapes::user(call, &organization.users[0]);
    let since = shapes::moment(project.updated);
    json!({
        "id": one.number,
        "name": one.name,
        "description": "",
        "createdBy": creator,
        "createdOn": since,
        "lastModifiedBy": creator,
        "lastModifiedOn": since,
        "project": { "id": project.id, "name": project.name },
    })
}

/// With `expands=resourceReferences` the environment has its resources, and here it has none.
fn environment(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let position = project(organization, call)?;
    let project = &organization.projects[position];
    let id = call.captured[0];
    let is_it = |one: &&Resource| one.kind == ResourceKind::Environment && one.number.to_string() == id;
    let found = project.resources.iter().find(is_it).ok_or_else(|| refusals::environment_not_found(id))?;
    let mut value = environment_shape(organization, call, project, found);
    if call.query("expands").is_some_and(|what| ENVIRONMENT_EXPAND.name(what) == "resourceReferences") {
        value["resources"] = json!([]);
    }
    Ok(Response::ok(&value))
}

/// The service's name of a kind of resource.
fn word(kind: ResourceKind) -> &'static str {
    match kind {
        ResourceKind::ServiceConnection => "endpoint",
        ResourceKind::AgentQueue => "queue",
        ResourceKind::VariableGroup => "variablegroup",
        ResourceKind::SecureFile => "securefile",
        ResourceKind::Environment => "environment",
    }
}

fn id(resource: &Resource) -> String {
    match resource.kind {
        ResourceKind::ServiceConnection | ResourceKind::SecureFile => resource.id.to_string(),
        _ => resource.number.to_string(),
    }
}

/// The checks of a resource. A resource that does not exist has none.
fn checks(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let position = project(organization, call)?;
    let project = &organization.projects[position];
    let (kind, wanted) = (call.query("resourceType"), call.query("resourceId"));
    let with_settings = call.query("$expand").is_some_and(|expand| CHECK_EXPAND.name(expand) == "settings");
    let mut shown = Vec::new();
    for resource in &project.resources {
        let is_it = kind.is_some_and(|kind| kind.eq_ignore_ascii_case(word(resource.kind)))
            && wanted.is_some_and(|wanted| wanted.eq_ignore_ascii_case(&id(resource)));
        for (at, check) in resource.checks.iter().enumerate().filter(|_| is_it) {
            shown.push(shape(organization, call, project, (resource, at), check, with_settings));
        }
    }
    Ok(Response::list(shown))
}

fn shape(
    organization: &Organization,
    call: &Call<'_>,
    project: &Project,
    (resource, at): (&Resource, usize),
    check: &ResourceCheck,
    with_settings: bool,
) -> Value {
    let (type_id, name) = match check.kind {
        CheckKind::Approval => ("8c6f20a7-a545-4486-9777-f762fafe0d4d", "Approval"),
        CheckKind::ExclusiveLock => ("2ef31ad6-baa0-403a-8b45-2cbc9b4e5563", "ExclusiveLock"),
        CheckKind::BusinessHours => ("fe1de3ee-a436-41b4-bb20-f6eb4cb879a7", "Task Check"),
    };
    let creator = shapes::user(call, &organization.users[0]);
    let since = shapes::moment(project.updated);
    let number = resource.number * 100 + at + 1;
    let mut value = json!({
        "createdBy": creator,
        "createdOn": since,
        "modifiedBy": creator,
        "modifiedOn": since,
        "timeout": 43_200,
        "id": number,
        "version": 1,
        "type": { "id": type_id, "name": name },
        "url": format!("{}/{}/_apis/pipelines/checks/configurations/{number}", call.base, project.id),
        "resource": { "type": word(resource.kind), "id": id(resource), "name": resource.name },
    });
    if with_settings {
        value["settings"] = settings(organization, call, check);
    }
    value
}

fn settings(organization: &Organization, call: &Call<'_>, check: &ResourceCheck) -> Value {
    match check.kind {
        CheckKind::Approval => {
            let found = |name: &String| organization.users.iter().find(|user| user.is_called(name));
            let approvers = check.approvers.iter().filter_map(found);
            let approvers: Vec<Value> = approvers.map(|user| shapes::user(call, user)).collect();
            json!({
                "approvers": approvers,
                "executionOrder": "anyOrder",
                "minRequiredApprovers": 0,
                "instructions": "",
                "blockedApprovers": [],
            })
        }
        CheckKind::ExclusiveLock => json!({}),
        CheckKind::BusinessHours => json!({
            "displayName": "Business hours",
            "definitionRef": { "id": "445fde2f-6c39-441c-807f-8a59ff2e075f", "name": "evaluateBusinessHours", "version": "0.0.1" },
            "inputs": {},
            "retryInterval": 5,
        }),
    }
}
