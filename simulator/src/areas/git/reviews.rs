//! Reviewers, votes and comment threads of pull requests.

use serde::Deserialize;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use super::pull_requests::contributor;
use super::pull_requests::find;
use crate::areas::properties;
use crate::areas::service_areas;
use crate::areas::shapes;
use crate::auth::RequiredPermissions;
use crate::choice::THREAD_STATUS;
use crate::choice::chosen;
use crate::http::Call;
use crate::http::Outcome;
use crate::http::Response;
use crate::http::refusals;
use crate::route::ApiResource;
use crate::route::Route;
use crate::state::Organization;
use crate::state::Unseen;
use crate::state::git::Status;
use crate::state::git::Thread;

const CODE: &[&str] = &["vso.code"];
const CODE_WRITE: &[&str] = &["vso.code_write"];

const PULL_REQUEST_REVIEWERS: ApiResource = ApiResource::new(
    &service_areas::GIT,
    "4b6702c7-aa35-4b89-9c96-b9abf6d3e540",
    "pullRequestReviewers",
    "git/repositories/{repositoryId}/pullRequests/{pullRequestId}/reviewers/{reviewerId}",
    1,
);
const PULL_REQUEST_THREADS: ApiResource = ApiResource::new(
    &service_areas::GIT,
    "ab6e2e5d-a0b7-4153-b64a-a4efe0d49449",
    "pullRequestThreads",
    "git/repositories/{repositoryId}/pullRequests/{pullRequestId}/threads/{threadId}",
    1,
);

pub(in crate::areas) const ROUTES: &[Route] = &[
    Route::new(
        &PULL_REQUEST_REVIEWERS,
        "PUT",
        "git/repositories/{repository}/pullrequests/{id}/reviewers/{reviewer}",
        CODE_WRITE,
        RequiredPermissions::REVIEW,
        vote,
    ),
    Route::new(
        &PULL_REQUEST_REVIEWERS,
        "GET",
        "git/repositories/{repository}/pullrequests/{id}/reviewers",
        CODE,
        RequiredPermissions::READ_CODE,
        reviewers,
    ),
    Route::new(
        &PULL_REQUEST_THREADS,
        "GET",
        "git/repositories/{repository}/pullrequests/{id}/threads",
        CODE,
        RequiredPermissions::READ_CODE,
        threads,
    ),
    Route::new(
        &PULL_REQUEST_THREADS,
        "POST",
        "git/repositories/{repository}/pullrequests/{id}/threads",
        CODE_WRITE,
        RequiredPermissions::REVIEW,
        comment,
    ),
];

#[derive(Deserialize)]
struct Vote {
    #[serde(default)]
    vote: i32,
}

/// Any user can be added as a reviewer, but only the caller's own vote can be set.
fn vote(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let body: Vote = call.json("reviewer")?;
    let (project, repository, at) = find(organization, call)?;
    let caller = contributor(organization, call, (project, repository))?;
    let id = call.captured[2];
    let user = organization.users.iter().position(|user| user.id.to_string().eq_ignore_ascii_case(id));
    let Some(user) = user else {
        return Err(refusals::bad_argument(&format!("The reviewer '{id}' is not known.")));
    };
    if !matches!(body.vote, -10 | -5 | 0 | 5 | 10) || (body.vote != 0 && user != caller) {
        return Err(refusals::bad_argument("The vote is not one that the caller can give."));
    }
    let one = &mut organization.projects[project].repositories[repository].pull_requests[at];
    if one.status != Status::Active {
        return Err(refusals::pull_request_closed());
    }
    one.votes.retain(|(known, _)| *known != user);
    one.votes.push((user, body.vote));
    Ok(Response::ok(&reviewer(organization, call, user, body.vote)))
}

fn reviewer(organization: &Organization, call: &Call<'_>, user: usize, vote: i32) -> Value {
    let mut value = shapes::user(call, &organization.users[user]);
    value["vote"] = json!(vote);
    value
}

fn reviewers(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let (project, repository, at) = find(organization, call)?;
    let votes = &organization.projects[project].repositories[repository].pull_requests[at].votes;
    Ok(Response::list(votes.iter().map(|(user, vote)| reviewer(organization, call, *user, *vote)).collect()))
}

#[derive(Deserialize)]
struct NewThread {
    #[serde(default)]
    comments: Vec<NewComment>,
    #[serde(default, deserialize_with = "chosen")]
    status: Option<String>,
    #[serde(default)]
    properties: Option<Map<String, Value>>,
}

#[derive(Deserialize)]
struct NewComment {
    #[serde(default)]
    content: String,
}

fn comment(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let body: NewThread = call.json("commentThread")?;
    let (project, repository, at) = find(organization, call)?;
    let author = contributor(organization, call, (project, repository))?;
    let now = organization.now();
    let Some(first) = body.comments.into_iter().find(|comment| !comment.content.is_empty()) else {
        return Err(refusals::body_missing("comments"));
    };
    let properties = properties::read(body.properties)?;
    let unseen = Unseen::new(organization.settings.switches.invisible_for);
    let status = THREAD_STATUS.name(body.status.as_deref().unwrap_or("unknown")).to_owned();
    let id = organization.next_thread_id();
    let thread = Thread { id, author, at: now, content: first.content, status, properties, unseen };
    let shown = shape(organization, call, &thread);
    organization.projects[project].repositories[repository].pull_requests[at].threads.push(thread);
    Ok(Response::ok(&shown))
}

fn threads(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let (project, repository, at) = find(organization, call)?;
    let threads = &organization.projects[project].repositories[repository].pull_requests[at].threads;
    Ok(Response::list(
        threads
            .iter()
            .filter(|thread| thread.unseen.look())
            .map(|thread| shape(organization, call, thread))
            .collect(),
    ))
}

fn shape(organization: &Organization, call: &Call<'_>, thread: &Thread) -> Value {
    let at = shapes::moment(thread.at);
    json!({
        "id": thread.id,
        "publishedDate": at,
        "lastUpdatedDate": at,
        "comments": [{
            "id": 1,
            "parentCommentId": 0,
            "author": shapes::user(call, &organization.users[thread.author]),
            "content": thread.content,
            "publishedDate": at,
            "lastUpdatedDate": at,
            "commentType": "text",
        }],
        "status": thread.status,
        "properties": thread.properties,
        "isDeleted": false,
    })
}
