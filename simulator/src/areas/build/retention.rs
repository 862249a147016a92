//! Retention leases, which keep builds beyond the retention policies.

use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::Value;
use serde_json::json;
use time::Duration;

use super::builds;
use crate::areas::service_areas;
use crate::areas::shapes;
use crate::auth::Permission;
use crate::auth::RequiredPermissions;
use crate::http::Call;
use crate::http::Outcome;
use crate::http::Response;
use crate::http::refusals;
use crate::route::ApiResource;
use crate::route::Route;
use crate::state::Organization;
use crate::state::Unseen;
use crate::state::pipelines::Lease;
use crate::state::pipelines::Run;

/// The longest time of a lease in days, about a century.
const LONGEST: i64 = 36_500;

const LEASES: ApiResource = ApiResource::new(
    &service_areas::BUILD,
    "272051e4-9af1-45b5-ae22-8d960a5539d4",
    "leases",
    "build/retention/leases/{*leaseId}",
    2,
);
const BUILD_LEASES: ApiResource = ApiResource::new(
    &service_areas::BUILD,
    "3da19a6a-f088-45c4-83ce-2ad3a87be6c4",
    "buildleases",
    "build/builds/{buildId}/leases",
    1,
);

pub(in crate::areas) const ROUTES: &[Route] = &[
    Route::new(
        &BUILD_LEASES,
        "GET",
        "build/builds/{build}/leases",
        &["vso.build"],
        RequiredPermissions::VIEW_BUILDS,
        list,
    ),
    Route::new(
        &LEASES,
        "POST",
        "build/retention/leases",
        &["vso.build_execute"],
        RequiredPermissions::All(&[
            Permission::ReadProject,
            Permission::ViewBuilds,
            Permission::RetainBuilds,
        ]),
        add,
    ),
];

fn shape(run: &Run, lease: &Lease) -> Value {
    json!({
        "leaseId": lease.id,
        "ownerId": lease.owner,
        "runId": run.id,
        "definitionId": run.pipeline,
        "createdOn": shapes::moment(lease.created),
        "validUntil": shapes::moment(lease.until),
        "protectPipeline": lease.protects_pipeline,
    })
}

fn list(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let (project, run) = builds::locate(organization, call)?;
    let run = &organization.projects[project].runs[run];
    let seen = run.leases.iter().filter(|lease| lease.unseen.look());
    Ok(Response::list(seen.map(|lease| shape(run, lease)).collect()))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct NewLease {
    days_valid: i64,
    definition_id: u32,
    owner_id: String,
    #[serde(default)]
    protect_pipeline: bool,
    run_id: u32,
}

fn add(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let wanted: Vec<NewLease> = call.json_list("newLeases")?;
    let position = shapes::own_project(organization, call, StatusCode::BAD_REQUEST)?;
    let is_visible = !shapes::denied(organization, call, Permission::ViewBuilds);
    let mut shown = Vec::new();
    for new in wanted {
        let runs = &organization.projects[position].runs;
        let is_it = |run: &Run| run.id == new.run_id && run.pipeline == new.definition_id;
        let at = runs.iter().position(is_it).filter(|_| is_visible);
        let at = at.ok_or_else(|| refusals::build_not_found(&new.run_id.to_string()))?;
        if shapes::denied(organization, call, Permission::RetainBuilds) {
            return Err(builds::denied(organization, call, position, at, Permission::RetainBuilds));
        }
        if new.owner_id.is_empty() || !(1..=LONGEST).contains(&new.days_valid) {
            return Err(refusals::bad_argument("The lease is not valid."));
        }
        let created = organization.now();
        let lease = Lease {
            id: organization.next_lease_id(),
            owner: new.owner_id,
            created,
            until: created + Duration::days(new.days_valid),
            protects_pipeline: new.protect_pipeline,
            unseen: Unseen::new(organization.settings.switches.invisible_for),
        };
        let run = &mut organization.projects[position].runs[at];
        run.leases.push(lease.clone());
        shown.push(shape(run, &lease));
    }
    Ok(Response::list(shown))
}
