//! Pushes: one ref, one or more commits, each with changes of files.

use std::collections::HashSet;

use axum::http::StatusCode;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::Value;
use serde_json::json;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::commits;
use super::repositories::locate_enabled;
use crate::areas::service_areas;
use crate::areas::shapes;
use crate::auth::Permission;
use crate::auth::RequiredPermissions;
use crate::choice::CHANGE_TYPE;
use crate::choice::CONTENT_TYPE;
use crate::choice::chosen;
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
use crate::state::User;
use crate::state::git::Change;
use crate::state::git::Draft;
use crate::state::git::ObjectId;
use crate::state::git::PushError;
use crate::state::git::PushRecord;
use crate::state::git::Repository;
use crate::state::git::Signature;

const PUSHES: ApiResource = ApiResource::new(
    &service_areas::GIT,
    "ea98d07b-3c87-4971-8ede-a613694ffb55",
    "pushes",
    "git/repositories/{repositoryId}/pushes/{pushId}",
    3,
);

pub(in crate::areas) const ROUTES: &[Route] = &[
    Route::new(
        &PUSHES,
        "POST",
        "git/repositories/{repository}/pushes",
        &["vso.code_write"],
        RequiredPermissions::All(&[
            Permission::ReadProject,
            Permission::GenericRead,
            Permission::GenericContribute,
            Permission::CreateBranch,
        ]),
        push,
    )
    .at(Placement::Either),
    Route::new(
        &PUSHES,
        "GET",
        "git/repositories/{repository}/pushes",
        &["vso.code"],
        RequiredPermissions::READ_CODE,
        list,
    )
    .at(Placement::Either),
    Route::new(
        &PUSHES,
        "GET",
        "git/repositories/{repository}/pushes/{push}",
        &["vso.code"],
        RequiredPermissions::READ_CODE,
        get,
    )
    .at(Placement::Either),
];

/// A push in a list.
fn listed(
    organization: &Organization,
    call: &Call<'_>,
    (project, repository): (&Project, &Repository),
    push: &PushRecord,
) -> Value {
    let base = format!("{}/{}/_apis/git/repositories/{}", call.base, project.id, repository.id);
    json!({
        "repository": shapes::repository(call, project, repository),
        "pushedBy": shapes::user(call, &organization.users[push.pusher]),
        "pushId": push.number,
        "date": shapes::moment(push.at),
        "url": format!("{base}/pushes/{}", push.number),
    })
}

/// What a push did to its ref.
fn updates(repository: &Repository, push: &PushRecord) -> Value {
    json!([{
        "repositoryId": repository.id,
        "name": push.name,
        "oldObjectId": push.old.to_string(),
        "newObjectId": push.new.to_string(),
    }])
}

/// A push alone, with at most so many of its commits, the newest first.
fn alone(
    organization: &Organization,
    call: &Call<'_>,
    (project, repository): (&Project, &Repository),
    push: &PushRecord,
    most: usize,
) -> Value {
    let mut value = listed(organization, call, (project, repository), push);
    let known: HashSet<ObjectId> = repository.history(push.old).map(|commit| commit.id).collect();
    let own = repository.history(push.new).filter(|commit| !known.contains(&commit.id));
    value["commits"] =
        own.take(most).map(|commit| commits::shape(call, project, repository, commit)).collect();
    value["refUpdates"] = updates(repository, push);
    let url = value["url"].as_str().unwrap_or_default().to_owned();
    let base = format!("{}/{}/_apis/git/repositories/{}", call.base, project.id, repository.id);
    let pusher = organization.users[push.pusher].id;
    value["_links"] = shapes::links([
        ("self", url.clone()),
        ("repository", base.clone()),
        ("commits", format!("{url}/commits")),
        ("pusher", format!("{}/_apis/Identities/{pusher}", call.base)),
        ("refs", format!("{base}/refs/{}", push.name.trim_start_matches("refs/"))),
    ]);
    value
}

fn get(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let (project, position) = locate_enabled(organization, call)?;
    let project = &organization.projects[project];
    let repository = &project.repositories[position];
    let id = call.captured[1];
    let found = repository.pushes.iter().find(|push| push.number.to_string() == id && push.unseen.look());
    let push = found.ok_or_else(|| refusals::push_not_found(id))?;
    let most = call.number("includeCommits").unwrap_or(organization.settings.switches.page_size);
    let mut value = alone(organization, call, (project, repository), push, most);
    if call.query("includeRefUpdates").is_some_and(|text| text.eq_ignore_ascii_case("false")) {
        value.as_object_mut().map(|value| value.remove("refUpdates"));
    }
    Ok(Response::ok(&value))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Push {
    #[serde(default)]
    ref_updates: Vec<RefUpdate>,
    #[serde(default)]
    commits: Vec<NewCommit>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RefUpdate {
    name: String,
    old_object_id: String,
}

#[derive(Deserialize)]
struct NewCommit {
    #[serde(default)]
    comment: String,
    author: Option<Author>,
    #[serde(default)]
    changes: Vec<NewChange>,
}

#[derive(Deserialize)]
struct Author {
    name: Option<String>,
    email: Option<String>,
    date: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct NewChange {
    #[serde(default, deserialize_with = "chosen")]
    change_type: Option<String>,
    item: Item,
    source_server_item: Option<String>,
    new_content: Option<NewContent>,
}

#[derive(Deserialize)]
struct Item {
    path: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct NewContent {
    content: String,
    #[serde(default, deserialize_with = "chosen")]
    content_type: Option<String>,
}

fn push(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let body: Push = call.json("push")?;
    let (project, position) = locate_enabled(organization, call)?;
    let (now, switch) = (organization.now(), organization.settings.switches.invisible_for);
    let [update] = &body.ref_updates[..] else {
        return Err(refusals::bad_argument("A push must have exactly one ref update."));
    };
    if !update.name.starts_with("refs/") || update.name.ends_with('/') {
        return Err(refusals::bad_argument(&format!("The ref name '{}' is not valid.", update.name)));
    }
    let old: ObjectId = update.old_object_id.parse().map_err(|()| {
        refusals::bad_argument(&format!("The object id '{}' is not valid.", update.old_object_id))
    })?;
    if body.commits.is_empty() {
        return Err(refusals::bad_argument("A push must have at least one commit."));
    }
    let is_new = !organization.projects[project].repositories[position].refs.contains_key(&update.name);
    shapes::allow_in(organization, call, (project, position), Permission::GenericContribute)?;
    if is_new {
        shapes::allow_in(organization, call, (project, position), Permission::CreateBranch)?;
    }
    let user = shapes::caller(organization, call);
    let repository = &organization.projects[project].repositories[position];
    if let Some(by) = repository.locked_by_another(&update.name, call.user.unwrap_or(0)) {
        return Err(refusals::ref_locked(&update.name, &organization.users[by].name));
    }
    if !is_new && repository.policies.iter().any(|policy| policy.guards(&update.name)) {
        return Err(refusals::rejected_by_policy());
    }
    let drafts: Result<Vec<Draft>, Response> =
        body.commits.into_iter().map(|commit| draft(commit, user, now)).collect();
    let drafts = drafts?;

    let repository = &mut organization.projects[project].repositories[position];
    let descriptor = format!("Branch: {}", update.name.trim_start_matches("refs/heads/"));
    let ids = repository.push(&update.name, old, drafts).map_err(|error| match error {
        PushError::Stale => refusals::reference_stale(&update.name),
        PushError::PathExists(path) => refusals::path_exists(&format!("/{path}")),
        PushError::PathMissing(path) => {
            refusals::item_not_found(&format!("/{path}"), &repository.name, &descriptor, &old.to_string())
        }
    })?;

    let new = ids.last().copied().unwrap_or_default();
    let pusher_position = call.user.unwrap_or(0);
    let name = update.name.clone();
    let unseen = Unseen::new(switch);
    if is_new {
        repository.new_refs.insert(name.clone(), unseen.clone());
    }
    repository.record(PushRecord { number: 0, at: now, pusher: pusher_position, name, old, new, unseen });

    let project = &organization.projects[project];
    let repository = &project.repositories[position];
    let made = &repository.pushes[repository.pushes.len() - 1];
    let shown = alone(organization, call, (project, repository), made, ids.len());
    Ok(Response::json(StatusCode::CREATED, &shown))
}

fn list(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let (project, position) = locate_enabled(organization, call)?;
    let project = &organization.projects[project];
    let repository = &project.repositories[position];
    let criterion =
        |name: &str| call.query(&format!("searchCriteria.{name}")).filter(|text| !text.is_empty());
    let moment = |name: &str| OffsetDateTime::parse(criterion(name)?, &Rfc3339).ok();
    let (from, to) = (moment("fromDate"), moment("toDate"));
    let shown = |push: &PushRecord| {
        let pusher = organization.users[push.pusher].id.to_string();
        criterion("refName").is_none_or(|name| name == push.name)
            && criterion("pusherId").is_none_or(|id| id.eq_ignore_ascii_case(&pusher))
            && from.is_none_or(|from| push.at >= from)
            && to.is_none_or(|to| push.at <= to)
            && push.unseen.look()
    };
    let with_updates = criterion("includeRefUpdates").is_some_and(|text| text.eq_ignore_ascii_case("true"));
    let top = call.number("$top").unwrap_or(organization.settings.switches.page_size);
    let newest_first = repository.pushes.iter().rev();
    let value: Vec<Value> = newest_first
        .filter(|push| shown(push))
        .skip(call.number("$skip").unwrap_or(0))
        .take(top)
        .map(|push| {
            let mut value = listed(organization, call, (project, repository), push);
            if with_updates {
                value["refUpdates"] = updates(repository, push);
            }
            value
        })
        .collect();
    Ok(Response::list(value))
}

fn draft(commit: NewCommit, user: &User, now: OffsetDateTime) -> Result<Draft, Response> {
    let author = commit.author.unwrap_or(Author { name: None, email: None, date: None });
    let date = author.date.and_then(|date| OffsetDateTime::parse(&date, &Rfc3339).ok());
    let name = author.name.as_ref().unwrap_or(&user.name);
    let email = author.email.as_ref().unwrap_or(&user.email);
    let author = Signature::new(name, email, date.unwrap_or(now));
    let changes: Result<Vec<Change>, Response> = commit.changes.into_iter().map(change).collect();
    Ok(Draft { message: commit.comment, author, changes: changes? })
}

fn change(change: NewChange) -> Result<Change, Response> {
    let path = file_path(&change.item.path)?;
    let content = change.new_content.map(decoded).transpose()?;
    let required = |content: Option<Vec<u8>>| content.ok_or_else(|| refusals::body_missing("newContent"));
    match CHANGE_TYPE.name(change.change_type.as_deref().unwrap_or_default()) {
        "add" => Ok(Change::Add { path, content: required(content)? }),
        "edit" => Ok(Change::Edit { path, content: required(content)? }),
        "delete" => Ok(Change::Delete { path }),
        "rename" => {
            let from = change.source_server_item.ok_or_else(|| refusals::body_missing("sourceServerItem"))?;
            Ok(Change::Rename { from: file_path(&from)?, to: path, content })
        }
        other => Err(refusals::bad_argument(&format!("The change type '{other}' is not supported."))),
    }
}

fn file_path(path: &str) -> Result<String, Response> {
    let inner = path.strip_prefix('/').unwrap_or(path);
    let bad = inner.split('/').any(|part| matches!(part, "" | "." | ".." | ".git"));
    if bad {
        Err(refusals::bad_argument(&format!("The path '{path}' is not valid.")))
    } else {
        Ok(inner.to_owned())
    }
}

fn decoded(new: NewContent) -> Result<Vec<u8>, Response> {
    match new.content_type.as_deref().map(|kind| CONTENT_TYPE.name(kind)) {
        // Encoders break lines.
        Some("base64Encoded") => STANDARD
            .decode(new.content.split_ascii_whitespace().collect::<String>())
            .map_err(|_| refusals::bad_argument("The content is not valid base64.")),
        _ => Ok(new.content.into_bytes()),
    }
}
