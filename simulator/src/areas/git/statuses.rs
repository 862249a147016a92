//! Statuses of commits.

use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::Value;
use serde_json::json;
use time::OffsetDateTime;

use super::repositories::locate_enabled;
use crate::areas::service_areas;
use crate::areas::shapes;
use crate::auth::Permission;
use crate::auth::RequiredPermissions;
use crate::choice::STATUS_STATE;
use crate::choice::chosen;
use crate::http::Call;
use crate::http::Outcome;
use crate::http::Response;
use crate::http::refusals;
use crate::route::ApiResource;
use crate::route::Placement;
use crate::route::Route;
use crate::state::Organization;
use crate::state::Unseen;
use crate::state::git::CommitStatus;
use crate::state::git::ObjectId;

/// The number of statuses in a page by default, and the most that a request gets.
const LONGEST_PAGE: usize = 1000;

const STATUSES: ApiResource = ApiResource::new(
    &service_areas::GIT,
    "428dd4fb-fda5-4722-af02-9313b80305da",
    "statuses",
    "git/repositories/{repositoryId}/commits/{commitId}/statuses",
    2,
);

pub(in crate::areas) const ROUTES: &[Route] = &[
    Route::new(
        &STATUSES,
        "GET",
        "git/repositories/{repository}/commits/{commit}/statuses",
        &["vso.code", "vso.code_status"],
        RequiredPermissions::READ_CODE,
        list,
    )
    .at(Placement::Either),
    Route::new(
        &STATUSES,
        "POST",
        "git/repositories/{repository}/commits/{commit}/statuses",
        &["vso.code_status", "vso.code_full"],
        RequiredPermissions::All(&[
            Permission::ReadProject,
            Permission::GenericRead,
            Permission::GenericContribute,
        ]),
        create,
    )
    .at(Placement::Either),
];

/// Returns the positions of project and repository, and the commit.
fn named(organization: &mut Organization, call: &Call<'_>) -> Result<(usize, usize, ObjectId), Response> {
    let (project, position) = locate_enabled(organization, call)?;
    let repository = &organization.projects[project].repositories[position];
    let name = call.captured[1];
    let commit = name.parse().ok().and_then(|id| repository.commit(id));
    let commit =
        commit.ok_or_else(|| refusals::version_not_found(&format!("Commit: {name}"), &repository.name))?;
    Ok((project, position, commit.id))
}

pub(super) fn shape(organization: &Organization, call: &Call<'_>, status: &CommitStatus) -> Value {
    let at = shapes::moment(status.at);
    let mut value = json!({
        "id": status.id,
        "state": status.state,
        "context": { "name": status.name, "genre": status.genre },
        "creationDate": at,
        "updatedDate": at,
        "createdBy": shapes::user(call, &organization.users[status.by]),
    });
    for (name, text) in [("description", &status.description), ("targetUrl", &status.target_url)] {
        if let Some(text) = text {
            value[name] = json!(text);
        }
    }
    value
}

/// Returns the statuses of a commit, newest first: on request, only the latest of each context.
fn list(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let (project, position, commit) = named(organization, call)?;
    let repository = &organization.projects[project].repositories[position];
    let mut contexts = Vec::new();
    let latest_only = call.flag("latestOnly");
    let of_commit = repository.statuses.iter().rev().filter(|status| status.commit == commit);
    let shown = of_commit.filter(|status| status.unseen.look()).filter(|status| {
        let context = (&status.name, &status.genre);
        let is_latest = !contexts.contains(&context);
        contexts.push(context);
        is_latest || !latest_only
    });
    let top = call.number("top").unwrap_or(LONGEST_PAGE).min(LONGEST_PAGE);
    let top = top.min(organization.settings.switches.longest_page);
    let page = shown.skip(call.number("skip").unwrap_or(0)).take(top);
    Ok(Response::list(page.map(|status| shape(organization, call, status)).collect()))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct NewStatus {
    #[serde(default, deserialize_with = "chosen")]
    state: Option<String>,
    description: Option<String>,
    target_url: Option<String>,
    context: Option<Context>,
}

#[derive(Deserialize)]
struct Context {
    #[serde(default)]
    name: String,
    genre: Option<String>,
}

impl NewStatus {
    /// The status as it is stored. It needs a context with a name.
    pub(super) fn read(
        self,
        id: u32,
        commit: ObjectId,
        by: usize,
        at: OffsetDateTime,
        unseen: Unseen,
    ) -> Result<CommitStatus, Response> {
        let context = self.context.filter(|context| !context.name.is_empty());
        let context = context.ok_or_else(|| refusals::body_missing("context"))?;
        Ok(CommitStatus {
            id,
            commit,
            state: STATUS_STATE.name(self.state.as_deref().unwrap_or("notSet")).to_owned(),
            description: self.description,
            target_url: self.target_url,
            name: context.name,
            genre: context.genre,
            by,
            at,
            unseen,
        })
    }
}

fn create(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let body: NewStatus = call.json("gitCommitStatusToCreate")?;
    let (project, position, commit) = named(organization, call)?;
    shapes::allow_in(organization, call, (project, position), Permission::GenericContribute)?;
    let at = organization.now();
    let unseen = Unseen::new(organization.settings.switches.invisible_for);
    let repository = &mut organization.projects[project].repositories[position];
    let of_commit = repository.statuses.iter().filter(|status| status.commit == commit);
    let id = u32::try_from(of_commit.count() + 1).unwrap_or(u32::MAX);
    let status = body.read(id, commit, call.user.unwrap_or(0), at, unseen)?;
    repository.statuses.push(status.clone());
    Ok(Response::json(StatusCode::CREATED, &shape(organization, call, &status)))
}
