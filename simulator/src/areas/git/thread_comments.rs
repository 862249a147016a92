//! The comments of a thread of a pull request: list, get, add, change and delete.

use axum::http::StatusCode;
use serde_json::Value;

use super::pull_requests::contributor;
use super::reviews::NewComment;
use super::reviews::find_thread;
use super::thread_shapes::comment_shape;
use super::thread_shapes::comments;
use super::thread_shapes::thread_url;
use crate::areas::service_areas;
use crate::auth::RequiredPermissions;
use crate::http::Call;
use crate::http::Content;
use crate::http::Outcome;
use crate::http::Response;
use crate::http::refusals;
use crate::route::ApiResource;
use crate::route::Placement;
use crate::route::Route;
use crate::state::Organization;
use crate::state::PullRequestPlace;
use crate::state::Unseen;
use crate::state::git::Reply;

const CODE: &[&str] = &["vso.code"];
const CODE_WRITE: &[&str] = &["vso.code_write"];

const THREAD_COMMENTS: ApiResource = ApiResource::new(
    &service_areas::GIT,
    "965a3ec7-5ed8-455a-bdcb-835a5ea7fe7b",
    "pullRequestThreadComments",
    "git/repositories/{repositoryId}/pullRequests/{pullRequestId}/threads/{threadId}/comments/{commentId}",
    1,
);

const ALL: &str = "git/repositories/{repository}/pullrequests/{id}/threads/{thread}/comments";
const ONE: &str = "git/repositories/{repository}/pullrequests/{id}/threads/{thread}/comments/{comment}";

pub(in crate::areas) const ROUTES: &[Route] = &[
    Route::new(&THREAD_COMMENTS, "GET", ALL, CODE, RequiredPermissions::READ_CODE, list)
        .at(Placement::Either),
    Route::new(&THREAD_COMMENTS, "POST", ALL, CODE_WRITE, RequiredPermissions::REVIEW, reply)
        .at(Placement::Either),
    Route::new(&THREAD_COMMENTS, "GET", ONE, CODE, RequiredPermissions::READ_CODE, get).at(Placement::Either),
    Route::new(&THREAD_COMMENTS, "PATCH", ONE, CODE_WRITE, RequiredPermissions::REVIEW, change)
        .at(Placement::Either),
    Route::new(&THREAD_COMMENTS, "DELETE", ONE, CODE_WRITE, RequiredPermissions::REVIEW, delete)
        .at(Placement::Either),
];

/// The position of a pull request, and that of one of its threads.
type Place = (PullRequestPlace, usize);

/// The comments of a thread in the service's form, each with its number.
fn shown(organization: &Organization, call: &Call<'_>, (place, thread): Place) -> Vec<(usize, Value)> {
    let thread = &organization.pull_request(place).one.threads[thread];
    let url = thread_url(organization, call, place, thread);
    let shape =
        |(id, comment): &(usize, Reply)| (*id, comment_shape(organization, call, &url, (*id, comment)));
    comments(thread).iter().map(shape).collect()
}

fn list(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let place = find_thread(organization, call)?;
    Ok(Response::list(shown(organization, call, place).into_iter().map(|(_, value)| value).collect()))
}

/// Returns the comment with this number, as it is shown.
fn numbered(
    organization: &Organization,
    call: &Call<'_>,
    place: Place,
    id: &str,
) -> Result<(usize, Value), Response> {
    let mut all = shown(organization, call, place).into_iter();
    let found = all.find(|(known, _)| known.to_string() == id);
    found.ok_or_else(|| refusals::thread_comment_not_found(id))
}

fn get(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let place = find_thread(organization, call)?;
    Ok(Response::ok(&numbered(organization, call, place, call.captured[3])?.1))
}

fn reply(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let body: NewComment = call.json("comment")?;
    let place = find_thread(organization, call)?;
    let (review, thread) = place;
    let author = contributor(organization, call, review.of_repository())?;
    if body.content.is_empty() {
        return Err(refusals::body_missing("content"));
    }
    let now = organization.now();
    let reply = Reply {
        parent: body.parent_comment_id,
        author,
        at: now,
        kind: body.kind(),
        content: body.content,
        edited: None,
        is_deleted: false,
        unseen: Unseen::new(organization.settings.switches.invisible_for),
    };
    organization.pull_request_mut(review).threads[thread].replies.push(reply.clone());
    let thread = &organization.pull_request(review).one.threads[thread];
    let id = thread.replies.len() + 1;
    let url = thread_url(organization, call, review, thread);
    Ok(Response::ok(&comment_shape(organization, call, &url, (id, &reply))))
}

/// Changes a comment that the caller has written; with `None`, deletes it.
fn write(
    organization: &mut Organization,
    call: &Call<'_>,
    content: Option<String>,
) -> Result<(Place, usize), Response> {
    let place = find_thread(organization, call)?;
    let (review, thread) = place;
    let caller = contributor(organization, call, review.of_repository())?;
    let (id, _) = numbered(organization, call, place, call.captured[3])?;
    let now = organization.now();
    let thread = &mut organization.pull_request_mut(review).threads[thread];
    let (author, text, edited, is_deleted) = match id {
        1 => (thread.author, &mut thread.content, &mut thread.edited, &mut thread.is_deleted),
        _ => {
            let reply = &mut thread.replies[id - 2];
            (reply.author, &mut reply.content, &mut reply.edited, &mut reply.is_deleted)
        }
    };
    if author != caller {
        return Err(refusals::thread_comment_of_another());
    }
    *edited = Some(now);
    match content {
        Some(content) => *text = content,
        None => *is_deleted = true,
    }
    Ok((place, id))
}

fn change(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let body: NewComment = call.json("comment")?;
    if body.content.is_empty() {
        return Err(refusals::body_missing("content"));
    }
    let (place, id) = write(organization, call, Some(body.content))?;
    Ok(Response::ok(&numbered(organization, call, place, &id.to_string())?.1))
}

fn delete(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    write(organization, call, None)?;
    Ok(Response::new(StatusCode::OK, Content::None, ""))
}
