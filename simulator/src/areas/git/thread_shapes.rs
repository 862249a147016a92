//! The forms of comment threads and of their comments in responses.

use serde_json::Value;
use serde_json::json;

use super::pull_request_shapes::url;
use crate::areas::shapes;
use crate::http::Call;
use crate::state::LocatedPullRequest;
use crate::state::Organization;
use crate::state::PullRequestPlace;
use crate::state::Unseen;
use crate::state::git::Reply;
use crate::state::git::Thread;

/// The comments of a thread, each with its number; the first is part of the thread.
pub(super) fn comments(thread: &Thread) -> Vec<(usize, Reply)> {
    let first = Reply {
        parent: 0,
        author: thread.author,
        at: thread.at,
        kind: thread.kind.clone(),
        content: thread.content.clone(),
        edited: thread.edited,
        is_deleted: thread.is_deleted,
        unseen: Unseen::default(),
    };
    let seen = thread.replies.iter().enumerate().filter(|(_, one)| one.unseen.look());
    let rest = seen.map(|(position, one)| (position + 2, one.clone()));
    std::iter::once((1, first)).chain(rest).collect()
}

/// A deleted comment stays in its place, without its content.
pub(super) fn comment_shape(
    organization: &Organization,
    call: &Call<'_>,
    thread_url: &str,
    (id, one): (usize, &Reply),
) -> Value {
    let changed = shapes::moment(one.edited.unwrap_or(one.at));
    let mut value = json!({
        "id": id,
        "parentCommentId": one.parent,
        "author": shapes::user(call, &organization.users[one.author]),
        "publishedDate": shapes::moment(one.at),
        "lastUpdatedDate": changed,
        "lastContentUpdatedDate": changed,
        "commentType": one.kind,
        "usersLiked": [],
        "_links": shapes::links([
            ("self", format!("{thread_url}/comments/{id}")),
            ("threads", thread_url.to_owned()),
        ]),
    });
    if one.is_deleted {
        value["isDeleted"] = json!(true);
    } else {
        value["content"] = json!(one.content);
    }
    value
}

/// The URL of a thread.
pub(super) fn thread_url(
    organization: &Organization,
    call: &Call<'_>,
    place: PullRequestPlace,
    thread: &Thread,
) -> String {
    let LocatedPullRequest { project, repository, one } = organization.pull_request(place);
    let url = url(call, project, repository, one);
    format!("{url}/threads/{}", thread.id)
}

pub(super) fn shape(
    organization: &Organization,
    call: &Call<'_>,
    place: PullRequestPlace,
    thread: &Thread,
) -> Value {
    let url = thread_url(organization, call, place, thread);
    let seen = comments(thread);
    let latest = seen.iter().map(|(_, one)| one.edited.unwrap_or(one.at)).max().unwrap_or(thread.at);
    let is_deleted = seen.iter().all(|(_, one)| one.is_deleted);
    let shown: Vec<Value> =
        seen.iter().map(|(id, one)| comment_shape(organization, call, &url, (*id, one))).collect();
    json!({
        "id": thread.id,
        "publishedDate": shapes::moment(thread.at),
        "lastUpdatedDate": shapes::moment(latest),
        "comments": shown,
        "status": thread.status,
        "threadContext": thread.context,
        "pullRequestThreadContext": thread.iterations,
        "properties": thread.properties,
        "identities": null,
        "isDeleted": is_deleted,
        "_links": shapes::links([("self", url)]),
    })
}
