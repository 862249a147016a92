//! Reviewers, votes and comment threads of pull requests.

use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use super::pull_requests::contributor;
use super::pull_requests::find;
use super::pull_requests::url;
use crate::areas::properties;
use crate::areas::service_areas;
use crate::areas::shapes;
use crate::auth::RequiredPermissions;
use crate::choice::THREAD_STATUS;
use crate::choice::chosen;
use crate::http::Call;
use crate::http::Content;
use crate::http::Outcome;
use crate::http::Response;
use crate::http::refusals;
use crate::route::ApiResource;
use crate::route::Route;
use crate::state::Organization;
use crate::state::Unseen;
use crate::state::git::Reply;
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

const THREAD_COMMENTS: ApiResource = ApiResource::new(
    &service_areas::GIT,
    "965a3ec7-5ed8-455a-bdcb-835a5ea7fe7b",
    "pullRequestThreadComments",
    "git/repositories/{repositoryId}/pullRequests/{pullRequestId}/threads/{threadId}/comments/{commentId}",
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
        "DELETE",
        "git/repositories/{repository}/pullrequests/{id}/reviewers/{reviewer}",
        CODE_WRITE,
        RequiredPermissions::REVIEW,
        remove,
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
    Route::new(
        &PULL_REQUEST_THREADS,
        "GET",
        "git/repositories/{repository}/pullrequests/{id}/threads/{thread}",
        CODE,
        RequiredPermissions::READ_CODE,
        thread,
    ),
    Route::new(
        &PULL_REQUEST_THREADS,
        "PATCH",
        "git/repositories/{repository}/pullrequests/{id}/threads/{thread}",
        CODE_WRITE,
        RequiredPermissions::REVIEW,
        change,
    ),
    Route::new(
        &THREAD_COMMENTS,
        "POST",
        "git/repositories/{repository}/pullrequests/{id}/threads/{thread}/comments",
        CODE_WRITE,
        RequiredPermissions::REVIEW,
        reply,
    ),
];

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Vote {
    #[serde(default)]
    vote: i32,
    #[serde(default)]
    is_required: Option<bool>,
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
    if let Some(is_required) = body.is_required {
        one.required.retain(|known| *known != user);
        one.required.extend(is_required.then_some(user));
    }
    let shown = shown(organization, call, (project, repository, at)).pop();
    Ok(Response::ok(&shown.unwrap_or_default()))
}

/// The reviewers in the order in which they were added or voted.
fn shown(
    organization: &Organization,
    call: &Call<'_>,
    (project, repository, at): (usize, usize, usize),
) -> Vec<Value> {
    let project = &organization.projects[project];
    let repository = &project.repositories[repository];
    let one = &repository.pull_requests[at];
    super::pull_requests::reviewers(organization, call, &url(call, project, repository, one), one)
}

/// The response to removing a reviewer who is not there is the same.
fn remove(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let (project, repository, at) = find(organization, call)?;
    contributor(organization, call, (project, repository))?;
    let id = call.captured[2];
    let user = organization.users.iter().position(|user| user.id.to_string().eq_ignore_ascii_case(id));
    let one = &mut organization.projects[project].repositories[repository].pull_requests[at];
    if one.status != Status::Active {
        return Err(refusals::pull_request_closed());
    }
    one.votes.retain(|(known, _)| Some(*known) != user);
    one.required.retain(|known| Some(*known) != user);
    Ok(Response::new(StatusCode::OK, Content::None, ""))
}

fn reviewers(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let place = find(organization, call)?;
    Ok(Response::list(shown(organization, call, place)))
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
    let thread = Thread {
        id,
        author,
        at: now,
        content: first.content,
        status,
        replies: Vec::new(),
        properties,
        unseen,
    };
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

/// Returns the positions of a pull request, and of the thread in the path.
fn find_thread(
    organization: &mut Organization,
    call: &Call<'_>,
) -> Result<((usize, usize, usize), usize), Response> {
    let (project, repository, at) = find(organization, call)?;
    let threads = &organization.projects[project].repositories[repository].pull_requests[at].threads;
    let id = call.captured[2];
    let found = threads.iter().position(|thread| thread.id.to_string() == id && thread.unseen.look());
    let thread = found.ok_or_else(|| refusals::thread_not_found(id))?;
    Ok(((project, repository, at), thread))
}

fn thread(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let ((project, repository, at), thread) = find_thread(organization, call)?;
    let one = &organization.projects[project].repositories[repository].pull_requests[at];
    Ok(Response::ok(&shape(organization, call, &one.threads[thread])))
}

#[derive(Deserialize)]
struct ThreadChanges {
    #[serde(default, deserialize_with = "chosen")]
    status: Option<String>,
}

fn change(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let body: ThreadChanges = call.json("commentThread")?;
    let ((project, repository, at), thread) = find_thread(organization, call)?;
    contributor(organization, call, (project, repository))?;
    let one = &mut organization.projects[project].repositories[repository].pull_requests[at];
    if let Some(status) = body.status {
        one.threads[thread].status = THREAD_STATUS.name(&status).to_owned();
    }
    let one = &organization.projects[project].repositories[repository].pull_requests[at];
    Ok(Response::ok(&shape(organization, call, &one.threads[thread])))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct NewReply {
    #[serde(default)]
    content: String,
    #[serde(default)]
    parent_comment_id: u32,
}

fn reply(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let body: NewReply = call.json("comment")?;
    let ((project, repository, at), thread) = find_thread(organization, call)?;
    let author = contributor(organization, call, (project, repository))?;
    if body.content.is_empty() {
        return Err(refusals::body_missing("content"));
    }
    let now = organization.now();
    let unseen = Unseen::new(organization.settings.switches.invisible_for);
    let reply = Reply { parent: body.parent_comment_id, author, at: now, content: body.content, unseen };
    let threads = &mut organization.projects[project].repositories[repository].pull_requests[at].threads;
    threads[thread].replies.push(reply.clone());
    let id = threads[thread].replies.len() + 1;
    Ok(Response::ok(&comment_shape(organization, call, id, &reply)))
}

fn comment_shape(organization: &Organization, call: &Call<'_>, id: usize, one: &Reply) -> Value {
    let at = shapes::moment(one.at);
    json!({
        "id": id,
        "parentCommentId": one.parent,
        "author": shapes::user(call, &organization.users[one.author]),
        "content": one.content,
        "publishedDate": at,
        "lastUpdatedDate": at,
        "lastContentUpdatedDate": at,
        "commentType": "text",
        "usersLiked": [],
    })
}

fn shape(organization: &Organization, call: &Call<'_>, thread: &Thread) -> Value {
    let (at, content) = (thread.at, thread.content.clone());
    let first = Reply { parent: 0, author: thread.author, at, content, unseen: Unseen::default() };
    let seen: Vec<(usize, &Reply)> = std::iter::once(&first)
        .chain(thread.replies.iter())
        .enumerate()
        .filter(|(_, one)| one.unseen.look())
        .collect();
    let latest = seen.last().map_or(thread.at, |(_, one)| one.at);
    let comments: Vec<Value> =
        seen.iter().map(|(position, one)| comment_shape(organization, call, position + 1, one)).collect();
    json!({
        "id": thread.id,
        "publishedDate": shapes::moment(thread.at),
        "lastUpdatedDate": shapes::moment(latest),
        "comments": comments,
        "status": thread.status,
        "threadContext": null,
        "properties": thread.properties,
        "identities": null,
        "isDeleted": false,
    })
}
