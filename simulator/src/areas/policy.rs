//! Branch policies, and their evaluations for a pull request.

use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::Map;
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
const CODE_WRITE: &[&str] = &["vso.code_write"];
const EDIT: RequiredPermissions =
    RequiredPermissions::All(&[Permission::ReadProject, Permission::GenericRead, Permission::EditPolicies]);

const CONFIGURATIONS: ApiResource = ApiResource::new(
    &service_areas::POLICY,
    "dad91cbe-d183-45f8-9c6e-9c1164472121",
    "configurations",
    "policy/configurations/{configurationId}",
    1,
);
const TYPES: ApiResource = ApiResource::new(
    &service_areas::POLICY,
    "44096322-2d3d-466a-bb30-d1b7de69f61f",
    "types",
    "policy/types/{typeId}",
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
    Route::new(&CONFIGURATIONS, "GET", "policy/configurations", CODE, RequiredPermissions::READ_CODE, list)
        .recorded(),
    Route::new(&CONFIGURATIONS, "POST", "policy/configurations", CODE_WRITE, EDIT, create).recorded(),
    Route::new(
        &CONFIGURATIONS,
        "GET",
        "policy/configurations/{configuration}",
        CODE,
        RequiredPermissions::READ_CODE,
        get,
    )
    .recorded(),
    Route::new(&CONFIGURATIONS, "PUT", "policy/configurations/{configuration}", CODE_WRITE, EDIT, update)
        .recorded(),
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
    )
    .recorded(),
    Route::new(&TYPES, "GET", "policy/types", CODE, RequiredPermissions::SEE_PROJECT, types),
    Route::new(&TYPES, "GET", "policy/types/{type}", CODE, RequiredPermissions::SEE_PROJECT, get_type),
    Route::new(&EVALUATIONS, "GET", "policy/evaluations", CODE, RequiredPermissions::READ_CODE, evaluations)
        .preview(),
];

fn configuration(
    organization: &Organization,
    call: &Call<'_>,
    project: &Project,
    repository: &Repository,
    policy: &Policy,
) -> Value {
    let (id, name) = policy.kind.kind();
    let mut settings = policy.given.clone();
    let scope = json!([{ "refName": policy.branch, "matchKind": "Exact", "repositoryId": repository.id }]);
    settings.insert("scope".to_owned(), scope);
    if policy.given.is_empty() {
        settings.extend(described(policy.kind));
    }
    let url = format!("{}/{}/_apis/policy/configurations/{}", call.base, project.id, policy.id);
    let kind = format!("{}/{}/_apis/policy/types/{id}", call.base, project.id);
    json!({
        "createdBy": shapes::user(call, &organization.users[policy.creator]),
        "createdDate": shapes::moment(policy.created.unwrap_or(project.updated)),
        "isEnabled": policy.is_enabled,
        "isBlocking": policy.is_blocking,
        "isDeleted": false,
        "settings": settings,
        "isEnterpriseManaged": false,
        "_links": shapes::links([("self", url.clone()), ("policyType", kind.clone())]),
        "revision": policy.revision,
        "id": policy.id,
        "url": url,
        "type": { "id": id, "url": kind, "displayName": name },
    })
}

/// The settings of a policy that a world describes.
fn described(kind: PolicyKind) -> Vec<(String, Value)> {
    let rows = match kind {
        PolicyKind::MinimumReviewers { count } => {
            vec![("minimumApproverCount", json!(count)), ("creatorVoteCounts", json!(false))]
        }
        PolicyKind::MergeStrategies { no_fast_forward, squash, rebase, rebase_merge } => vec![
            ("allowNoFastForward", json!(no_fast_forward)),
            ("allowSquash", json!(squash)),
            ("allowRebase", json!(rebase)),
            ("allowRebaseMerge", json!(rebase_merge)),
        ],
        PolicyKind::Comments | PolicyKind::Build { .. } => Vec::new(),
    };
    // What is not allowed is left out.
    let shown = rows.into_iter().filter(|(name, value)| !name.starts_with("allow") || *value == json!(true));
    shown.map(|(name, value)| (name.to_owned(), value)).collect()
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
    let wanted = call.query("policyType");
    let fits = |policy: &&Policy| wanted.is_none_or(|kind| policy.kind.kind().0.eq_ignore_ascii_case(kind));
    let all = readable(organization, call, project).flat_map(|repository| {
        let fitting = repository.policies.iter().filter(fits);
        fitting.map(|policy| configuration(organization, call, project, repository, policy))
    });
    Ok(Response::list(all.collect()))
}

/// Returns the positions of project, repository and policy.
fn find(organization: &Organization, call: &Call<'_>) -> Result<(usize, usize, usize), Response> {
    let project = position(organization, call)?;
    let id = call.captured[0];
    let held = &organization.projects[project];
    let found = held.repositories.iter().enumerate().find_map(|(repository, known)| {
        let at = known.policies.iter().position(|policy| policy.id.to_string() == id)?;
        let hidden = shapes::denied_in(organization, call, known, Permission::GenericRead);
        (!hidden).then_some((project, repository, at))
    });
    found.ok_or_else(|| refusals::policy_not_found(id))
}

fn shown(organization: &Organization, call: &Call<'_>, place: (usize, usize, usize)) -> Response {
    let project = &organization.projects[place.0];
    let repository = &project.repositories[place.1];
    Response::ok(&configuration(organization, call, project, repository, &repository.policies[place.2]))
}

fn get(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let place = find(organization, call)?;
    Ok(shown(organization, call, place))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Body {
    #[serde(rename = "type")]
    kind: PolicyType,
    #[serde(default)]
    is_blocking: bool,
    #[serde(default)]
    is_enabled: bool,
    settings: Map<String, Value>,
}

#[derive(Deserialize)]
struct PolicyType {
    id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Scope {
    repository_id: Option<String>,
    ref_name: Option<String>,
    match_kind: Option<String>,
}

impl Body {
    /// The repository and the branch, and what the policy asks for.
    fn read(mut self, project: &Project) -> Result<(usize, String, Body, PolicyKind), Response> {
        let scope = self.settings.remove("scope").unwrap_or_default();
        let scope: Vec<Scope> = serde_json::from_value(scope).unwrap_or_default();
        let not_simulated =
            |what: &str| refusals::bad_argument(&format!("The simulator has no policies of {what}."));
        let [Scope { repository_id: Some(repository), ref_name: Some(branch), match_kind }] = &scope[..]
        else {
            return Err(not_simulated("several branches or repositories"));
        };
        if match_kind.as_deref().is_some_and(|kind| !kind.eq_ignore_ascii_case("exact")) {
            return Err(not_simulated("branches by a prefix"));
        }
        let found = project.repository_position(repository);
        let found = found.ok_or_else(|| refusals::repository_not_found(repository))?;
        let kind = PolicyKind::of(&self.kind.id, &self.settings);
        let kind =
            kind.ok_or_else(|| not_simulated(&format!("the type {} with these settings", self.kind.id)))?;
        let branch = branch.clone();
        self.settings.retain(|_, value| *value != json!(false) && !value.is_null());
        Ok((found, branch, self, kind))
    }
}

fn create(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let body: Body = call.json("configuration")?;
    let project = position(organization, call)?;
    let (repository, branch, body, kind) = body.read(&organization.projects[project])?;
    let known = &organization.projects[project].repositories[repository];
    if shapes::denied_in(organization, call, known, Permission::GenericRead) {
        return Err(refusals::repository_not_found(&known.name));
    }
    shapes::allow_in(organization, call, (project, repository), Permission::EditPolicies)?;
    let policy = Policy {
        id: organization.next_policy_id(),
        branch,
        kind,
        is_blocking: body.is_blocking,
        is_enabled: body.is_enabled,
        revision: 1,
        given: body.settings,
        creator: call.user.unwrap_or(0),
        created: Some(organization.now()),
    };
    let all = &mut organization.projects[project].repositories[repository].policies;
    all.push(policy);
    let at = all.len() - 1;
    Ok(shown(organization, call, (project, repository, at)))
}

/// A policy stays in its repository.
fn update(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let body: Body = call.json("configuration")?;
    let place = find(organization, call)?;
    let (project, repository, at) = place;
    shapes::allow_in(organization, call, (project, repository), Permission::EditPolicies)?;
    let (other, branch, body, kind) = body.read(&organization.projects[project])?;
    let policy = &mut organization.projects[project].repositories[repository].policies[at];
    if other != repository || kind.kind() != policy.kind.kind() {
        return Err(refusals::bad_argument("The type and the repository of a policy cannot change."));
    }
    policy.branch = branch;
    policy.kind = kind;
    policy.is_blocking = body.is_blocking;
    policy.is_enabled = body.is_enabled;
    policy.given = body.settings;
    policy.revision += 1;
    Ok(shown(organization, call, place))
}

fn delete(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let (project, repository, at) = find(organization, call)?;
    shapes::allow_in(organization, call, (project, repository), Permission::EditPolicies)?;
    organization.projects[project].repositories[repository].policies.remove(at);
    Ok(Response::new(StatusCode::NO_CONTENT, Content::None, ""))
}

/// The types of policies that a world or a client can have.
fn all_types(call: &Call<'_>, project: &Project) -> Vec<Value> {
    let shape = |(id, name): (&str, &str)| {
        let url = format!("{}/{}/_apis/policy/types/{id}", call.base, project.id);
        let links = shapes::links([("self", url.clone())]);
        json!({ "description": name, "_links": links, "id": id, "url": url, "displayName": name })
    };
    PolicyKind::TYPES.into_iter().map(shape).collect()
}

fn types(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let project = &organization.projects[position(organization, call)?];
    Ok(Response::list(all_types(call, project)))
}

fn get_type(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let project = &organization.projects[position(organization, call)?];
    let id = call.captured[0];
    let mut all = all_types(call, project).into_iter();
    let found = all.find(|one| one["id"].as_str().is_some_and(|known| known.eq_ignore_ascii_case(id)));
    Ok(Response::ok(&found.ok_or_else(|| refusals::policy_type_not_found(id))?))
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
                "configuration": configuration(organization, call, project, repository, policy),
                "artifactId": artifact,
                "status": pull_request.evaluation(policy),
                "startedDate": shapes::moment(pull_request.created),
            })
        });
    Ok(Response::list(value.collect()))
}
