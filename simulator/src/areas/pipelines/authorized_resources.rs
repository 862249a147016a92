//! The resources that all pipelines of a project may use, as the build area lists them.

use serde::Deserialize;
use serde_json::Value;
use serde_json::json;

use super::pipeline::project;
use crate::areas::service_areas;
use crate::areas::shapes;
use crate::auth::Permission;
use crate::auth::RequiredPermissions;
use crate::choice::text;
use crate::http::Call;
use crate::http::Outcome;
use crate::http::Response;
use crate::http::refusals;
use crate::route::ApiResource;
use crate::route::Route;
use crate::state::Organization;

const AUTHORIZED_RESOURCES: ApiResource = ApiResource::new(
    &service_areas::BUILD,
    "398c85bc-81aa-4822-947c-a194a05f0fef",
    "authorizedresources",
    "build/authorizedresources",
    1,
);

pub(in crate::areas) const ROUTES: &[Route] = &[
    Route::new(
        &AUTHORIZED_RESOURCES,
        "GET",
        "build/authorizedresources",
        &["vso.build"],
        RequiredPermissions::SEE_PROJECT,
        list,
    )
    .recorded()
    .preview(),
    Route::new(
        &AUTHORIZED_RESOURCES,
        "PATCH",
        "build/authorizedresources",
        &["vso.build_execute", "vso.pipelineresources_manage"],
        RequiredPermissions::All(&[Permission::ReadProject, Permission::AdministerResources]),
        authorize,
    )
    .recorded()
    .preview(),
];

fn shape((kind, id): (&str, &str), is_authorized: bool) -> Value {
    json!({ "type": kind, "id": id, "authorized": is_authorized })
}

/// The authorized resources, of one type or with one identifier if the query names these.
fn list(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let position = project(organization, call)?;
    let fits =
        |name: &str, value: &str| call.query(name).is_none_or(|wanted| wanted.eq_ignore_ascii_case(value));
    let all = organization.projects[position].authorized.iter().filter(|(_, allowed)| allowed.all);
    let parts = all.filter_map(|(key, _)| key.split_once('/'));
    let fitting = parts.filter(|(kind, id)| fits("type", kind) && fits("id", id));
    Ok(Response::list(fitting.map(|one| shape(one, true)).collect()))
}

#[derive(Deserialize)]
struct Authorization {
    #[serde(rename = "type")]
    kind: String,
    #[serde(deserialize_with = "text")]
    id: String,
    authorized: bool,
}

fn authorize(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let body: Vec<Authorization> = call.json_list("resources")?;
    let position = project(organization, call)?;
    if shapes::denied(organization, call, Permission::AdministerResources) {
        return Err(refusals::needs_to_administer(&shapes::caller(organization, call).name));
    }
    let authorized = &mut organization.projects[position].authorized;
    for one in &body {
        let key = format!("{}/{}", one.kind.to_ascii_lowercase(), one.id.to_ascii_lowercase());
        authorized.entry(key).or_default().all = one.authorized;
    }
    Ok(Response::list(body.iter().map(|one| shape((&one.kind, &one.id), one.authorized)).collect()))
}
