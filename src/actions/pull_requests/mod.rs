//! Pull requests: known by their id alone, and merged by the service.

mod abandon;
mod comment;
mod complete;
mod create;
mod get;
mod list;
mod update;
mod vote;

use std::fmt::Display;

use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;
use time::OffsetDateTime;

use crate::actions::Entry;
use crate::actions::Group;
use crate::actions::Made;
use crate::actions::OpenSession;
use crate::actions::wire::Person;
use crate::contract::Error;
use crate::contract::Needs;
use crate::contract::PullRequestId;
use crate::contract::Raw;
use crate::contract::Scope;
use crate::contract::permissions;
use crate::devops::Record;
use crate::devops::Request;
use crate::devops::null_is_default;
use crate::devops::service_time;

/// The group in the catalogue
pub const GROUP: Group = Group {
    label: "Pull requests",
    actions: &[
        Entry::of::<list::ListPullRequests>(),
        Entry::of::<get::GetPullRequest>(),
        Entry::of::<create::CreatePullRequest>(),
        Entry::of::<update::UpdatePullRequest>(),
        Entry::of::<vote::VoteOnPullRequest>(),
        Entry::of::<comment::CommentOnPullRequest>(),
        Entry::of::<complete::CompletePullRequest>(),
        Entry::of::<abandon::AbandonPullRequest>(),
    ],
};

/// A pull request; what the service leaves out is absent
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PullRequest {
    /// The pull request's id
    id: u32,
    /// Its title
    title: String,
    /// Its description
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    /// Where it is: active, abandoned, completed
    status: String,
    /// Whether it is a draft
    is_draft: bool,
    /// The branch whose changes it has, as a full ref
    source_branch: String,
    /// The branch it goes into, as a full ref
    target_branch: String,
    /// The repository's name
    #[serde(skip_serializing_if = "Option::is_none")]
    repository: Option<String>,
    /// The repository's id
    repository_id: String,
    /// Who created it
    #[serde(skip_serializing_if = "Option::is_none")]
    created_by: Option<String>,
    /// When it was created
    #[serde(skip_serializing_if = "Option::is_none")]
    created_date: Option<String>,
    /// When it was completed or abandoned
    #[serde(skip_serializing_if = "Option::is_none")]
    closed_date: Option<String>,
    /// Whether it can be merged: succeeded, conflicts, rejectedByPolicy, queued, failure
    #[serde(skip_serializing_if = "Option::is_none")]
    merge_status: Option<String>,
    /// The latest commit of its source branch
    #[serde(skip_serializing_if = "Option::is_none")]
    source_commit_id: Option<String>,
    /// The commit that the merge made; before that, the one it would make
    #[serde(skip_serializing_if = "Option::is_none")]
    merge_commit_id: Option<String>,
    /// The address in a browser
    web_url: String,
    /// The service's own record; absent unless it was asked for
    #[serde(skip_serializing_if = "Option::is_none")]
    raw: Option<Raw>,
    /// The id of who created it
    #[serde(skip)]
    creator: Option<String>,
}

/// What the service answers
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wire {
    pull_request_id: u32,
    #[serde(default)]
    title: Option<String>,
    #[serde(default)]
    description: Option<String>,
    #[serde(default)]
    status: Option<String>,
    #[serde(default)]
    is_draft: Option<bool>,
    #[serde(default)]
    source_ref_name: Option<String>,
    #[serde(default)]
    target_ref_name: Option<String>,
    repository: RepositoryReference,
    #[serde(default)]
    created_by: Option<Person>,
    #[serde(default)]
    creation_date: Option<String>,
    #[serde(default)]
    closed_date: Option<String>,
    #[serde(default)]
    merge_status: Option<String>,
    #[serde(default)]
    merge_failure_message: Option<String>,
    #[serde(default)]
    last_merge_source_commit: Option<Commit>,
    #[serde(default)]
    last_merge_commit: Option<Commit>,
    #[serde(default)]
    closed_by: Option<Person>,
    #[serde(default)]
    completion_options: Option<CompletionOptions>,
    #[serde(default)]
    reviewers: Option<Vec<Reviewer>>,
    #[serde(skip)]
    raw: Option<Raw>,
}

/// How a completion was asked for; the service leaves out what is not so
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CompletionOptions {
    #[serde(default)]
    merge_strategy: Option<String>,
    #[serde(default)]
    delete_source_branch: Option<bool>,
    #[serde(default)]
    merge_commit_message: Option<String>,
}

#[derive(Deserialize)]
struct RepositoryReference {
    id: String,
    #[serde(default)]
    name: Option<String>,
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct Commit {
    commit_id: String,
}

/// A reviewer and how they vote
#[derive(Deserialize)]
struct Reviewer {
    #[serde(default)]
    id: Option<String>,
    #[serde(default, deserialize_with = "null_is_default")]
    vote: i32,
}

impl Record for Wire {
    fn keep(&mut self, raw: Raw) {
        self.raw = Some(raw);
    }
}

impl Wire {
    fn is(&self, status: &str) -> bool {
        self.status.as_deref() == Some(status)
    }

    /// What actions answer
    fn shown(self, session: &OpenSession<'_>) -> PullRequest {
        let repository = self.repository.name.as_deref().unwrap_or(&self.repository.id);
        let place = ["_git", repository, "pullrequest", &self.pull_request_id.to_string()];
        let web_url = session.web_url(session.project(), &place);
        let (creator, created_by) =
            self.created_by.map_or((None, None), |person| (person.id, person.display_name));
        PullRequest {
            id: self.pull_request_id,
            title: self.title.unwrap_or_default(),
            description: self.description.filter(|text| !text.is_empty()),
            status: self.status.unwrap_or_else(|| "notSet".to_owned()),
            is_draft: self.is_draft.unwrap_or(false),
            source_branch: self.source_ref_name.unwrap_or_default(),
            target_branch: self.target_ref_name.unwrap_or_default(),
            web_url,
            repository: self.repository.name,
            repository_id: self.repository.id,
            created_by,
            created_date: self.creation_date,
            closed_date: self.closed_date,
            merge_status: self.merge_status.filter(|status| status != "notSet"),
            source_commit_id: self.last_merge_source_commit.map(|commit| commit.commit_id),
            merge_commit_id: self.last_merge_commit.map(|commit| commit.commit_id),
            raw: self.raw,
            creator,
        }
    }
}

impl Made for PullRequest {
    fn created(&self) -> Option<OffsetDateTime> {
        self.created_date.as_deref().and_then(service_time)
    }

    fn maker(&self) -> Option<&str> {
        self.creator.as_deref()
    }

    fn label(&self) -> String {
        format!("the pull request {}", self.id)
    }

    fn link(&self) -> Option<&str> {
        Some(&self.web_url)
    }
}

/// What reading a pull request needs
const READ_NEEDS: Needs =
    Needs { permissions: &[permissions::READ_REPOSITORY], scope: Some(Scope::CodeRead) };

/// What writing one needs
const WRITE_NEEDS: Needs =
    Needs { permissions: &[permissions::CONTRIBUTE_TO_PULL_REQUESTS], scope: Some(Scope::CodeWrite) };

/// Asks for a pull request by its id
fn one(id: impl Display, needs: &Needs) -> Request<'static> {
    Request::get(&["git", "pullrequests", &id.to_string()])
        .named(format!("read the pull request {id}"))
        .needs(needs)
        .missing(format!("the pull request {id}"))
}

/// The place of a pull request, for what changes it: beside its id that takes its repository's
fn place<'a>(wire: &'a Wire, id: &'a str) -> [&'a str; 5] {
    ["git", "repositories", &wire.repository.id, "pullrequests", id]
}

/// Changes a pull request; when the response is lost, `is_so` says whether what was asked for is there
async fn patch(
    session: &OpenSession<'_>,
    before: &Wire,
    id: PullRequestId,
    words: String,
    body: &impl Serialize,
    is_so: impl Fn(&Wire) -> bool,
) -> Result<PullRequest, Error> {
    let number = id.to_string();
    let request = Request::patch(&place(before, &number))
        .json(body)?
        .named(words)
        .needs(&WRITE_NEEDS)
        .missing(format!("the pull request {id}"));
    let there = async {
        let now: Wire = session.send(one(id, &WRITE_NEEDS)).await?;
        Ok(Some(now).filter(|now| is_so(now)))
    };
    let wire: Wire = session.reached(session.send(request), there).await?;
    Ok(wire.shown(session))
}
