//! Pull requests as the service describes them.

use time::OffsetDateTime;

use crate::actions::prelude::*;
use crate::actions::shared::wire::Person;

/// A pull request; fields that the service leaves out are absent
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PullRequest {
    /// The pull request's id
    pub(crate) id: u32,
    /// The title
    pub(crate) title: String,
    /// The description
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) description: Option<String>,
    /// The status: active, abandoned, completed
    pub(crate) status: String,
    /// Whether it is a draft
    pub(crate) is_draft: bool,
    /// The source branch, as a full ref
    pub(crate) source_branch: String,
    /// The target branch, as a full ref
    pub(crate) target_branch: String,
    /// The repository's name
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-usual" = true))]
    pub(crate) repository: Option<String>,
    /// The repository's id
    pub(crate) repository_id: String,
    /// The name of its creator
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-usual" = true))]
    pub(crate) created_by: Option<String>,
    /// When it was created
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-usual" = true))]
    pub(crate) created_date: Option<String>,
    /// When it was completed or abandoned
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) closed_date: Option<String>,
    /// The merge status: succeeded, conflicts, rejectedByPolicy, queued, failure
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) merge_status: Option<String>,
    /// The latest commit of the source branch
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) source_commit_id: Option<String>,
    /// The merge commit; before completion, the commit that a merge would create
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) merge_commit_id: Option<String>,
    /// The name of the user who set auto-complete; absent when it is not set
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) auto_complete_set_by: Option<String>,
    /// The address in a browser
    pub(crate) web_url: String,
    /// The service's own record; absent unless requested
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) raw: Option<Raw>,
    /// The id of the user who created it
    #[serde(skip)]
    pub(crate) creator: Option<String>,
}

/// A pull request in a response of the service
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PullRequestRecord {
    pub(crate) pull_request_id: u32,
    #[serde(default)]
    pub(crate) title: Option<String>,
    #[serde(default)]
    pub(crate) description: Option<String>,
    #[serde(default)]
    pub(crate) status: Option<String>,
    #[serde(default)]
    pub(crate) is_draft: Option<bool>,
    #[serde(default)]
    pub(crate) source_ref_name: Option<String>,
    #[serde(default)]
    pub(crate) target_ref_name: Option<String>,
    pub(crate) repository: RepositoryReference,
    #[serde(default)]
    pub(crate) created_by: Option<Person>,
    #[serde(default)]
    pub(crate) creation_date: Option<String>,
    #[serde(default)]
    pub(crate) closed_date: Option<String>,
    #[serde(default)]
    pub(crate) merge_status: Option<String>,
    #[serde(default)]
    pub(crate) merge_failure_message: Option<String>,
    #[serde(default)]
    pub(crate) last_merge_source_commit: Option<Commit>,
    #[serde(default)]
    pub(crate) last_merge_commit: Option<Commit>,
    #[serde(default)]
    pub(crate) closed_by: Option<Person>,
    #[serde(default)]
    pub(crate) completion_options: Option<CompletionOptions>,
    #[serde(default)]
    pub(crate) reviewers: Option<Vec<ReviewerRecord>>,
    #[serde(default)]
    pub(crate) auto_complete_set_by: Option<Person>,
    #[serde(skip)]
    pub(crate) raw: Option<Raw>,
}

/// The options of a requested completion; the service leaves out those that are off
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CompletionOptions {
    #[serde(default)]
    pub(crate) merge_strategy: Option<String>,
    #[serde(default)]
    pub(crate) delete_source_branch: Option<bool>,
    #[serde(default)]
    pub(crate) merge_commit_message: Option<String>,
}

#[derive(Deserialize)]
pub(crate) struct RepositoryReference {
    pub(crate) id: String,
    #[serde(default)]
    pub(crate) name: Option<String>,
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Commit {
    pub(crate) commit_id: String,
}

/// A reviewer and their vote
#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ReviewerRecord {
    #[serde(default)]
    pub(crate) id: Option<String>,
    #[serde(default)]
    pub(crate) display_name: Option<String>,
    #[serde(default)]
    pub(crate) unique_name: Option<String>,
    #[serde(default, deserialize_with = "null_is_default")]
    pub(crate) vote: i32,
    #[serde(default)]
    pub(crate) is_required: Option<bool>,
    #[serde(default)]
    pub(crate) is_container: Option<bool>,
    #[serde(default)]
    pub(crate) has_declined: Option<bool>,
}

impl ReviewerRecord {
    pub(crate) fn has_id(&self, id: &str) -> bool {
        self.id.as_deref().is_some_and(|known| known.eq_ignore_ascii_case(id))
    }
}

impl Record for PullRequestRecord {
    fn keep(&mut self, raw: Raw) {
        self.raw = Some(raw);
    }
}

impl PullRequestRecord {
    pub(crate) fn is(&self, status: &str) -> bool {
        self.status.as_deref() == Some(status)
    }

    /// Returns whether the service completes it when its policies are met
    pub(crate) fn has_auto_complete(&self) -> bool {
        self.auto_complete_set_by.is_some()
    }

    /// Returns the record that actions return
    pub(crate) fn into_output(self, session: &OpenSession<'_>) -> PullRequest {
        let repository = self.repository.name.as_deref().unwrap_or(&self.repository.id);
        let path = ["_git", repository, "pullrequest", &self.pull_request_id.to_string()];
        let web_url = session.web_url(&session.connection().project().name, &path);
        let (creator, created_by) =
            self.created_by.map_or((None, None), |person| (person.id, person.display_name));
        // A person without a name has their id there.
        let auto_complete_set_by =
            self.auto_complete_set_by.and_then(|person| person.display_name.or(person.id));
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
            auto_complete_set_by,
            raw: self.raw,
            creator,
        }
    }
}

impl Created for PullRequest {
    fn created(&self) -> Option<OffsetDateTime> {
        self.created_date.as_deref().and_then(service_time)
    }

    fn creator(&self) -> Option<&str> {
        self.creator.as_deref()
    }

    fn label(&self) -> String {
        format!("the pull request {}", self.id)
    }

    fn link(&self) -> Option<&str> {
        Some(&self.web_url)
    }
}
