//! The labels of a pull request: list, get, add and remove.

use axum::http::StatusCode;
use serde_json::Value;
use uuid::Uuid;

use super::pull_request_creation::NewLabel;
use super::pull_request_shapes::label;
use super::pull_request_shapes::url;
use super::pull_requests::contributor;
use super::pull_requests::find;
use crate::areas::service_areas;
use crate::auth::RequiredPermissions;
use crate::http::Call;
use crate::http::Content;
use crate::http::Outcome;
use crate::http::Response;
use crate::http::refusals;
use crate::names;
use crate::route::ApiResource;
use crate::route::Placement;
use crate::route::Route;
use crate::state::LocatedPullRequest;
use crate::state::Organization;
use crate::state::PullRequestPlace;
use crate::state::git::Label;

const CODE: &[&str] = &["vso.code"];
const CODE_WRITE: &[&str] = &["vso.code_write"];

const LABELS: ApiResource = ApiResource::new(
    &service_areas::GIT,
    "f22387e3-984e-4c52-9c6d-fbb8f14c812d",
    "pullRequestLabels",
    "git/repositories/{repositoryId}/pullRequests/{pullRequestId}/labels/{labelIdOrName}",
    1,
);

const ALL: &str = "git/repositories/{repository}/pullrequests/{id}/labels";
const ONE: &str = "git/repositories/{repository}/pullrequests/{id}/labels/{label}";

pub(in crate::areas) const ROUTES: &[Route] = &[
    Route::new(&LABELS, "GET", ALL, CODE, RequiredPermissions::READ_CODE, list).at(Placement::Either),
    Route::new(&LABELS, "POST", ALL, CODE_WRITE, RequiredPermissions::REVIEW, add).at(Placement::Either),
    Route::new(&LABELS, "GET", ONE, CODE, RequiredPermissions::READ_CODE, get).at(Placement::Either),
    Route::new(&LABELS, "DELETE", ONE, CODE_WRITE, RequiredPermissions::REVIEW, remove).at(Placement::Either),
];

fn shown(organization: &Organization, call: &Call<'_>, place: PullRequestPlace) -> Vec<Value> {
    let LocatedPullRequest { project, repository, one } = organization.pull_request(place);
    let url = url(call, project, repository, one);
    one.labels.iter().map(|known| label(&url, known)).collect()
}

fn list(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let place = find(organization, call)?;
    Ok(Response::list(shown(organization, call, place)))
}

/// Returns the position of the label in the path, by its name or identifier.
fn named(organization: &Organization, call: &Call<'_>, place: PullRequestPlace) -> Result<usize, Response> {
    let wanted = call.captured[2];
    let one = organization.pull_request(place).one;
    let is_wanted =
        |known: &Label| names::same(&known.name, wanted) || names::same(&known.id.to_string(), wanted);
    one.labels.iter().position(is_wanted).ok_or_else(|| refusals::label_not_found(wanted))
}

fn get(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let place = find(organization, call)?;
    let label = named(organization, call, place)?;
    Ok(Response::ok(&shown(organization, call, place)[label]))
}

/// Adding a label that is there succeeds.
fn add(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let NewLabel { name } = call.json("label")?;
    let place = find(organization, call)?;
    contributor(organization, call, place.of_repository())?;
    if name.is_empty() {
        return Err(refusals::body_missing("name"));
    }
    let one = organization.pull_request_mut(place);
    let there = one.labels.iter().position(|known| names::same(&known.name, &name));
    if there.is_none() {
        one.labels.push(Label { id: Uuid::new_v4(), name });
    }
    let label = there.unwrap_or(one.labels.len() - 1);
    Ok(Response::ok(&shown(organization, call, place)[label]))
}

fn remove(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let place = find(organization, call)?;
    contributor(organization, call, place.of_repository())?;
    let label = named(organization, call, place)?;
    organization.pull_request_mut(place).labels.remove(label);
    Ok(Response::new(StatusCode::OK, Content::None, ""))
}
