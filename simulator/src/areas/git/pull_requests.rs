//! Pull requests: list, get, create.

use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::Value;
use serde_json::json;

use super::repositories::locate_enabled;
use crate::areas::service_areas;
use crate::areas::shapes;
use crate::auth::Permission;
use crate::auth::RequiredPermissions;
use crate::choice::PULL_REQUEST_STATUS;
use crate::http::Call;
use crate::http::Outcome;
use crate::http::Response;
use crate::http::refusals;
use crate::route::ApiResource;
use crate::route::Placement;
use crate::route::Route;
use crate::state::Organization;
use crate::state::Project;
use crate::state::Unseen;
use crate::state::git::ObjectId;
use crate::state::git::PullRequest;
use crate::state::git::Repository;
use crate::state::git::Status;

const CODE: &[&str] = &["vso.code"];
const CODE_WRITE: &[&str] = &["vso.code_write"];

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
    ),
    Route::new(
        &PULL_REQUEST_BY_ID,
        "GET",
        "git/pullrequests/{id}",
        CODE,
        RequiredPermissions::READ_CODE,
        get_anywhere,
    )
    .at(Placement::Either),
    Route::new(
        &PULL_REQUESTS,
        "GET",
        "git/repositories/{repository}/pullrequests",
        CODE,
        RequiredPermissions::READ_CODE,
        list,
    ),
    Route::new(
        &PULL_REQUESTS,
        "POST",
        "git/repositories/{repository}/pullrequests",
        CODE_WRITE,
        RequiredPermissions::REVIEW,
        create,
    ),
    Route::new(
        &PULL_REQUESTS,
        "GET",
        "git/repositories/{repository}/pullrequests/{id}",
        CODE,
        RequiredPermissions::READ_CODE,
        get,
    ),
];

/// Returns the positions of project, repository and pull request.
pub(in crate::areas) fn find(
    organization: &mut Organization,
    call: &Call<'_>,
) -> Result<(usize, usize, usize), Response> {
    let (project, repository) = locate_enabled(organization, call)?;
    let all = &organization.projects[project].repositories[repository].pull_requests;
    let at = all.iter().position(|one| one.id.to_string() == call.captured[1]);
    let at = at.filter(|at| all[*at].unseen.look());
    at.map(|at| (project, repository, at)).ok_or_else(refusals::pull_request_not_found)
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

pub(super) fn url(call: &Call<'_>, project: &Project, repository: &Repository, one: &PullRequest) -> String {
    format!("{}/{}/_apis/git/repositories/{}/pullRequests/{}", call.base, project.id, repository.id, one.id)
}

/// The reviewers of a pull request at this URL.
pub(super) fn reviewers(
    organization: &Organization,
    call: &Call<'_>,
    url: &str,
    one: &PullRequest,
) -> Vec<Value> {
    let reviewer = |&(user, vote): &(usize, i32)| {
        let of = &organization.users[user];
        let avatar = format!("{}/_apis/GraphProfile/MemberAvatars/{}", call.base, shapes::descriptor(of));
        let mut value = json!({
            "reviewerUrl": format!("{url}/reviewers/{}", of.id),
            "vote": vote,
            "hasDeclined": false,
            "isFlagged": false,
            "displayName": of.name,
            "url": format!("{}/_apis/Identities/{}", call.base, of.id),
            "_links": { "avatar": { "href": avatar } },
            "id": of.id,
            "uniqueName": of.email,
            "imageUrl": format!("{}/_api/_common/identityImage?id={}", call.base, of.id),
        });
        if one.required.contains(&user) {
            value["isRequired"] = json!(true);
        }
        value
    };
    one.votes.iter().map(reviewer).collect()
}

fn shape(
    organization: &Organization,
    call: &Call<'_>,
    project: &Project,
    repository: &Repository,
    one: &PullRequest,
) -> Value {
    let url = url(call, project, repository, one);
    let commit = |id: ObjectId| json!({ "commitId": id.to_string() });
    let reviewers = reviewers(organization, call, &url, one);
    let tips = one.tips(&repository.refs);
    let conflicts = tips.is_some_and(|(source, target)| repository.merged(source, target).is_err());
    let merge_status = match (&one.completing, one.status) {
        (Some(_), _) => "queued",
        (None, Status::Active) if conflicts => "conflicts",
        _ => "succeeded",
    };
    let mut value = json!({
        "repository": shapes::repository(call, project, repository),
        "pullRequestId": one.id,
        "codeReviewId": one.id,
        "status": one.status.as_str(),
        "createdBy": shapes::user(call, &organization.users[one.creator]),
        "creationDate": shapes::moment(one.created),
        "title": one.title,
        "description": one.description,
        "sourceRefName": one.source,
        "targetRefName": one.target,
        "mergeStatus": merge_status,
        "isDraft": one.is_draft,
        "reviewers": reviewers,
        "supportsIterations": true,
        "url": url,
        "artifactId": format!("vstfs:///Git/PullRequestId/{}%2F{}%2F{}", project.id, repository.id, one.id),
    });
    if let Some(closed) = one.closed {
        value["closedDate"] = json!(shapes::moment(closed));
    }
    if let Some((source, target)) = tips {
        value["lastMergeSourceCommit"] = commit(source);
        value["lastMergeTargetCommit"] = commit(target);
    }
    if let Some(merged) = one.merged {
        value["lastMergeCommit"] = commit(merged);
    }
    value
}

/// A single pull request, which also shows who closed it and how its completion was requested.
pub(super) fn whole(
    organization: &Organization,
    call: &Call<'_>,
    project: &Project,
    repository: &Repository,
    one: &PullRequest,
) -> Value {
    let mut value = shape(organization, call, project, repository, one);
    if let Some(by) = one.closed_by {
        value["closedBy"] = shapes::user(call, &organization.users[by]);
    }
    if let Some(auto) = &one.auto_complete {
        value["autoCompleteSetBy"] = shapes::user(call, &organization.users[auto.by]);
    }
    if let Some(asked) = &one.asked {
        let mut options = json!({ "mergeStrategy": asked.strategy });
        if asked.delete_source {
            options["deleteSourceBranch"] = json!(true);
        }
        if let Some(message) = &asked.message {
            options["mergeCommitMessage"] = json!(message);
        }
        value["completionOptions"] = options;
        if one.completing.is_some() || one.status == Status::Completed {
            value["completionQueueTime"] = json!(shapes::moment(asked.at));
        }
    }
    value
}

fn fits(organization: &Organization, call: &Call<'_>, repository: &Repository, one: &PullRequest) -> bool {
    let criterion =
        |name: &str| call.query(&format!("searchCriteria.{name}")).filter(|text| !text.is_empty());
    let user = |position: usize| organization.users[position].id.to_string();
    let status = PULL_REQUEST_STATUS.name(criterion("status").unwrap_or("active"));
    (status == "all" || status == one.status.as_str())
        && criterion("sourceRefName").is_none_or(|name| name == one.source)
        && criterion("targetRefName").is_none_or(|name| name == one.target)
        && criterion("creatorId").is_none_or(|id| id.eq_ignore_ascii_case(&user(one.creator)))
        && criterion("reviewerId")
            .is_none_or(|id| one.votes.iter().any(|(who, _)| id.eq_ignore_ascii_case(&user(*who))))
        && criterion("repositoryId").is_none_or(|id| id.eq_ignore_ascii_case(&repository.id.to_string()))
}

/// The pull requests of one repository or of all, newest first.
fn listed(organization: &Organization, call: &Call<'_>, project: usize, only: Option<usize>) -> Response {
    let project = &organization.projects[project];
    let repositories = project.repositories.iter().enumerate().filter(|(at, repository)| {
        only.is_none_or(|only| only == *at)
            && !shapes::denied_in(organization, call, repository, Permission::GenericRead)
    });
    let mut all: Vec<(&Repository, &PullRequest)> = repositories
        .flat_map(|(_, repository)| repository.pull_requests.iter().map(move |one| (repository, one)))
        .filter(|(repository, one)| fits(organization, call, repository, one) && one.unseen.look())
        .collect();
    all.sort_by_key(|(_, one)| std::cmp::Reverse(one.id));
    let page = all.into_iter().skip(call.number("$skip").unwrap_or(0));
    let page = page.take(call.number("$top").unwrap_or(organization.settings.switches.page_size));
    Response::list(
        page.map(|(repository, one)| shape(organization, call, project, repository, one)).collect(),
    )
}

fn list_all(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let project = shapes::own_project(organization, call, StatusCode::NOT_FOUND)?;
    Ok(listed(organization, call, project, None))
}

fn list(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let (project, repository) = locate_enabled(organization, call)?;
    Ok(listed(organization, call, project, Some(repository)))
}

fn shown(organization: &mut Organization, call: &Call<'_>, place: (usize, usize, usize)) -> Value {
    let (project, repository, at) = place;
    let seen = &organization.projects[project];
    let held = &seen.repositories[repository];
    let value = whole(organization, call, seen, held, &held.pull_requests[at]);
    organization.advance_completion(place);
    organization.complete_when_policies_are_met(place);
    value
}

fn get(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let place = find(organization, call)?;
    Ok(Response::ok(&shown(organization, call, place)))
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
            Some((project, repository, at))
        })
    });
    let hidden = shapes::denied(organization, call, Permission::ReadProject);
    let readable = |&(project, repository, at): &(usize, usize, usize)| {
        let repository = &organization.projects[project].repositories[repository];
        !hidden
            && !shapes::denied_in(organization, call, repository, Permission::GenericRead)
            && repository.pull_requests[at].unseen.look()
    };
    let place = place.filter(readable).ok_or_else(refusals::pull_request_not_found)?;
    Ok(Response::ok(&shown(organization, call, place)))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct NewPullRequest {
    title: Option<String>,
    description: Option<String>,
    source_ref_name: Option<String>,
    target_ref_name: Option<String>,
    #[serde(default)]
    is_draft: bool,
}

fn create(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let body: NewPullRequest = call.json("gitPullRequestToCreate")?;
    let (project, position) = locate_enabled(organization, call)?;
    let creator = contributor(organization, call, (project, position))?;
    let required = |text: Option<String>, name: &str| {
        text.filter(|text| !text.is_empty()).ok_or_else(|| refusals::body_missing(name))
    };
    let source = required(body.source_ref_name, "sourceRefName")?;
    let target = required(body.target_ref_name, "targetRefName")?;
    let title = required(body.title, "title")?;
    let created = organization.now();
    let repository = &organization.projects[project].repositories[position];
    let branch = |name: &str| name.starts_with("refs/heads/") && repository.refs.contains_key(name);
    if source == target || !branch(&source) || !branch(&target) {
        return Err(refusals::pull_request_without_branch());
    }
    let same =
        |one: &PullRequest| one.status == Status::Active && one.source == source && one.target == target;
    if repository.pull_requests.iter().any(same) {
        return Err(refusals::pull_request_exists());
    }
    let id = organization.next_pull_request_id();
    let pull_request = PullRequest {
        id,
        title,
        description: body.description.unwrap_or_default(),
        is_draft: body.is_draft,
        status: Status::Active,
        source,
        target,
        creator,
        created,
        closed: None,
        closed_by: None,
        votes: Vec::new(),
        required: Vec::new(),
        threads: Vec::new(),
        closed_at: None,
        merged: None,
        completing: None,
        auto_complete: None,
        asked: None,
        unseen: Unseen::new(organization.settings.switches.invisible_for),
    };
    organization.projects[project].repositories[position].pull_requests.push(pull_request);
    let project = &organization.projects[project];
    let repository = &project.repositories[position];
    let made = &repository.pull_requests[repository.pull_requests.len() - 1];
    Ok(Response::json(StatusCode::CREATED, &shape(organization, call, project, repository, made)))
}
