//! Creating pull requests.

use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;
use uuid::Uuid;

use super::completion;
use super::completion::IdentityReference;
use super::pull_request_shapes::Form;
use super::pull_request_shapes::shape;
use super::pull_requests::CODE_WRITE;
use super::pull_requests::PULL_REQUESTS;
use super::pull_requests::contributor;
use super::repositories::locate_enabled;
use crate::areas::work::links;
use crate::areas::work::work_items;
use crate::auth::RequiredPermissions;
use crate::http::Call;
use crate::http::Outcome;
use crate::http::Response;
use crate::http::refusals;
use crate::names;
use crate::route::Placement;
use crate::route::Route;
use crate::state::Organization;
use crate::state::Unseen;
use crate::state::git::Label;
use crate::state::git::PullRequest;
use crate::state::git::Status;

pub(in crate::areas) const ROUTES: &[Route] = &[Route::new(
    &PULL_REQUESTS,
    "POST",
    "git/repositories/{repository}/pullrequests",
    CODE_WRITE,
    RequiredPermissions::REVIEW,
    create,
)
.recorded()
.at(Placement::Either)];

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct NewPullRequest {
    title: Option<String>,
    description: Option<String>,
    source_ref_name: Option<String>,
    target_ref_name: Option<String>,
    #[serde(default)]
    is_draft: bool,
    #[serde(default)]
    reviewers: Vec<NewReviewer>,
    #[serde(default)]
    labels: Vec<NewLabel>,
    #[serde(default)]
    work_item_refs: Vec<WorkItemReference>,
    completion_options: Option<Map<String, Value>>,
    auto_complete_set_by: Option<IdentityReference>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct NewReviewer {
    id: Uuid,
    #[serde(default)]
    is_required: bool,
}

#[derive(Deserialize)]
pub(super) struct NewLabel {
    pub(super) name: String,
}

#[derive(Deserialize)]
struct WorkItemReference {
    #[serde(deserialize_with = "crate::choice::text")]
    id: String,
}

fn create(organization: &mut Organization, call: &Call<'_>) -> Outcome {
    let body: NewPullRequest = call.json("gitPullRequestToCreate")?;
    let (project, position) = locate_enabled(organization, call)?;
    let creator = contributor(organization, call, (project, position))?;
    let required = |text: Option<String>, name: &str| {
        text.filter(|text| !text.is_empty()).ok_or_else(|| refusals::body_missing(name))
    };
    let source = required(body.source_ref_name, "sourceRefName")?;
    let target = required(body.target_ref_name, "targetRefName")?;
    let title = required(body.title, "title")?;
    let created = organization.now();
    let repository = &organization.projects[project].repositories[position];
    let branch = |name: &str| name.starts_with("refs/heads/") && repository.refs.contains_key(name);
    if source == target || !branch(&source) || !branch(&target) {
        return Err(refusals::pull_request_without_branch());
    }
    let same =
        |one: &PullRequest| one.status == Status::Active && one.source == source && one.target == target;
    if repository.pull_requests.iter().any(same) {
        return Err(refusals::pull_request_exists());
    }
    let (mut votes, mut required) = (Vec::new(), Vec::new());
    for reviewer in &body.reviewers {
        let user = organization.users.iter().position(|user| user.id == reviewer.id).ok_or_else(|| {
            refusals::bad_argument(&format!("The reviewer '{}' is not known.", reviewer.id))
        })?;
        votes.push((user, 0));
        required.extend(reviewer.is_required.then_some(user));
    }
    let items: Vec<(usize, usize)> = body
        .work_item_refs
        .iter()
        .map(|one| {
            work_items::locate_anywhere(organization, &one.id)
                .ok_or_else(|| refusals::work_item_not_found(&one.id))
        })
        .collect::<Result<_, _>>()?;
    let mut labels: Vec<Label> = Vec::new();
    for NewLabel { name } in body.labels {
        if !labels.iter().any(|known| names::same(&known.name, &name)) {
            labels.push(Label { id: Uuid::new_v4(), name });
        }
    }
    let id = organization.next_pull_request_id();
    let options = body.completion_options.map(completion::options).unwrap_or_default();
    let polls = organization.settings.switches.unfinished_for;
    let auto = body.auto_complete_set_by.filter(|who| !who.id.is_nil());
    let auto_complete = auto.map(|_| completion::completion(&options, polls, creator, created));
    let pull_request = PullRequest {
        id,
        title,
        description: body.description.unwrap_or_default(),
        is_draft: body.is_draft,
        status: Status::Active,
        source,
        target,
        creator,
        created,
        closed: None,
        closed_by: None,
        votes,
        required,
        declined: Vec::new(),
        flagged: Vec::new(),
        labels,
        statuses: Vec::new(),
        threads: Vec::new(),
        closed_at: None,
        merged: None,
        merge_id: Uuid::new_v4(),
        completing: None,
        auto_complete,
        options,
        queued: None,
        unseen: Unseen::new(organization.settings.switches.invisible_for),
    };
    organization.projects[project].repositories[position].pull_requests.push(pull_request);
    let held = &organization.projects[project];
    let repository = &held.repositories[position];
    let uri = format!("vstfs:///Git/PullRequestId/{}%2F{}%2F{id}", held.id, repository.id);
    for item in items {
        links::attach(organization, item, &uri, "Pull Request");
    }
    let project = &organization.projects[project];
    let repository = &project.repositories[position];
    let made = &repository.pull_requests[repository.pull_requests.len() - 1];
    let mut value = shape(organization, call, project, repository, made, Form::Whole);
    // The service answers before it tries the merge.
    value["mergeStatus"] = json!("queued");
    if value.get("labels").is_none() {
        value["labels"] = json!([]);
    }
    Ok(Response::json(StatusCode::CREATED, &value))
}
