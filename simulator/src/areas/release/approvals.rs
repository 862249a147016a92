//! Approvals of releases' stages.

use serde::Deserialize;
use serde_json::Value;
use serde_json::json;

use super::definitions::project;
use crate::areas::service_areas;
use crate::areas::shapes;
use crate::auth::Permission;
use crate::auth::RequiredPermissions;
use crate::choice::APPROVAL_STATUS;
use crate::choice::chosen;
use crate::http::Call;
use crate::http::Outcome;
use crate::http::Response;
use crate::http::refusals;
use crate::names;
use crate::route::ApiResource;
use crate::route::Route;
use crate::state::Organization;
use crate::state::pipelines::ApprovalStatus;
use crate::state::releases::Approval;
use crate::state::releases::Release;
use crate::state::releases::ReleaseStage;

const APPROVALS: ApiResource = ApiResource::new(
    &service_areas::RELEASE,
    "b47c6458-e73b-47cb-a770-4df1e8813a91",
    "approvals",
    "release/approvals",
    3,
);
const APPROVAL: ApiResource = ApiResource::new(
    &service_areas::RELEASE,
    "9328e074-59fb-465a-89d9-b09c82ee5109",
    "approvals",
    "release/approvals/{approvalId}",
    3,
);

pub(in crate::areas) const ROUTES: &[Route] = &[
    Route::new(
        &APPROVALS,
        "GET",
        "release/approvals",
        &["vso.release"],
        RequiredPermissions::VIEW_RELEASES,
        list,
    ),
    Route::new(
        &APPROVAL,
        "PATCH",
        "release/approvals/{approval}",
        &["vso.release_manage"],
        RequiredPermissions::VIEW_RELEASES,
        decide,
    ),
];

pub(super) fn shape(
    organization: &Organization,
    call: &Call<'_>,
    release: &Release,
    stage: &ReleaseStage,
    approval: &Approval,
) -> Value {
    let approver =
        organization.users.iter().find(|user| names::same(&user.id.to_string(), &approval.approver));
    json!({
        "id": approval.id,
        "revision": 1,
        "approver": approver.map(|user| shapes::user(call, user)),
        "approvalType": "preDeploy",
        "createdOn": shapes::moment(approval.created),
        "status": approval.status.as_str(),
        "comments": approval.comment,
        "isAutomated": false,
        "attempt": 1,
        "rank": 1,
        "release": { "id": release.id, "name": release.name },
        "releaseDefinition": { "id": release.pipeline },
        "releaseEnvironment": { "id": stage.id, "name": stage.name },
    })
}

/// Pending approvals, unless another status is requested.
fn list(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let position = project(organization, call)?;
    let visible = !shapes::denied(organization, call, Permission::ViewReleases);
    organization.look_at_releases(position);
    let status = call.query("statusFilter").map_or("pending", |status| APPROVAL_STATUS.name(status));
    let ids: Option<Vec<&str>> = call.query("releaseIdsFilter").map(|ids| ids.split(',').collect());
    let mut found = Vec::new();
    for release in organization.projects[position].releases.iter().filter(|_| visible) {
        if ids.as_ref().is_some_and(|ids| !ids.contains(&release.id.to_string().as_str())) {
            continue;
        }
        for stage in &release.stages {
            let fitting =
                stage.approval.iter().filter(|one| status == "undefined" || one.status.as_str() == status);
            found.extend(fitting.map(|one| shape(organization, call, release, stage, one)));
        }
    }
    Ok(Response::list(found))
}

#[derive(Deserialize)]
struct Decision {
    #[serde(default, deserialize_with = "chosen")]
    status: Option<String>,
    comments: Option<String>,
}

/// Only the approver may decide.
fn decide(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let body: Decision = call.json("approval")?;
    let position = project(organization, call)?;
    organization.look_at_releases(position);
    let id = call.captured[0];
    let caller = shapes::caller(organization, call);
    let (caller_id, caller_name) = (caller.id.to_string(), caller.name.clone());
    let visible = !shapes::denied(organization, call, Permission::ViewReleases);
    let anybody = organization.settings.switches.unverified.anybody_decides;
    let is = |stage: &ReleaseStage| stage.approval.as_ref().is_some_and(|one| one.id.to_string() == id);
    let releases = &mut organization.projects[position].releases;
    let place =
        releases.iter().enumerate().find_map(|(at, release)| Some((at, release.stages.iter().position(is)?)));
    let (release, stage) =
        place.filter(|_| visible).ok_or_else(|| refusals::release_approval_not_found(id))?;
    let known = &mut releases[release].stages[stage];
    let approval = known.approval.as_ref().expect("it was found by its approval");
    if !anybody && !names::same(&approval.approver, &caller_id) {
        return Err(refusals::not_the_approver(&caller_name));
    }
    if approval.status != ApprovalStatus::Pending {
        return Err(refusals::release_invalid(&format!(
            "The approval {id} is already {}.",
            approval.status.as_str()
        )));
    }
    let approved = match body.status.as_deref().map(|status| APPROVAL_STATUS.name(status)) {
        Some("approved") => true,
        Some("rejected") => false,
        _ => return Err(refusals::body_missing("approval.Status")),
    };
    known.decide(approved, body.comments.as_deref().unwrap_or_default());
    let found = &organization.projects[position].releases[release];
    let approval = found.stages[stage].approval.as_ref().expect("it was found by its approval");
    Ok(Response::ok(&shape(organization, call, found, &found.stages[stage], approval)))
}
