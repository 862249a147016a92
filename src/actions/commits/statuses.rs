//! Statuses of a commit, as the service describes them.

use time::OffsetDateTime;

use crate::actions::prelude::*;
use crate::actions::shared::wire::Person;

/// A status that a check gives a commit
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct CommitStatus {
    /// The status's id, which is unique for its commit
    pub(super) id: u32,
    /// The state: pending, succeeded, failed, error, notApplicable
    pub(super) state: String,
    /// The name of the check
    name: String,
    /// The genre, which groups the names of checks
    #[serde(skip_serializing_if = "Option::is_none")]
    genre: Option<String>,
    /// The description
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    /// The address with the details
    #[serde(skip_serializing_if = "Option::is_none")]
    target_url: Option<String>,
    /// The name of its creator
    #[serde(skip_serializing_if = "Option::is_none")]
    created_by: Option<String>,
    /// When it was created
    #[serde(skip_serializing_if = "Option::is_none")]
    created_date: Option<String>,
    /// The commit's id
    commit_id: String,
}

/// A status in a response of the service
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct StatusRecord {
    #[serde(default)]
    id: Option<u32>,
    #[serde(default)]
    pub(super) state: Option<String>,
    #[serde(default)]
    pub(super) description: Option<String>,
    #[serde(default)]
    pub(super) target_url: Option<String>,
    #[serde(default)]
    pub(super) context: Option<StatusContext>,
    #[serde(default)]
    created_by: Option<Person>,
    #[serde(default)]
    creation_date: Option<String>,
    /// The commit, which the service does not repeat
    #[serde(skip)]
    commit: String,
}

/// The name of a status: unique for each check
#[derive(Default, Deserialize)]
pub(super) struct StatusContext {
    #[serde(default)]
    pub(super) name: Option<String>,
    #[serde(default)]
    pub(super) genre: Option<String>,
}

impl StatusRecord {
    /// Returns the status as one of this commit
    pub(super) fn of_commit(self, commit: &str) -> Self {
        StatusRecord { commit: commit.to_owned(), ..self }
    }

    /// Returns the status as actions return it
    pub(super) fn into_output(self, commit: &str) -> CommitStatus {
        let context = self.context.unwrap_or_default();
        CommitStatus {
            id: self.id.unwrap_or_default(),
            state: self.state.unwrap_or_else(|| "notSet".to_owned()),
            name: context.name.unwrap_or_default(),
            genre: context.genre.filter(|genre| !genre.is_empty()),
            description: self.description.filter(|text| !text.is_empty()),
            target_url: self.target_url.filter(|url| !url.is_empty()),
            created_by: self.created_by.and_then(|person| person.display_name),
            created_date: self.creation_date,
            commit_id: commit.to_owned(),
        }
    }
}

impl Created for StatusRecord {
    fn created(&self) -> Option<OffsetDateTime> {
        self.creation_date.as_deref().and_then(service_time)
    }

    fn creator(&self) -> Option<&str> {
        self.created_by.as_ref()?.id.as_deref()
    }

    fn label(&self) -> String {
        format!("the status {} of the commit {}", self.id.unwrap_or_default(), self.commit)
    }

    fn link(&self) -> Option<&str> {
        None
    }
}

/// Returns the path of the statuses of a commit
pub(super) fn path<'a>(repository: &'a RepositoryName, commit: &'a str) -> [&'a str; 6] {
    ["git", "repositories", repository.as_str(), "commits", commit, "statuses"]
}
