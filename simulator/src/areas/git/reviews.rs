//! Reviewers, votes and comment threads of pull requests.

use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::Map;
use serde_json::Value;

use super::pull_request_shapes::url;
use super::pull_requests::contributor;
use super::pull_requests::find;
use super::thread_shapes::shape;
use crate::areas::properties;
use crate::areas::service_areas;
use crate::auth::RequiredPermissions;
use crate::choice::COMMENT_TYPE;
use crate::choice::THREAD_STATUS;
use crate::choice::chosen;
use crate::http::Call;
use crate::http::Content;
use crate::http::Outcome;
use crate::http::Response;
use crate::http::refusals;
use crate::route::ApiResource;
use crate::route::Placement;
use crate::route::Route;
use crate::state::LocatedPullRequest;
use crate::state::Organization;
use crate::state::PullRequestPlace;
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

pub(in crate::areas) const ROUTES: &[Route] = &[
    Route::new(
        &PULL_REQUEST_REVIEWERS,
        "PUT",
        "git/repositories/{repository}/pullrequests/{id}/reviewers/{reviewer}",
        CODE_WRITE,
        RequiredPermissions::REVIEW,
        vote,
    )
    .recorded()
    .at(Placement::Either),
    Route::new(
        &PULL_REQUEST_REVIEWERS,
        "DELETE",
        "git/repositories/{repository}/pullrequests/{id}/reviewers/{reviewer}",
        CODE_WRITE,
        RequiredPermissions::REVIEW,
        remove,
    )
    .recorded()
    .at(Placement::Either),
    Route::new(
        &PULL_REQUEST_REVIEWERS,
        "GET",
        "git/repositories/{repository}/pullrequests/{id}/reviewers",
        CODE,
        RequiredPermissions::READ_CODE,
        reviewers,
    )
    .recorded()
    .at(Placement::Either),
    Route::new(
        &PULL_REQUEST_REVIEWERS,
        "GET",
        "git/repositories/{repository}/pullrequests/{id}/reviewers/{reviewer}",
        CODE,
        RequiredPermissions::READ_CODE,
        reviewer,
    )
    .at(Placement::Either),
    Route::new(
        &PULL_REQUEST_REVIEWERS,
        "POST",
        "git/repositories/{repository}/pullrequests/{id}/reviewers",
        CODE_WRITE,
        RequiredPermissions::REVIEW,
        add_reviewers,
    )
    .recorded()
    .at(Placement::Either),
    Route::new(
        &PULL_REQUEST_THREADS,
        "GET",
        "git/repositories/{repository}/pullrequests/{id}/threads",
        CODE,
        RequiredPermissions::READ_CODE,
        threads,
    )
    .at(Placement::Either),
    Route::new(
        &PULL_REQUEST_THREADS,
        "POST",
        "git/repositories/{repository}/pullrequests/{id}/threads",
        CODE_WRITE,
        RequiredPermissions::REVIEW,
        comment,
    )
    .at(Placement::Either),
    Route::new(
        &PULL_REQUEST_THREADS,
        "GET",
        "git/repositories/{repository}/pullrequests/{id}/threads/{thread}",
        CODE,
        RequiredPermissions::READ_CODE,
        thread,
    )
    .at(Placement::Either),
    Route::new(
        &PULL_REQUEST_THREADS,
        "PATCH",
        "git/repositories/{repository}/pullrequests/{id}/threads/{thread}",
        CODE_WRITE,
        RequiredPermissions::REVIEW,
        change,
    )
    .at(Placement::Either),
];

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Vote {
    #[serde(default)]
    vote: i32,
    #[serde(default)]
    is_required: Option<bool>,
    #[serde(default)]
    has_declined: Option<bool>,
    #[serde(default)]
    is_flagged: Option<bool>,
}

/// Any user can be added as a reviewer, but only the caller's own vote can be set.
fn vote(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let body: Vote = call.json("reviewer")?;
    let place = find(organization, call)?;
    let caller = contributor(organization, call, place.of_repository())?;
    let id = call.captured[2];
    let user = organization.users.iter().position(|user| user.id.to_string().eq_ignore_ascii_case(id));
    let Some(user) = user else {
        return Err(refusals::bad_argument(&format!("The reviewer '{id}' is not known.")));
    };
    if !matches!(body.vote, -10 | -5 | 0 | 5 | 10) || (body.vote != 0 && user != caller) {
        return Err(refusals::bad_argument("The vote is not one that the caller can give."));
    }
    let one = organization.pull_request_mut(place);
    if one.status != Status::Active {
        return Err(refusals::pull_request_closed());
    }
    one.votes.retain(|(known, _)| *known != user);
    one.votes.push((user, body.vote));
    let marks = [
        (body.is_required, &mut one.required),
        (body.has_declined, &mut one.declined),
        (body.is_flagged, &mut one.flagged),
    ];
    for (given, marked) in marks {
        if let Some(given) = given {
            marked.retain(|known| *known != user);
            marked.extend(given.then_some(user));
        }
    }
    let shown = shown(organization, call, place).pop();
    Ok(Response::ok(&shown.unwrap_or_default()))
}

/// The reviewers in the order in which they were added or voted.
fn shown(organization: &Organization, call: &Call<'_>, place: PullRequestPlace) -> Vec<Value> {
    let LocatedPullRequest { project, repository, one } = organization.pull_request(place);
    super::pull_request_shapes::reviewers(organization, call, &url(call, project, repository, one), one)
}

/// The response to removing a reviewer who is not there is the same.
fn remove(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let place = find(organization, call)?;
    contributor(organization, call, place.of_repository())?;
    let id = call.captured[2];
    let user = organization.users.iter().position(|user| user.id.to_string().eq_ignore_ascii_case(id));
    let one = organization.pull_request_mut(place);
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

fn reviewer(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let place = find(organization, call)?;
    let id = call.captured[2];
    let is_wanted = |one: &Value| one["id"].as_str().is_some_and(|known| known.eq_ignore_ascii_case(id));
    let found = shown(organization, call, place).into_iter().find(is_wanted);
    found.map(|one| Response::ok(&one)).ok_or_else(|| refusals::reviewer_not_found(id))
}

#[derive(Deserialize)]
struct ReviewerReference {
    id: String,
}

fn add_reviewers(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let body: Vec<ReviewerReference> = call.json_list("reviewers")?;
    let place = find(organization, call)?;
    contributor(organization, call, place.of_repository())?;
    let mut added = Vec::new();
    for ReviewerReference { id } in &body {
        let user = organization.users.iter().position(|user| user.id.to_string().eq_ignore_ascii_case(id));
        added
            .push(user.ok_or_else(|| refusals::bad_argument(&format!("The reviewer '{id}' is not known.")))?);
    }
    let one = organization.pull_request_mut(place);
    if one.status != Status::Active {
        return Err(refusals::pull_request_closed());
    }
    for user in added {
        if !one.votes.iter().any(|(known, _)| *known == user) {
            one.votes.push((user, 0));
        }
    }
    Ok(Response::list(shown(organization, call, place)))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct NewThread {
    #[serde(default)]
    comments: Vec<NewComment>,
    #[serde(default, deserialize_with = "chosen")]
    status: Option<String>,
    #[serde(default)]
    properties: Option<Map<String, Value>>,
    #[serde(default)]
    thread_context: Value,
    #[serde(default)]
    pull_request_thread_context: Value,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct NewComment {
    #[serde(default)]
    pub(super) content: String,
    #[serde(default)]
    pub(super) parent_comment_id: u32,
    #[serde(default, deserialize_with = "chosen")]
    pub(super) comment_type: Option<String>,
}

impl NewComment {
    /// The kind of the comment, in the service's words.
    pub(super) fn kind(&self) -> String {
        COMMENT_TYPE.name(self.comment_type.as_deref().unwrap_or("text")).to_owned()
    }
}

fn comment(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let body: NewThread = call.json("commentThread")?;
    let place = find(organization, call)?;
    let author = contributor(organization, call, place.of_repository())?;
    let now = organization.now();
    let mut comments = body.comments.into_iter().filter(|comment| !comment.content.is_empty());
    let Some(first) = comments.next() else { return Err(refusals::body_missing("comments")) };
    let reply = |comment: NewComment| Reply {
        parent: comment.parent_comment_id,
        author,
        at: now,
        kind: comment.kind(),
        content: comment.content,
        edited: None,
        is_deleted: false,
        unseen: Unseen::default(),
    };
    let replies = comments.map(reply).collect();
    let properties = properties::read(body.properties)?;
    let unseen = Unseen::new(organization.settings.switches.invisible_for);
    let status = THREAD_STATUS.name(body.status.as_deref().unwrap_or("unknown")).to_owned();
    let id = organization.next_thread_id();
    let thread = Thread {
        id,
        author,
        at: now,
        kind: first.kind(),
        content: first.content,
        edited: None,
        is_deleted: false,
        status,
        replies,
        context: body.thread_context,
        iterations: body.pull_request_thread_context,
        properties,
        unseen,
    };
    let shown = shape(organization, call, place, &thread);
    organization.pull_request_mut(place).threads.push(thread);
    Ok(Response::ok(&shown))
}

fn threads(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let place = find(organization, call)?;
    let threads = &organization.pull_request(place).one.threads;
    Ok(Response::list(
        threads
            .iter()
            .filter(|thread| thread.unseen.look())
            .map(|thread| shape(organization, call, place, thread))
            .collect(),
    ))
}

/// Returns the place of a pull request, and the position of the thread in the path.
pub(super) fn find_thread(
    organization: &mut Organization,
    call: &Call<'_>,
) -> Result<(PullRequestPlace, usize), Response> {
    let place = find(organization, call)?;
    let threads = &organization.pull_request(place).one.threads;
    let id = call.captured[2];
    let found = threads.iter().position(|thread| thread.id.to_string() == id && thread.unseen.look());
    let thread = found.ok_or_else(|| refusals::thread_not_found(id))?;
    Ok((place, thread))
}

fn thread(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let (place, thread) = find_thread(organization, call)?;
    let thread = &organization.pull_request(place).one.threads[thread];
    Ok(Response::ok(&shape(organization, call, place, thread)))
}

#[derive(Deserialize)]
struct ThreadChanges {
    #[serde(default, deserialize_with = "chosen")]
    status: Option<String>,
    #[serde(default)]
    properties: Option<Map<String, Value>>,
}

fn change(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let body: ThreadChanges = call.json("commentThread")?;
    let (place, thread) = find_thread(organization, call)?;
    contributor(organization, call, place.of_repository())?;
    let properties = properties::read(body.properties)?;
    let one = organization.pull_request_mut(place);
    if let Some(status) = body.status {
        one.threads[thread].status = THREAD_STATUS.name(&status).to_owned();
    }
    one.threads[thread].properties.extend(properties);
    let thread = &organization.pull_request(place).one.threads[thread];
    Ok(Response::ok(&shape(organization, call, place, thread)))
}
