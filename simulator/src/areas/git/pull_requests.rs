//! Pull requests: list, get, create.

use axum::http::StatusCode;
use serde_json::Value;
use serde_json::json;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use uuid::Uuid;

use super::commits;
use super::pull_request_shapes::Form;
use super::pull_request_shapes::shape;
use super::repositories::locate_enabled;
use crate::areas::service_areas;
use crate::areas::shapes;
use crate::areas::work::links;
use crate::auth::Permission;
use crate::auth::RequiredPermissions;
use crate::choice::PULL_REQUEST_STATUS;
use crate::choice::PULL_REQUEST_TIME;
use crate::http::Call;
use crate::http::Outcome;
use crate::http::Response;
use crate::http::refusals;
use crate::route::ApiResource;
use crate::route::Placement;
use crate::route::Route;
use crate::state::LocatedPullRequest;
use crate::state::Organization;
use crate::state::Project;
use crate::state::PullRequestPlace;
use crate::state::git::ObjectId;
use crate::state::git::PullRequest;
use crate::state::git::Repository;
use crate::state::git::Signature;

const CODE: &[&str] = &["vso.code"];
pub(super) const CODE_WRITE: &[&str] = &["vso.code_write"];

pub(super) const PULL_REQUESTS: ApiResource = ApiResource::new(
    &service_areas::GIT,
    "9946fd70-0d40-406e-b686-b4744cbbcc37",
    "pullRequests",
    "git/repositories/{repositoryId}/pullRequests/{pullRequestId}",
    2,
);
const PULL_REQUEST_BY_ID: ApiResource = ApiResource::new(
    &service_areas::GIT,
    "01a46dea-7d46-4d40-bc84-319e7c260d99",
    "pullRequests",
    "git/pullRequests/{pullRequestId}",
    2,
);
const PULL_REQUESTS_OF_PROJECT: ApiResource = ApiResource::new(
    &service_areas::GIT,
    "a5d28130-9cd2-40fa-9f08-902e7daa9efb",
    "pullRequests",
    "git/pullRequests",
    2,
);

pub(in crate::areas) const ROUTES: &[Route] = &[
    Route::new(
        &PULL_REQUESTS_OF_PROJECT,
        "GET",
        "git/pullrequests",
        CODE,
        RequiredPermissions::READ_CODE,
        list_all,
    )
    .at(Placement::Either),
    Route::new(
        &PULL_REQUEST_BY_ID,
        "GET",
        "git/pullrequests/{id}",
        CODE,
        RequiredPermissions::READ_CODE,
        get_anywhere,
    )
    .recorded()
    .at(Placement::Either),
    Route::new(
        &PULL_REQUESTS,
        "GET",
        "git/repositories/{repository}/pullrequests",
        CODE,
        RequiredPermissions::READ_CODE,
        list,
    )
    .recorded()
    .at(Placement::Either),
    Route::new(
        &PULL_REQUESTS,
        "GET",
        "git/repositories/{repository}/pullrequests/{id}",
        CODE,
        RequiredPermissions::READ_CODE,
        get,
    )
    .recorded()
    .at(Placement::Either),
];

/// Returns the place of the pull request in the path.
pub(in crate::areas) fn find(
    organization: &mut Organization,
    call: &Call<'_>,
) -> Result<PullRequestPlace, Response> {
    let (project, repository) = locate_enabled(organization, call)?;
    let all = &organization.projects[project].repositories[repository].pull_requests;
    let at = all.iter().position(|one| one.id.to_string() == call.captured[1]);
    let at = at.filter(|at| all[*at].unseen.look());
    at.map(|at| PullRequestPlace { project, repository, at }).ok_or_else(refusals::pull_request_not_found)
}

/// Returns the caller, or the refusal for one who may not contribute to pull requests.
pub(super) fn contributor(
    organization: &Organization,
    call: &Call<'_>,
    repository: (usize, usize),
) -> Result<usize, Response> {
    shapes::allow_in(organization, call, repository, Permission::PullRequestContribute)?;
    Ok(call.user.unwrap_or(0))
}

fn fits(organization: &Organization, call: &Call<'_>, repository: &Repository, one: &PullRequest) -> bool {
    let criterion =
        |name: &str| call.query(&format!("searchCriteria.{name}")).filter(|text| !text.is_empty());
    let user = |position: usize| organization.users[position].id.to_string();
    let status = PULL_REQUEST_STATUS.name(criterion("status").unwrap_or("active"));
    // The criterion is an identifier; the service does not read a name.
    let repository_wanted = criterion("repositoryId").and_then(|id| Uuid::parse_str(id).ok());
    let is_by_end = PULL_REQUEST_TIME.name(criterion("queryTimeRangeType").unwrap_or_default()) == "closed";
    let at = if is_by_end { one.closed } else { Some(one.created) };
    let moment = |name: &str| OffsetDateTime::parse(criterion(name)?, &Rfc3339).ok();
    (status == "all" || status == one.status.as_str())
        && moment("minTime").is_none_or(|from| at.is_some_and(|at| at >= from))
        && moment("maxTime").is_none_or(|to| at.is_some_and(|at| at <= to))
        && criterion("title").is_none_or(|text| one.title.to_lowercase().contains(&text.to_lowercase()))
        && criterion("sourceRefName").is_none_or(|name| name == one.source)
        && criterion("targetRefName").is_none_or(|name| name == one.target)
        && criterion("creatorId").is_none_or(|id| id.eq_ignore_ascii_case(&user(one.creator)))
        && criterion("reviewerId")
            .is_none_or(|id| one.votes.iter().any(|(who, _)| id.eq_ignore_ascii_case(&user(*who))))
        && repository_wanted.is_none_or(|id| id == repository.id)
}

/// Tries the merges of active pull requests whose branches have moved.
pub(super) fn try_merges(organization: &mut Organization) {
    let Organization { users, projects, .. } = organization;
    for repository in projects.iter_mut().flat_map(|project| &mut project.repositories) {
        for at in 0..repository.pull_requests.len() {
            let one = &repository.pull_requests[at];
            let creator = &users[one.creator];
            let author = Signature::new(&creator.name, &creator.email, one.created);
            repository.try_merge(at, &author);
        }
    }
}

/// The pull requests of the organization, of a project or of a repository, newest first.
fn listed(
    organization: &mut Organization,
    call: &Call<'_>,
    project: Option<usize>,
    only: Option<usize>,
) -> Response {
    try_merges(organization);
    let organization = &*organization;
    let hidden = shapes::denied(organization, call, Permission::ReadProject);
    let projects = organization.projects.iter().enumerate();
    let projects = projects.filter(|(at, _)| !hidden && project.is_none_or(|only| only == *at));
    let repositories = projects
        .flat_map(|(_, held)| held.repositories.iter().enumerate().map(move |(at, one)| (held, at, one)))
        .filter(|(_, at, repository)| {
            only.is_none_or(|only| only == *at)
                && !shapes::denied_in(organization, call, repository, Permission::GenericRead)
        });
    let mut all: Vec<(&Project, &Repository, &PullRequest)> = repositories
        .flat_map(|(held, _, repository)| {
            repository.pull_requests.iter().map(move |one| (held, repository, one))
        })
        .filter(|(_, repository, one)| fits(organization, call, repository, one) && one.unseen.look())
        .collect();
    all.sort_by_key(|(_, _, one)| std::cmp::Reverse(one.id));
    let page = all.into_iter().skip(call.number("$skip").unwrap_or(0));
    let page = page.take(call.number("$top").unwrap_or(organization.settings.switches.page_size));
    let with_links =
        call.query("searchCriteria.includeLinks").is_some_and(|text| text.eq_ignore_ascii_case("true"));
    let shown = page.map(|(project, repository, one)| {
        let mut value = shape(organization, call, project, repository, one, Form::Listed);
        if with_links {
            let whole = shape(organization, call, project, repository, one, Form::Whole);
            value["_links"] = whole["_links"].clone();
        }
        value
    });
    let value: Vec<Value> = shown.collect();
    // Unlike in most lists, `value` comes before `count`.
    Response::ok(&json!({ "value": value, "count": value.len() }))
}

fn list_all(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let project = match &call.target.project {
        Some(name) => Some(shapes::project_position(organization, call, name, StatusCode::NOT_FOUND)?),
        None => None,
    };
    Ok(listed(organization, call, project, None))
}

fn list(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let (project, repository) = locate_enabled(organization, call)?;
    Ok(listed(organization, call, Some(project), Some(repository)))
}

fn shown(organization: &mut Organization, call: &Call<'_>, place: PullRequestPlace, form: Form) -> Value {
    try_merges(organization);
    let LocatedPullRequest { project, repository, one } = organization.pull_request(place);
    let mut value = shape(organization, call, project, repository, one, form);
    if call.flag("includeWorkItemRefs") {
        let uri = format!("vstfs:///Git/PullRequestId/{}/{}/{}", project.id, repository.id, one.id);
        value["workItemRefs"] = links::references(organization, call, &uri).collect();
    }
    if let Some((source, target)) = one.tips(&repository.refs).filter(|_| call.flag("includeCommits")) {
        let known: Vec<ObjectId> = repository.history(target).map(|commit| commit.id).collect();
        let own = repository.history(source).filter(|commit| !known.contains(&commit.id));
        value["commits"] = own.map(|commit| commits::in_list(call, project, repository, commit)).collect();
    }
    organization.advance_completion(place);
    organization.complete_when_policies_are_met(place);
    value
}

fn get(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let place = find(organization, call)?;
    Ok(Response::ok(&shown(organization, call, place, Form::Whole)))
}

fn get_anywhere(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let only = match &call.target.project {
        Some(name) => Some(shapes::project_position(organization, call, name, StatusCode::NOT_FOUND)?),
        None => None,
    };
    let id = call.captured[0];
    let mut places =
        organization.projects.iter().enumerate().filter(|(at, _)| only.is_none_or(|only| only == *at));
    let place = places.find_map(|(project, held)| {
        held.repositories.iter().enumerate().find_map(|(repository, held)| {
            let at = held.pull_requests.iter().position(|one| one.id.to_string() == id)?;
            Some(PullRequestPlace { project, repository, at })
        })
    });
    let hidden = shapes::denied(organization, call, Permission::ReadProject);
    let readable = |place: &PullRequestPlace| {
        let LocatedPullRequest { repository, one, .. } = organization.pull_request(*place);
        !hidden
            && !shapes::denied_in(organization, call, repository, Permission::GenericRead)
            && one.unseen.look()
    };
    let place = place.filter(readable).ok_or_else(refusals::pull_request_not_found)?;
    Ok(Response::ok(&shown(organization, call, place, Form::ByNumber)))
}
