//! The commits of a pull request and of its iterations.

use serde_json::Value;

use super::commits;
use super::iterations::iteration_commits;
use super::pull_requests::find;
use crate::areas::service_areas;
use crate::auth::RequiredPermissions;
use crate::http::Call;
use crate::http::Outcome;
use crate::http::Response;
use crate::route::ApiResource;
use crate::route::Placement;
use crate::route::Route;
use crate::state::LocatedPullRequest;
use crate::state::Organization;
use crate::state::PullRequestPlace;
use crate::state::git::ObjectId;

const CODE: &[&str] = &["vso.code"];

const COMMITS: ApiResource = ApiResource::new(
    &service_areas::GIT,
    "52823034-34a8-4576-922c-8d8b77e9e4c4",
    "pullRequestCommits",
    "git/repositories/{repositoryId}/pullRequests/{pullRequestId}/commits",
    1,
);
const ITERATION_COMMITS: ApiResource = ApiResource::new(
    &service_areas::GIT,
    "e7ea0883-095f-4926-b5fb-f24691c26fb9",
    "pullRequestCommits",
    "git/repositories/{repositoryId}/pullRequests/{pullRequestId}/iterations/{iterationId}/commits",
    1,
);

pub(in crate::areas) const ROUTES: &[Route] = &[
    Route::new(
        &COMMITS,
        "GET",
        "git/repositories/{repository}/pullrequests/{id}/commits",
        CODE,
        RequiredPermissions::READ_CODE,
        of_pull_request,
    )
    .at(Placement::Either),
    Route::new(
        &ITERATION_COMMITS,
        "GET",
        "git/repositories/{repository}/pullrequests/{id}/iterations/{iteration}/commits",
        CODE,
        RequiredPermissions::READ_CODE,
        of_iteration,
    )
    .at(Placement::Either),
];

/// The commits of one that another does not have, newest first.
fn own(
    organization: &Organization,
    call: &Call<'_>,
    place: PullRequestPlace,
    (source, target): (ObjectId, ObjectId),
) -> Response {
    let LocatedPullRequest { project, repository, .. } = organization.pull_request(place);
    let known: Vec<ObjectId> = repository.history(target).map(|commit| commit.id).collect();
    let own = repository.history(source).filter(|commit| !known.contains(&commit.id));
    let all: Vec<Value> = own.map(|commit| commits::in_list(call, project, repository, commit)).collect();
    let skip = call.number("continuationToken").unwrap_or(0);
    let top = call.page_length(&organization.settings.switches);
    let (page, next) = crate::http::call::page(all, skip, call.number("$top").unwrap_or(top));
    Response::list(page).continued(next)
}

fn of_pull_request(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let place = find(organization, call)?;
    let LocatedPullRequest { repository, one, .. } = organization.pull_request(place);
    let Some(tips) = one.tips(&repository.refs) else {
        return Ok(Response::list(Vec::new()));
    };
    Ok(own(organization, call, place, tips))
}

fn of_iteration(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let place = find(organization, call)?;
    let LocatedPullRequest { repository, one, .. } = organization.pull_request(place);
    let tips = iteration_commits(repository, one, call)?;
    Ok(own(organization, call, place, tips))
}
