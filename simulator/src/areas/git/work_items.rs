//! The work items that are linked to a pull request.

use super::pull_requests::find;
use crate::areas::service_areas;
use crate::areas::work::links::references;
use crate::auth::RequiredPermissions;
use crate::http::Call;
use crate::http::Outcome;
use crate::http::Response;
use crate::route::ApiResource;
use crate::route::Placement;
use crate::route::Route;
use crate::state::LocatedPullRequest;
use crate::state::Organization;

const PULL_REQUEST_WORK_ITEMS: ApiResource = ApiResource::new(
    &service_areas::GIT,
    "0a637fcc-5370-4ce8-b0e8-98091f5f9482",
    "pullRequestWorkItems",
    "git/repositories/{repositoryId}/pullRequests/{pullRequestId}/workitems",
    1,
);

pub(in crate::areas) const ROUTES: &[Route] = &[Route::new(
    &PULL_REQUEST_WORK_ITEMS,
    "GET",
    "git/repositories/{repository}/pullrequests/{id}/workitems",
    &["vso.code"],
    RequiredPermissions::READ_CODE,
    list,
)
.at(Placement::Either)];

fn list(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let place = find(organization, call)?;
    let LocatedPullRequest { project, repository, one } = organization.pull_request(place);
    let uri = format!("vstfs:///Git/PullRequestId/{}/{}/{}", project.id, repository.id, one.id);
    Ok(Response::list(references(organization, call, &uri).collect()))
}
