//! Changes of pull requests: edit, abandon, reactivate, complete.

use serde::Deserialize;
use uuid::Uuid;

use super::pull_requests::PULL_REQUESTS;
use super::pull_requests::contributor;
use super::pull_requests::find;
use super::pull_requests::whole;
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
use crate::route::Route;
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
)];

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
    completion_options: Option<CompletionOptions>,
    auto_complete_set_by: Option<IdentityReference>,
}

#[derive(Deserialize)]
struct IdentityReference {
    id: Uuid,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CommitReference {
    commit_id: String,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct CompletionOptions {
    delete_source_branch: bool,
    #[serde(deserialize_with = "chosen")]
    merge_strategy: Option<String>,
    merge_commit_message: Option<String>,
}

fn update(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let body: Changes = call.json("gitPullRequestToUpdate")?;
    let place = find(organization, call)?;
    let (project, position, at) = place;
    let by = contributor(organization, call, (project, position))?;
    let status = body.status.as_deref().map(|status| PULL_REQUEST_STATUS.name(status));
    let unverified = organization.settings.switches.unverified;
    if status == Some("completed") && unverified.completing_takes_contribute {
        shapes::allow_in(organization, call, (project, position), Permission::GenericContribute)?;
    }
    let now = organization.now();
    let polls = organization.settings.switches.unfinished_for;
    let repository = &mut organization.projects[project].repositories[position];
    let tips = repository.pull_requests[at].tips(&repository.refs);
    let one = &repository.pull_requests[at];
    let reactivated = status == Some("active") && one.status == Status::Abandoned;
    if one.status != Status::Active && !reactivated {
        return Err(refusals::pull_request_closed());
    }
    if let Some(target) = &body.target_ref_name
        && !repository.refs.contains_key(target)
    {
        return Err(refusals::pull_request_without_branch());
    }
    let mut options = body.completion_options;
    if status == Some("completed") {
        let (source, target) = tips.ok_or_else(refusals::pull_request_without_branch)?;
        let stated = body.last_merge_source_commit.as_ref().map(|commit| commit.commit_id.as_str());
        if stated != Some(source.to_string().as_str()) {
            return Err(refusals::pull_request_stale());
        }
        if one.is_draft || !one.blocked_by(&repository.policies).is_empty() {
            return Err(refusals::pull_request_blocked());
        }
        let strategy = options.as_ref().and_then(|options| options.merge_strategy.as_deref());
        if !one.allows(&repository.policies, MERGE_STRATEGY.name(strategy.unwrap_or("noFastForward"))) {
            return Err(refusals::pull_request_blocked());
        }
        let works = repository.merged(source, target).is_ok();
        let options = options.take().unwrap_or_default();
        let completion = Completion {
            strategy: MERGE_STRATEGY
                .name(options.merge_strategy.as_deref().unwrap_or("noFastForward"))
                .to_owned(),
            delete_source: options.delete_source_branch,
            message: options.merge_commit_message,
            polls,
            by,
            at: now,
        };
        repository.pull_requests[at].asked = Some(completion.clone());
        repository.pull_requests[at].completing = works.then_some(completion);
    }
    if let Some(IdentityReference { id }) = body.auto_complete_set_by.filter(|_| status != Some("completed"))
    {
        let options = options.unwrap_or_default();
        let completion = Completion {
            strategy: MERGE_STRATEGY
                .name(options.merge_strategy.as_deref().unwrap_or("noFastForward"))
                .to_owned(),
            delete_source: options.delete_source_branch,
            message: options.merge_commit_message,
            polls,
            by,
            at: now,
        };
        let one = &mut repository.pull_requests[at];
        one.auto_complete = (!id.is_nil()).then(|| completion.clone());
        if one.auto_complete.is_some() {
            one.asked = Some(completion);
        }
    }
    let one = &mut repository.pull_requests[at];
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
    let project = &organization.projects[project];
    let repository = &project.repositories[position];
    Ok(Response::ok(&whole(organization, call, project, repository, &repository.pull_requests[at])))
}
