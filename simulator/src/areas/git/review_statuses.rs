//! Statuses of pull requests, which services give them.

use super::pull_requests::contributor;
use super::pull_requests::find;
use super::statuses::NewStatus;
use super::statuses::shape;
use crate::areas::service_areas;
use crate::auth::RequiredPermissions;
use crate::http::Call;
use crate::http::Outcome;
use crate::http::Response;
use crate::http::refusals;
use crate::route::ApiResource;
use crate::route::Placement;
use crate::route::Route;
use crate::state::Organization;
use crate::state::Unseen;
use crate::state::git::ObjectId;

const STATUSES: ApiResource = ApiResource::new(
    &service_areas::GIT,
    "b5f6bb4f-8d1e-4d79-8d11-4c9172c99c35",
    "pullRequestStatuses",
    "git/repositories/{repositoryId}/pullRequests/{pullRequestId}/statuses/{statusId}",
    2,
);

const ALL: &str = "git/repositories/{repository}/pullrequests/{id}/statuses";
const ONE: &str = "git/repositories/{repository}/pullrequests/{id}/statuses/{status}";

pub(in crate::areas) const ROUTES: &[Route] = &[
    Route::new(&STATUSES, "GET", ALL, &["vso.code", "vso.code_status"], RequiredPermissions::READ_CODE, list)
        .at(Placement::Either),
    Route::new(
        &STATUSES,
        "POST",
        ALL,
        &["vso.code_status", "vso.code_write"],
        RequiredPermissions::REVIEW,
        create,
    )
    .at(Placement::Either),
    Route::new(&STATUSES, "GET", ONE, &["vso.code", "vso.code_status"], RequiredPermissions::READ_CODE, get)
        .at(Placement::Either),
];

fn list(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let place = find(organization, call)?;
    let one = organization.pull_request(place).one;
    Ok(Response::list(one.statuses.iter().map(|status| shape(organization, call, status)).collect()))
}

fn get(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let place = find(organization, call)?;
    let one = organization.pull_request(place).one;
    let id = call.captured[2];
    let status = one.statuses.iter().find(|status| status.id.to_string() == id);
    let status = status.ok_or_else(|| refusals::pull_request_status_not_found(id))?;
    Ok(Response::ok(&shape(organization, call, status)))
}

fn create(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let body: NewStatus = call.json("status")?;
    let place = find(organization, call)?;
    let by = contributor(organization, call, place.of_repository())?;
    let now = organization.now();
    let one = organization.pull_request_mut(place);
    let id = u32::try_from(one.statuses.len() + 1).unwrap_or(u32::MAX);
    let status = body.read(id, ObjectId::ZERO, by, now, Unseen::default())?;
    one.statuses.push(status.clone());
    Ok(Response::ok(&shape(organization, call, &status)))
}
