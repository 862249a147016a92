//! Comments of work items: list, get, add, change and delete.

use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::Value;
use serde_json::json;

use super::work_items::WORK;
use super::work_items::WORK_WRITE;
use super::work_items::locate;
use super::work_items::writer;
use crate::areas::service_areas;
use crate::areas::shapes;
use crate::auth::Permission;
use crate::auth::RequiredPermissions;
use crate::choice::COMMENT_ORDER;
use crate::choice::FIELD_FORMAT;
use crate::http::Call;
use crate::http::Content;
use crate::http::Outcome;
use crate::http::Response;
use crate::http::refusals;
use crate::route::ApiResource;
use crate::route::Route;
use crate::state::Organization;
use crate::state::Unseen;
use crate::state::work::Field;
use crate::state::work::WorkItem;
use crate::state::work::WorkItemComment;

/// The most comments of one page.
const MOST: usize = 200;

const COMMENTS: ApiResource = ApiResource::new(
    &service_areas::WIT,
    "608aac0a-32e1-4493-a863-b9cf4566d257",
    "comments",
    "wit/workItems/{workItemId}/comments/{commentId}",
    4,
);

const WRITE: RequiredPermissions =
    RequiredPermissions::All(&[Permission::ReadProject, Permission::WorkItemRead, Permission::WorkItemWrite]);

pub(in crate::areas) const ROUTES: &[Route] = &[
    Route::new(&COMMENTS, "GET", "wit/workitems/{id}/comments", WORK, RequiredPermissions::READ_WORK, list)
        .preview(),
    Route::new(&COMMENTS, "POST", "wit/workitems/{id}/comments", WORK_WRITE, WRITE, add).preview(),
    Route::new(
        &COMMENTS,
        "GET",
        "wit/workitems/{id}/comments/{comment}",
        WORK,
        RequiredPermissions::READ_WORK,
        get,
    )
    .preview(),
    Route::new(&COMMENTS, "PATCH", "wit/workitems/{id}/comments/{comment}", WORK_WRITE, WRITE, update)
        .preview(),
    Route::new(&COMMENTS, "DELETE", "wit/workitems/{id}/comments/{comment}", WORK_WRITE, WRITE, delete)
        .preview(),
];

fn shape(organization: &Organization, call: &Call<'_>, item: &WorkItem, comment: &WorkItemComment) -> Value {
    let author = shapes::user(call, &organization.users[comment.author]);
    let mut value = json!({
        "mentions": [],
        "workItemId": item.id,
        "id": comment.id,
        "version": comment.version,
        "text": comment.text,
        "format": comment.format,
        "createdBy": author,
        "createdDate": shapes::moment(comment.created),
        "modifiedBy": author,
        "modifiedDate": shapes::moment(comment.modified),
        "url": format!("{}/_apis/wit/workItems/{}/comments/{}", call.base, item.id, comment.id),
    });
    if comment.is_deleted {
        value["isDeleted"] = json!(true);
    }
    value
}

/// Newest first, unless the query says otherwise. The next page begins at the place that the token says.
fn list(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let (project, at) = locate(organization, call, call.captured[0])?;
    let item = &organization.projects[project].work_items[at];
    let with_deleted = call.flag("includeDeleted");
    let shown = |comment: &&WorkItemComment| (with_deleted || !comment.is_deleted) && comment.unseen.look();
    let mut all: Vec<&WorkItemComment> = item.comments.iter().filter(shown).collect();
    if call.query("order").is_none_or(|order| COMMENT_ORDER.name(order) != "asc") {
        all.reverse();
    }
    let total = all.len();
    let start = call.number("continuationToken").unwrap_or(0);
    let longest = organization.settings.switches.longest_page.min(MOST);
    let top = call.number("$top").unwrap_or(MOST).min(longest);
    let page: Vec<Value> = all
        .into_iter()
        .skip(start)
        .take(top)
        .map(|comment| shape(organization, call, item, comment))
        .collect();
    let end = start + page.len();
    let mut value = json!({ "totalCount": total, "count": page.len(), "comments": page });
    if end < total {
        value["continuationToken"] = json!(end.to_string());
        value["nextPage"] = json!(format!(
            "{}/_apis/wit/workItems/{}/comments?$top={top}&continuationToken={end}",
            call.base, item.id
        ));
    }
    Ok(Response::ok(&value))
}

/// Returns the positions of project, work item and comment.
fn find(organization: &Organization, call: &Call<'_>) -> Result<(usize, usize, usize), Response> {
    let (project, at) = locate(organization, call, call.captured[0])?;
    let item = &organization.projects[project].work_items[at];
    let id = call.captured[1];
    let found = item.comments.iter().position(|one| one.id.to_string() == id && !one.is_deleted);
    let found = found.filter(|comment| item.comments[*comment].unseen.look());
    found.map(|comment| (project, at, comment)).ok_or_else(|| refusals::comment_not_found(id, item.id))
}

fn answer(organization: &Organization, call: &Call<'_>, place: (usize, usize, usize)) -> Outcome {
    let item = &organization.projects[place.0].work_items[place.1];
    Ok(Response::ok(&shape(organization, call, item, &item.comments[place.2])))
}

fn get(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let place = find(organization, call)?;
    answer(organization, call, place)
}

#[derive(Deserialize)]
struct Text {
    text: String,
}

fn body(call: &Call<'_>) -> Result<(String, String), Response> {
    let Text { text } = call.json("request")?;
    if text.is_empty() {
        return Err(refusals::body_missing("text"));
    }
    let format = FIELD_FORMAT.name(call.query("format").unwrap_or("html")).to_ascii_lowercase();
    Ok((text, format))
}

/// A new comment is a revision of its work item too.
fn add(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let (text, format) = body(call)?;
    let (project, at) = locate(organization, call, call.captured[0])?;
    let user = writer(organization, call)?;
    let mut item = organization.projects[project].work_items[at].clone();
    item.keep_revision();
    item.rev += 1;
    item.fields.insert("System.History".to_owned(), Field::Plain(json!(text)));
    keep_history(organization, &mut item, user);
    let now = shapes::moment(organization.now());
    item.fields.insert("System.ChangedBy".to_owned(), Field::User(user));
    item.fields.insert("System.ChangedDate".to_owned(), Field::Plain(json!(now)));
    if let Some(comment) = item.comments.last_mut() {
        comment.format = format;
    }
    let last = item.comments.len() - 1;
    organization.projects[project].work_items[at] = item;
    answer(organization, call, (project, at, last))
}

/// Adds the comment of a new revision to the discussion.
pub(super) fn keep_history(organization: &mut Organization, item: &mut WorkItem, author: usize) {
    let Some(Field::Plain(text)) = item.fields.get("System.History") else { return };
    let text = text.as_str().unwrap_or_default().to_owned();
    let now = organization.now();
    item.comments.push(WorkItemComment {
        id: organization.next_comment_id(),
        version: 1,
        text,
        format: "html".to_owned(),
        author,
        created: now,
        modified: now,
        is_deleted: false,
        unseen: Unseen::new(organization.settings.switches.invisible_for),
    });
    count(item);
}

fn count(item: &mut WorkItem) {
    let count = item.comments.iter().filter(|comment| !comment.is_deleted).count();
    item.fields.insert("System.CommentCount".to_owned(), Field::Plain(json!(count)));
}

/// Returns the place of a comment that the caller may change.
fn own(organization: &Organization, call: &Call<'_>) -> Result<(usize, usize, usize), Response> {
    let place = find(organization, call)?;
    let user = writer(organization, call)?;
    let comment = &organization.projects[place.0].work_items[place.1].comments[place.2];
    if comment.author == user { Ok(place) } else { Err(refusals::comment_of_another()) }
}

fn update(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let (text, format) = body(call)?;
    let place = own(organization, call)?;
    let now = organization.now();
    let comment = &mut organization.projects[place.0].work_items[place.1].comments[place.2];
    comment.text = text;
    comment.format = format;
    comment.version += 1;
    comment.modified = now;
    answer(organization, call, place)
}

fn delete(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let place = own(organization, call)?;
    let item = &mut organization.projects[place.0].work_items[place.1];
    item.comments[place.2].is_deleted = true;
    count(item);
    Ok(Response::new(StatusCode::NO_CONTENT, Content::None, ""))
}
