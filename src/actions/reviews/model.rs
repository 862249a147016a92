//! Reviewers of a pull request as actions return them.

use crate::actions::prelude::*;
use crate::actions::pull_requests::model::ReviewerRecord;

/// A reviewer of a pull request: a person, or a group
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Reviewer {
    /// The reviewer's id
    pub(super) id: String,
    /// The name
    pub(super) name: String,
    /// The e-mail address or account
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) unique_name: Option<String>,
    /// The vote as the service's number: 10 approved, 5 approved with suggestions, 0 no vote, -5 waiting for the
    /// author, -10 rejected
    pub(super) vote: i32,
    /// Whether the pull request needs the reviewer's approval
    pub(super) is_required: bool,
    /// Whether it is a group
    pub(super) is_group: bool,
    /// Whether the reviewer has declined
    pub(super) has_declined: bool,
}

impl From<ReviewerRecord> for Reviewer {
    fn from(record: ReviewerRecord) -> Self {
        Reviewer {
            id: record.id.unwrap_or_default(),
            name: record.display_name.unwrap_or_default(),
            unique_name: record.unique_name,
            vote: record.vote,
            is_required: record.is_required.unwrap_or(false),
            is_group: record.is_container.unwrap_or(false),
            has_declined: record.has_declined.unwrap_or(false),
        }
    }
}
