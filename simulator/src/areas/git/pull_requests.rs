//! Pull requests: list, get, create.

use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;
use uuid::Uuid;

use super::commits;
use super::completion;
use super::repositories::locate_enabled;
use crate::areas::service_areas;
use crate::areas::shapes;
use crate::areas::work::links;
use crate::areas::work::work_items;
use crate::auth::Permission;
use crate::auth::RequiredPermissions;
use crate::choice::PULL_REQUEST_STATUS;
use crate::http::Call;
use crate::http::Outcome;
use crate::http::Response;
use crate::http::refusals;
use crate::names;
use crate::route::ApiResource;
use crate::route::Placement;
use crate::route::Route;
use crate::state::Organization;
use crate::state::Project;
use crate::state::Unseen;
use crate::state::git::Label;
use crate::state::git::ObjectId;
use crate::state::git::PullRequest;
use crate::state::git::Repository;
use crate::state::git::Signature;
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
    .at(Placement::Either),
    Route::new(
        &PULL_REQUESTS,
        "GET",
        "git/repositories/{repository}/pullrequests",
        CODE,
        RequiredPermissions::READ_CODE,
        list,
    )
    .at(Placement::Either),
    Route::new(
        &PULL_REQUESTS,
        "POST",
        "git/repositories/{repository}/pullrequests",
        CODE_WRITE,
        RequiredPermissions::REVIEW,
        create,
    )
    .at(Placement::Either),
    Route::new(
        &PULL_REQUESTS,
        "GET",
        "git/repositories/{repository}/pullrequests/{id}",
        CODE,
        RequiredPermissions::READ_CODE,
        get,
    )
    .at(Placement::Either),
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
        let mut value = shapes::user(call, of);
        // Unlike other references to a user, a reviewer has no descriptor.
        value.as_object_mut().map(|value| value.remove("descriptor"));
        value["reviewerUrl"] = json!(format!("{url}/reviewers/{}", of.id));
        value["vote"] = json!(vote);
        value["hasDeclined"] = json!(one.declined.contains(&user));
        value["isFlagged"] = json!(one.flagged.contains(&user));
        if one.required.contains(&user) {
            value["isRequired"] = json!(true);
        }
        value
    };
    one.votes.iter().map(reviewer).collect()
}

/// How much of a pull request a response shows.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// In a list: the repository and the merge commit are references.
    Listed,
    /// Alone, by its number only: without links.
    ByNumber,
    /// Alone, in its repository.
    Whole,
}

/// A commit as a reference, in the repository with this URL.
fn commit(repository_url: &str, id: ObjectId) -> Value {
    json!({ "commitId": id.to_string(), "url": format!("{repository_url}/commits/{id}") })
}

pub(super) fn label(url: &str, label: &Label) -> Value {
    let url = format!("{url}/labels/{}", label.id);
    json!({ "id": label.id, "name": label.name, "active": true, "url": url })
}

pub(super) fn shape(
    organization: &Organization,
    call: &Call<'_>,
    project: &Project,
    repository: &Repository,
    one: &PullRequest,
    form: Form,
) -> Value {
    let url = url(call, project, repository, one);
    let mut held = shapes::repository_part(call, project, repository);
    let repository_url = held["url"].as_str().unwrap_or_default().to_owned();
    if form == Form::Listed {
        if let Some(held) = held.as_object_mut() {
            held.retain(|name, _| ["id", "name", "url", "project"].contains(&name.as_str()));
        }
        if let Some(project) = held["project"].as_object_mut() {
            project.retain(|name, _| name != "url" && name != "revision");
        }
    }
    let tips = one.tips(&repository.refs);
    let conflicts = tips.is_some_and(|(source, target)| repository.merged(source, target).is_err());
    let merge_status = match (&one.completing, one.status) {
        (Some(_), _) => "queued",
        (None, Status::Active) if conflicts => "conflicts",
        _ => "succeeded",
    };
    let mut value = json!({
        "repository": held,
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
        "mergeId": one.merge_id,
        "reviewers": reviewers(organization, call, &url, one),
        "supportsIterations": true,
        "url": url,
    });
    if !one.labels.is_empty() {
        value["labels"] = one.labels.iter().map(|one| label(&url, one)).collect();
    }
    if let Some(closed) = one.closed {
        value["closedDate"] = json!(shapes::moment(closed));
    }
    if let Some((source, target)) = tips {
        value["lastMergeSourceCommit"] = commit(&repository_url, source);
        value["lastMergeTargetCommit"] = commit(&repository_url, target);
    }
    if let Some(merged) = one.merged.and_then(|id| repository.commit(id)).filter(|_| !conflicts) {
        value["lastMergeCommit"] = commit(&repository_url, merged.id);
        if form != Form::Listed {
            let whole = commits::shape(call, project, repository, merged);
            for name in ["author", "committer", "comment"] {
                value["lastMergeCommit"][name] = whole[name].clone();
            }
        }
    }
    if !one.options.is_empty() {
        value["completionOptions"] = json!(one.options);
    }
    if let Some(queued) = one.queued.filter(|_| one.completing.is_some() || one.status == Status::Completed) {
        value["completionQueueTime"] = json!(shapes::moment(queued));
    }
    if let Some(auto) = &one.auto_complete {
        value["autoCompleteSetBy"] = shapes::user(call, &organization.users[auto.by]);
    }
    if form == Form::Listed {
        return value;
    }
    let artifact = format!("vstfs:///Git/PullRequestId/{}%2F{}%2F{}", project.id, repository.id, one.id);
    value["artifactId"] = json!(artifact);
    if let Some(by) = one.closed_by {
        value["closedBy"] = shapes::user(call, &organization.users[by]);
    }
    if form == Form::Whole {
        value["_links"] = own_links(call, &repository_url, &value);
    }
    value
}

/// The links of a single pull request.
fn own_links(call: &Call<'_>, repository_url: &str, value: &Value) -> Value {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let url = text(&value["url"]);
    let branch = |name: &Value| {
        let name = text(name);
        format!("{repository_url}/refs/{}", name.trim_start_matches("refs/"))
    };
    let commit = |id: &Value| format!("{repository_url}/commits/{}", text(&id["commitId"]));
    let creator = text(&value["createdBy"]["id"]);
    shapes::links([
        ("self", url.clone()),
        ("repository", repository_url.to_owned()),
        ("workItems", format!("{url}/workitems")),
        ("sourceBranch", branch(&value["sourceRefName"])),
        ("targetBranch", branch(&value["targetRefName"])),
        ("statuses", format!("{url}/statuses")),
        ("sourceCommit", commit(&value["lastMergeSourceCommit"])),
        ("targetCommit", commit(&value["lastMergeTargetCommit"])),
        ("createdBy", format!("{}/_apis/Identities/{creator}", call.base)),
        ("iterations", format!("{url}/iterations")),
    ])
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

/// Tries the merges of active pull requests whose branches have moved.
fn try_merges(organization: &mut Organization) {
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

fn shown(
    organization: &mut Organization,
    call: &Call<'_>,
    place: (usize, usize, usize),
    form: Form,
) -> Value {
    try_merges(organization);
    let (project, repository, at) = place;
    let seen = &organization.projects[project];
    let held = &seen.repositories[repository];
    let one = &held.pull_requests[at];
    let mut value = shape(organization, call, seen, held, one, form);
    if call.flag("includeWorkItemRefs") {
        let uri = format!("vstfs:///Git/PullRequestId/{}/{}/{}", seen.id, held.id, one.id);
        value["workItemRefs"] = links::references(organization, call, &uri).collect();
    }
    if let Some((source, target)) = one.tips(&held.refs).filter(|_| call.flag("includeCommits")) {
        let known: Vec<ObjectId> = held.history(target).map(|commit| commit.id).collect();
        let own = held.history(source).filter(|commit| !known.contains(&commit.id));
        value["commits"] = own.map(|commit| commits::in_list(call, seen, held, commit)).collect();
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
    Ok(Response::ok(&shown(organization, call, place, Form::ByNumber)))
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
    #[serde(default)]
    reviewers: Vec<NewReviewer>,
    #[serde(default)]
    labels: Vec<NewLabel>,
    #[serde(default)]
    work_item_refs: Vec<WorkItemReference>,
    completion_options: Option<Map<String, Value>>,
    auto_complete_set_by: Option<IdentityReference>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct NewReviewer {
    id: Uuid,
    #[serde(default)]
    is_required: bool,
}

#[derive(Deserialize)]
pub(super) struct NewLabel {
    pub(super) name: String,
}

#[derive(Deserialize)]
struct WorkItemReference {
    #[serde(deserialize_with = "crate::choice::text")]
    id: String,
}

#[derive(Deserialize)]
pub(super) struct IdentityReference {
    pub(super) id: Uuid,
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
    let (mut votes, mut required) = (Vec::new(), Vec::new());
    for reviewer in &body.reviewers {
        let user = organization.users.iter().position(|user| user.id == reviewer.id).ok_or_else(|| {
            refusals::bad_argument(&format!("The reviewer '{}' is not known.", reviewer.id))
        })?;
        votes.push((user, 0));
        required.extend(reviewer.is_required.then_some(user));
    }
    let items: Vec<(usize, usize)> = body
        .work_item_refs
        .iter()
        .map(|one| {
            work_items::locate_anywhere(organization, &one.id)
                .ok_or_else(|| refusals::work_item_not_found(&one.id))
        })
        .collect::<Result<_, _>>()?;
    let mut labels: Vec<Label> = Vec::new();
    for NewLabel { name } in body.labels {
        if !labels.iter().any(|known| names::same(&known.name, &name)) {
            labels.push(Label { id: Uuid::new_v4(), name });
        }
    }
    let id = organization.next_pull_request_id();
    let options = body.completion_options.map(completion::options).unwrap_or_default();
    let polls = organization.settings.switches.unfinished_for;
    let auto = body.auto_complete_set_by.filter(|who| !who.id.is_nil());
    let auto_complete = auto.map(|_| completion::completion(&options, polls, creator, created));
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
        votes,
        required,
        declined: Vec::new(),
        flagged: Vec::new(),
        labels,
        statuses: Vec::new(),
        threads: Vec::new(),
        closed_at: None,
        merged: None,
        merge_id: Uuid::new_v4(),
        completing: None,
        auto_complete,
        options,
        queued: None,
        unseen: Unseen::new(organization.settings.switches.invisible_for),
    };
    organization.projects[project].repositories[position].pull_requests.push(pull_request);
    let held = &organization.projects[project];
    let repository = &held.repositories[position];
    let uri = format!("vstfs:///Git/PullRequestId/{}%2F{}%2F{id}", held.id, repository.id);
    for item in items {
        links::attach(organization, item, &uri, "Pull Request");
    }
    let project = &organization.projects[project];
    let repository = &project.repositories[position];
    let made = &repository.pull_requests[repository.pull_requests.len() - 1];
    let mut value = shape(organization, call, project, repository, made, Form::Whole);
    // The service answers before it tries the merge.
    value["mergeStatus"] = json!("queued");
    if value.get("labels").is_none() {
        value["labels"] = json!([]);
    }
    Ok(Response::json(StatusCode::CREATED, &value))
}
