//! The iterations of a pull request: its source branch after each push, and the files that it changes.

use serde_json::Value;
use serde_json::json;
use time::OffsetDateTime;

use super::pull_requests::find;
use crate::areas::service_areas;
use crate::areas::shapes;
use crate::auth::RequiredPermissions;
use crate::http::Call;
use crate::http::Outcome;
use crate::http::Response;
use crate::http::refusals;
use crate::route::ApiResource;
use crate::route::Placement;
use crate::route::Route;
use crate::state::LocatedPullRequest;
use crate::state::Organization;
use crate::state::git::Files;
use crate::state::git::ObjectId;
use crate::state::git::PullRequest;
use crate::state::git::PushRecord;
use crate::state::git::Repository;
use crate::state::git::objects::changed;

const CODE: &[&str] = &["vso.code"];

/// The number of changes in a page by default, and the most that a request gets.
const PAGE: usize = 100;
const LONGEST_PAGE: usize = 2000;

const ITERATIONS: ApiResource = ApiResource::new(
    &service_areas::GIT,
    "d43911ee-6958-46b0-a42b-8445b8a0d004",
    "pullRequestIterations",
    "git/repositories/{repositoryId}/pullRequests/{pullRequestId}/iterations/{iterationId}",
    2,
);
const ITERATION_CHANGES: ApiResource = ApiResource::new(
    &service_areas::GIT,
    "4216bdcf-b6b1-4d59-8b82-c34cc183fc8b",
    "pullRequestIterationChanges",
    "git/repositories/{repositoryId}/pullRequests/{pullRequestId}/iterations/{iterationId}/changes",
    1,
);

pub(in crate::areas) const ROUTES: &[Route] = &[
    Route::new(
        &ITERATIONS,
        "GET",
        "git/repositories/{repository}/pullrequests/{id}/iterations",
        CODE,
        RequiredPermissions::READ_CODE,
        list,
    )
    .at(Placement::Either),
    Route::new(
        &ITERATIONS,
        "GET",
        "git/repositories/{repository}/pullrequests/{id}/iterations/{iteration}",
        CODE,
        RequiredPermissions::READ_CODE,
        get,
    )
    .at(Placement::Either),
    Route::new(
        &ITERATION_CHANGES,
        "GET",
        "git/repositories/{repository}/pullrequests/{id}/iterations/{iteration}/changes",
        CODE,
        RequiredPermissions::READ_CODE,
        changes,
    )
    .at(Placement::Either),
];

/// The source branch after a push.
struct Iteration<'a> {
    number: usize,
    at: OffsetDateTime,
    source: ObjectId,
    target: ObjectId,
    base: Option<ObjectId>,
    /// The push, except for the first iteration: the state at the pull request's creation.
    push: Option<&'a PushRecord>,
}

/// Returns the iterations, oldest first; none if a branch no longer exists.
fn iterations<'a>(repository: &'a Repository, one: &PullRequest) -> Vec<Iteration<'a>> {
    let Some((latest, target)) = one.tips(&repository.refs) else { return Vec::new() };
    let is_later =
        |push: &&PushRecord| push.at > one.created && one.closed.is_none_or(|closed| push.at <= closed);
    let pushes = repository.pushes.iter().filter(|push| push.name == one.source && is_later(push));
    let pushes: Vec<&PushRecord> = pushes.filter(|push| push.new != ObjectId::ZERO).collect();
    let first = pushes.first().map_or(latest, |push| push.old);
    let states = std::iter::once((first, one.created, None))
        .chain(pushes.into_iter().map(|push| (push.new, push.at, Some(push))));
    let iteration =
        |(position, (source, at, push)): (usize, (ObjectId, OffsetDateTime, Option<&'a PushRecord>))| {
            let base = repository.merge_base(source, target).map(|commit| commit.id);
            Iteration { number: position + 1, at, source, target, base, push }
        };
    states.enumerate().map(iteration).collect()
}

fn shape(
    organization: &Organization,
    call: &Call<'_>,
    repository: &Repository,
    one: &PullRequest,
    iteration: &Iteration<'_>,
) -> Value {
    let author = iteration.push.map_or(one.creator, |push| push.pusher);
    let commit = |id: ObjectId| json!({ "commitId": id.to_string() });
    let at = shapes::moment(iteration.at);
    let message = repository.commit(iteration.source).map_or("", |commit| commit.message.as_str());
    let mut value = json!({
        "id": iteration.number,
        "description": message,
        "author": shapes::user(call, &organization.users[author]),
        "createdDate": at,
        "updatedDate": at,
        "sourceRefCommit": commit(iteration.source),
        "targetRefCommit": commit(iteration.target),
        "hasMoreCommits": false,
        "reason": if iteration.push.is_none() { "create" } else { "push" },
    });
    if let Some(base) = iteration.base {
        value["commonRefCommit"] = commit(base);
    }
    if let Some(push) = iteration.push {
        value["push"] = json!({
            "pushId": push.number,
            "date": at,
            "pushedBy": shapes::user(call, &organization.users[push.pusher]),
        });
    }
    value
}

fn list(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let place = find(organization, call)?;
    let LocatedPullRequest { repository, one, .. } = organization.pull_request(place);
    let all = iterations(repository, one);
    Ok(Response::list(
        all.iter().map(|iteration| shape(organization, call, repository, one, iteration)).collect(),
    ))
}

/// Returns the iteration with the number in the path.
fn numbered<'a>(all: &'a [Iteration<'a>], call: &Call<'_>) -> Result<&'a Iteration<'a>, Response> {
    let number = call.captured[2];
    let found = all.iter().find(|iteration| iteration.number.to_string() == number);
    found.ok_or_else(|| refusals::iteration_not_found(number))
}

/// Returns the source and the target of the iteration in the path.
pub(super) fn iteration_commits(
    repository: &Repository,
    one: &PullRequest,
    call: &Call<'_>,
) -> Result<(ObjectId, ObjectId), Response> {
    let all = iterations(repository, one);
    let iteration = numbered(&all, call)?;
    Ok((iteration.source, iteration.base.unwrap_or(iteration.target)))
}

fn get(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let place = find(organization, call)?;
    let LocatedPullRequest { repository, one, .. } = organization.pull_request(place);
    let all = iterations(repository, one);
    let iteration = numbered(&all, call)?;
    Ok(Response::ok(&shape(organization, call, repository, one, iteration)))
}

/// Returns the files that differ from another iteration, or, by default, from the commit at which the source branch left
/// its target.
fn changes(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let place = find(organization, call)?;
    let LocatedPullRequest { repository, one, .. } = organization.pull_request(place);
    let all = iterations(repository, one);
    let iteration = numbered(&all, call)?;
    let compared = match call.number("$compareTo").unwrap_or(0) {
        0 => iteration.base,
        number => {
            let other = all.iter().find(|other| other.number == number);
            Some(other.ok_or_else(|| refusals::iteration_not_found(&number.to_string()))?.source)
        }
    };
    let nothing = Files::new();
    let files = |id: Option<ObjectId>| {
        id.and_then(|id| repository.commit(id)).map_or(&nothing, |commit| &commit.files)
    };
    let (before, after) = (files(compared), files(Some(iteration.source)));
    let paths = changed(before, after);
    let (skip, top) = (call.number("$skip").unwrap_or(0), call.number("$top").unwrap_or(PAGE));
    let top = top.min(LONGEST_PAGE).min(organization.settings.switches.longest_page);
    let entries: Vec<Value> = paths
        .iter()
        .enumerate()
        .skip(skip)
        .take(top)
        .map(|(position, path)| {
            let id = |files: &Files| files.get(path).map(|blob| blob.id.to_string());
            let (old, new) = (id(before), id(after));
            let change = match (&old, &new) {
                (None, _) => "add",
                (_, None) => "delete",
                _ => "edit",
            };
            let mut item = json!({ "path": format!("/{path}") });
            if let Some(id) = &new {
                item["objectId"] = json!(id);
            }
            if let Some(id) = &old {
                item["originalObjectId"] = json!(id);
            }
            let number = position + 1;
            json!({ "changeTrackingId": number, "changeId": number, "item": item, "changeType": change })
        })
        .collect();
    let mut value = json!({ "changeEntries": entries });
    if skip + top < paths.len() {
        value["nextSkip"] = json!(skip + top);
        value["nextTop"] = json!(top);
    }
    Ok(Response::ok(&value))
}
