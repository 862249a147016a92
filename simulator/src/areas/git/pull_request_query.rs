//! Finding pull requests by commits: those that a pull request merged, or that its merge created.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;
use serde_json::json;

use super::pull_request_shapes::Form;
use super::pull_request_shapes::shape;
use super::repositories::locate_enabled;
use crate::areas::service_areas;
use crate::auth::RequiredPermissions;
use crate::choice::PULL_REQUEST_QUERY_TYPE;
use crate::choice::chosen;
use crate::http::Call;
use crate::http::Outcome;
use crate::http::Response;
use crate::route::ApiResource;
use crate::route::Placement;
use crate::route::Route;
use crate::state::Organization;
use crate::state::git::PullRequest;
use crate::state::git::Repository;
use crate::state::git::Status;

const QUERY: ApiResource = ApiResource::new(
    &service_areas::GIT,
    "b3a6eebe-9cf0-49ea-b6cb-1a4c5f5007b0",
    "pullRequestQuery",
    "git/repositories/{repositoryId}/pullRequestQuery",
    1,
);

pub(in crate::areas) const ROUTES: &[Route] = &[Route::new(
    &QUERY,
    "POST",
    "git/repositories/{repository}/pullrequestquery",
    &["vso.code"],
    RequiredPermissions::READ_CODE,
    query,
)
.at(Placement::Either)];

#[derive(Deserialize)]
struct CommitQueries {
    queries: Vec<CommitQuery>,
}

#[derive(Deserialize)]
struct CommitQuery {
    #[serde(default)]
    items: Vec<String>,
    #[serde(default, rename = "type", deserialize_with = "chosen")]
    kind: Option<String>,
}

/// Whether a pull request is the answer for a commit.
fn fits(repository: &Repository, one: &PullRequest, kind: &str, commit: &str) -> bool {
    if kind == "lastMergeCommit" {
        return one.merged.is_some_and(|merged| merged.to_string() == commit);
    }
    let Some((source, target)) = one.tips(&repository.refs) else { return false };
    let known = |id| repository.history(target).any(|commit| commit.id == id);
    one.status == Status::Completed
        && repository.history(source).any(|own| own.id.to_string() == commit && !known(own.id))
}

/// The pull requests of each commit, one object for each query. A commit without pull requests has no member.
fn query(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let body: CommitQueries = call.json("queries")?;
    let (project, position) = locate_enabled(organization, call)?;
    super::pull_requests::try_merges(organization);
    let project = &organization.projects[project];
    let repository = &project.repositories[position];
    let visible: Vec<&PullRequest> =
        repository.pull_requests.iter().filter(|one| one.unseen.look()).collect();
    let found = |kind: &str, commit: &str| -> Vec<Value> {
        let all = visible.iter().filter(|one| fits(repository, one, kind, commit));
        all.map(|one| shape(organization, call, project, repository, one, Form::Listed)).collect()
    };
    let result = |one: &CommitQuery| -> BTreeMap<String, Vec<Value>> {
        let kind = PULL_REQUEST_QUERY_TYPE.name(one.kind.as_deref().unwrap_or("notSet"));
        let all = one.items.iter().map(|commit| (commit.clone(), found(kind, commit)));
        all.filter(|(_, found)| !found.is_empty()).collect()
    };
    let results: Vec<BTreeMap<String, Vec<Value>>> = body.queries.iter().map(result).collect();
    let asked: Vec<Value> = body
        .queries
        .iter()
        .map(|one| {
            let kind = PULL_REQUEST_QUERY_TYPE.name(one.kind.as_deref().unwrap_or("notSet"));
            json!({ "type": kind, "items": one.items })
        })
        .collect();
    Ok(Response::ok(&json!({ "queries": asked, "results": results })))
}
