//! Changes of pull requests: edit, abandon, reactivate, complete.

use serde::Deserialize;
use serde_json::Map;
use serde_json::Value;
use time::OffsetDateTime;
use uuid::Uuid;

use super::pull_request_shapes::Form;
use super::pull_request_shapes::shape;
use super::pull_requests::PULL_REQUESTS;
use super::pull_requests::contributor;
use super::pull_requests::find;
use crate::areas::shapes;
use crate::auth::Permission;
use crate::auth::RequiredPermissions;
use crate::choice::MERGE_STRATEGY;
use crate::choice::PULL_REQUEST_STATUS;
use crate::choice::chosen;
use crate::http::Call;
use crate::http::Outcome;
use crate::http::Response;
use crate::http::refusals;
use crate::route::Placement;
use crate::route::Route;
use crate::state::LocatedPullRequest;
use crate::state::Organization;
use crate::state::git::Completion;
use crate::state::git::Status;

pub(in crate::areas) const ROUTES: &[Route] = &[Route::new(
    &PULL_REQUESTS,
    "PATCH",
    "git/repositories/{repository}/pullrequests/{id}",
    &["vso.code_write"],
    RequiredPermissions::All(&[
        Permission::ReadProject,
        Permission::GenericRead,
        Permission::PullRequestContribute,
        Permission::GenericContribute,
    ]),
    update,
)
.recorded()
.at(Placement::Either)];

/// A person in a request.
#[derive(Deserialize)]
pub(super) struct IdentityReference {
    pub(super) id: Uuid,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Changes {
    title: Option<String>,
    description: Option<String>,
    target_ref_name: Option<String>,
    is_draft: Option<bool>,
    #[serde(default, deserialize_with = "chosen")]
    status: Option<String>,
    last_merge_source_commit: Option<CommitReference>,
    completion_options: Option<Map<String, Value>>,
    auto_complete_set_by: Option<IdentityReference>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CommitReference {
    commit_id: String,
}

/// Completion options in the service's form: the strategy in words, and no member without a value.
pub(super) fn options(mut given: Map<String, Value>) -> Map<String, Value> {
    given.retain(|_, value| !value.is_null());
    let strategy = given.get("mergeStrategy").map(|value| match value {
        Value::String(text) => MERGE_STRATEGY.name(text).to_owned(),
        other => MERGE_STRATEGY.name(&other.to_string()).to_owned(),
    });
    // An older client chooses between two strategies.
    let squashes = given.get("squashMerge") == Some(&Value::Bool(true));
    if let Some(strategy) = strategy.or_else(|| squashes.then(|| "squash".to_owned())) {
        given.insert("mergeStrategy".to_owned(), Value::String(strategy));
    }
    given
}

/// The completion that these options ask for.
pub(super) fn completion(
    options: &Map<String, Value>,
    polls: u32,
    by: usize,
    at: OffsetDateTime,
) -> Completion {
    let text = |name: &str| options.get(name).and_then(Value::as_str).map(str::to_owned);
    Completion {
        strategy: text("mergeStrategy").unwrap_or_else(|| "noFastForward".to_owned()),
        delete_source: options.get("deleteSourceBranch") == Some(&Value::Bool(true)),
        message: text("mergeCommitMessage"),
        polls,
        by,
        at,
    }
}

fn update(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let body: Changes = call.json("gitPullRequestToUpdate")?;
    let place = find(organization, call)?;
    let by = contributor(organization, call, place.of_repository())?;
    let status = body.status.as_deref().map(|status| PULL_REQUEST_STATUS.name(status));
    let unverified = organization.settings.switches.unverified;
    if status == Some("completed") && unverified.completing_takes_contribute {
        shapes::allow_in(organization, call, place.of_repository(), Permission::GenericContribute)?;
    }
    let now = organization.now();
    let polls = organization.settings.switches.unfinished_for;
    let LocatedPullRequest { repository, one, .. } = organization.pull_request(place);
    let tips = one.tips(&repository.refs);
    let reactivated = status == Some("active") && one.status == Status::Abandoned;
    if one.status != Status::Active && !reactivated {
        return Err(refusals::pull_request_closed());
    }
    if let Some(target) = &body.target_ref_name
        && !repository.refs.contains_key(target)
    {
        return Err(refusals::pull_request_without_branch());
    }
    // Options that an earlier request has set apply unless this one sets others.
    let options = body.completion_options.map_or_else(|| one.options.clone(), options);
    let completion = completion(&options, polls, by, now);
    if status == Some("completed") {
        let (source, target) = tips.ok_or_else(refusals::pull_request_without_branch)?;
        let stated = body.last_merge_source_commit.as_ref().map(|commit| commit.commit_id.as_str());
        if stated != Some(source.to_string().as_str()) {
            return Err(refusals::pull_request_stale());
        }
        if one.is_draft || !one.blocked_by(&repository.policies).is_empty() {
            return Err(refusals::pull_request_blocked());
        }
        if !one.allows(&repository.policies, &completion.strategy) {
            return Err(refusals::pull_request_blocked());
        }
        let works = repository.merged(source, target).is_ok();
        let one = organization.pull_request_mut(place);
        one.queued = Some(now);
        one.completing = works.then(|| completion.clone());
    }
    let one = organization.pull_request_mut(place);
    one.options = options;
    if status == Some("completed") && !one.options.contains_key("mergeStrategy") {
        one.options.insert("mergeStrategy".to_owned(), Value::String(completion.strategy.clone()));
    }
    if let Some(IdentityReference { id }) = body.auto_complete_set_by.filter(|_| status != Some("completed"))
    {
        one.auto_complete = (!id.is_nil()).then(|| completion.clone());
        one.queued = one.auto_complete.as_ref().map(|auto| auto.at);
    } else if let Some(auto) = &mut one.auto_complete {
        *auto = Completion { by: auto.by, at: auto.at, ..completion };
    }
    one.title = body.title.unwrap_or_else(|| one.title.clone());
    one.description = body.description.unwrap_or_else(|| one.description.clone());
    one.target = body.target_ref_name.unwrap_or_else(|| one.target.clone());
    one.is_draft = body.is_draft.unwrap_or(one.is_draft);
    match status {
        Some("abandoned") => {
            (one.status, one.closed, one.closed_at) = (Status::Abandoned, Some(now), tips);
            one.closed_by = Some(by);
        }
        Some("active") => {
            (one.status, one.closed, one.closed_at) = (Status::Active, None, None);
            one.closed_by = None;
        }
        _ => {}
    }
    if one.completing.as_ref().is_some_and(|completion| completion.polls == 0) {
        organization.advance_completion(place);
    }
    let LocatedPullRequest { project, repository, one } = organization.pull_request(place);
    Ok(Response::ok(&shape(organization, call, project, repository, one, Form::Whole)))
}
