//! Branch policies, and their evaluations for a pull request.

use axum::http::StatusCode;
use serde_json::Value;
use serde_json::json;

use crate::areas::service_areas;
use crate::areas::shapes;
use crate::auth::Permission;
use crate::auth::RequiredPermissions;
use crate::http::Call;
use crate::http::Content;
use crate::http::Outcome;
use crate::http::Response;
use crate::http::refusals;
use crate::route::ApiResource;
use crate::route::Route;
use crate::state::Organization;
use crate::state::Project;
use crate::state::git::Policy;
use crate::state::git::Repository;
use crate::world::PolicyKind;

const CODE: &[&str] = &["vso.code"];

const CONFIGURATIONS: ApiResource = ApiResource::new(
    &service_areas::POLICY,
    "dad91cbe-d183-45f8-9c6e-9c1164472121",
    "configurations",
    "policy/configurations/{configurationId}",
    1,
);
const EVALUATIONS: ApiResource = ApiResource::new(
    &service_areas::POLICY,
    "c23ddff5-229c-4d04-a80b-0fdce9f360c8",
    "evaluations",
    "policy/evaluations",
    1,
);

pub(super) const ROUTES: &[Route] = &[
    Route::new(&CONFIGURATIONS, "GET", "policy/configurations", CODE, RequiredPermissions::READ_CODE, list),
    Route::new(
        &CONFIGURATIONS,
        "DELETE",
        "policy/configurations/{configuration}",
        &["vso.code_write"],
        RequiredPermissions::All(&[
            Permission::ReadProject,
            Permission::GenericRead,
            Permission::EditPolicies,
        ]),
        delete,
    ),
    Route::new(&EVALUATIONS, "GET", "policy/evaluations", CODE, RequiredPermissions::READ_CODE, evaluations)
        .preview(),
];

fn configuration(call: &Call<'_>, repository: &Repository, policy: &Policy) -> Value {
    let (id, name) = policy.kind.kind();
    let mut settings = json!({ "scope": [{ "refName": policy.branch, "matchKind": "Exact", "repositoryId": repository.id }] });
    if let PolicyKind::MinimumReviewers { count } = policy.kind {
        settings["minimumApproverCount"] = json!(count);
        settings["creatorVoteCounts"] = json!(false);
    }
    if let PolicyKind::MergeStrategies { no_fast_forward, squash, rebase, rebase_merge } = policy.kind {
        settings["allowNoFastForward"] = json!(no_fast_forward);
        settings["allowSquash"] = json!(squash);
        settings["allowRebase"] = json!(rebase);
        settings["allowRebaseMerge"] = json!(rebase_merge);
    }
    json!({
        "id": policy.id,
        "revision": 1,
        "type": { "id": id, "displayName": name, "url": format!("{}/_apis/policy/types/{id}", call.base) },
        "isEnabled": true,
        "isBlocking": policy.is_blocking,
        "isDeleted": false,
        "settings": settings,
    })
}

fn position(organization: &Organization, call: &Call<'_>) -> Result<usize, Response> {
    shapes::own_project(organization, call, StatusCode::NOT_FOUND)
}

/// Returns the repositories whose policies the caller may view.
fn readable<'o>(
    organization: &'o Organization,
    call: &Call<'_>,
    project: &'o Project,
) -> impl Iterator<Item = &'o Repository> {
    let hidden =
        |repository: &&Repository| shapes::denied_in(organization, call, repository, Permission::GenericRead);
    project.repositories.iter().filter(move |repository| !hidden(repository))
}

fn list(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let project = &organization.projects[position(organization, call)?];
    let all = readable(organization, call, project).flat_map(|repository| {
        repository.policies.iter().map(|policy| configuration(call, repository, policy))
    });
    Ok(Response::list(all.collect()))
}

fn delete(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let project = position(organization, call)?;
    let id = call.captured[0];
    let held = &organization.projects[project];
    let found = held.repositories.iter().enumerate().find_map(|(repository, known)| {
        let at = known.policies.iter().position(|policy| policy.id.to_string() == id)?;
        let hidden = shapes::denied_in(organization, call, known, Permission::GenericRead);
        (!hidden).then_some((repository, at))
    });
    let (repository, at) = found.ok_or_else(|| refusals::policy_not_found(id))?;
    shapes::allow_in(organization, call, (project, repository), Permission::EditPolicies)?;
    organization.projects[project].repositories[repository].policies.remove(at);
    Ok(Response::new(StatusCode::NO_CONTENT, Content::None, ""))
}

/// `artifactId` is `vstfs:///CodeReview/CodeReviewId/{project}/{pull request}`.
fn evaluations(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let project = &organization.projects[position(organization, call)?];
    let artifact = call.query("artifactId").unwrap_or_default();
    let id = artifact.rsplit('/').next().unwrap_or_default();
    let found = readable(organization, call, project).find_map(|repository| {
        let pull_requests = repository.pull_requests.iter();
        pull_requests.filter(|one| one.id.to_string() == id).map(|one| (repository, one)).next()
    });
    let Some((repository, pull_request)) = found else { return Ok(Response::list(Vec::new())) };
    let value =
        repository.policies.iter().filter(|policy| policy.branch == pull_request.target).map(|policy| {
            json!({
                "configuration": configuration(call, repository, policy),
                "artifactId": artifact,
                "status": pull_request.evaluation(policy),
                "startedDate": shapes::moment(pull_request.created),
            })
        });
    Ok(Response::list(value.collect()))
}
