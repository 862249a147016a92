//! How a pull request is completed: by Complete, or by auto-complete when its policies are met.

use crate::actions::prelude::*;
use crate::actions::pull_requests::model::CompletionOptions;
use crate::actions::pull_requests::requests::WRITE_NEEDS;
use crate::actions::shared::differences::Differences;

/// The needs of completing one
///
/// Completing changes the target branch, so it also needs the permission to contribute, as on the service's own pages.
pub(super) const COMPLETE_NEEDS: Needs = Needs {
    permissions: &[permissions::CONTRIBUTE_TO_PULL_REQUESTS, permissions::CONTRIBUTE],
    scope: WRITE_NEEDS.scope,
};

/// A merge strategy
#[derive(Clone, Copy, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[schemars(inline)]
pub(super) enum MergeStrategy {
    /// Merge commit
    #[default]
    NoFastForward,
    /// Squash commit
    Squash,
    /// Rebase and fast-forward
    Rebase,
    /// Rebase with merge commit (semi-linear)
    RebaseMerge,
}

impl MergeStrategy {
    pub(super) const ALL: [MergeStrategy; 4] = [
        MergeStrategy::NoFastForward,
        MergeStrategy::Squash,
        MergeStrategy::Rebase,
        MergeStrategy::RebaseMerge,
    ];

    /// Returns the service's name
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            MergeStrategy::NoFastForward => "noFastForward",
            MergeStrategy::Squash => "squash",
            MergeStrategy::Rebase => "rebase",
            MergeStrategy::RebaseMerge => "rebaseMerge",
        }
    }

    /// Returns the value of the input
    pub(super) const fn input(self) -> &'static str {
        match self {
            MergeStrategy::NoFastForward => "NO_FAST_FORWARD",
            MergeStrategy::Squash => "SQUASH",
            MergeStrategy::Rebase => "REBASE",
            MergeStrategy::RebaseMerge => "REBASE_MERGE",
        }
    }

    /// Returns the value of the input for a strategy of the service
    pub(super) fn shown(strategy: &str) -> &str {
        let known = MergeStrategy::ALL.into_iter().find(|one| one.as_str() == strategy);
        known.map_or(strategy, |one| one.input())
    }
}

/// How a pull request is completed, as a request states it
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Options<'a> {
    pub(super) merge_strategy: &'static str,
    pub(super) delete_source_branch: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) merge_commit_message: Option<&'a str>,
}

impl Options<'_> {
    /// Returns whether the service shows these options; without a message it shows its default
    pub(super) fn are(&self, shown: &CompletionOptions, id: PullRequestId) -> bool {
        let message = match (self.merge_commit_message, shown.merge_commit_message.as_deref()) {
            (None, Some(message)) => message.starts_with(&format!("Merged PR {id}: ")),
            (wanted, message) => wanted == message,
        };
        shown.merge_strategy.as_deref() == Some(self.merge_strategy)
            && shown.delete_source_branch.unwrap_or(false) == self.delete_source_branch
            && message
    }

    /// Returns the options that the service shows otherwise
    pub(super) fn differences<'s>(
        &self,
        subject: &'s str,
        shown: Option<&CompletionOptions>,
    ) -> Differences<'s> {
        let differences = Differences::of(subject);
        let Some(shown) = shown else { return differences };
        let deleted = |deleted: bool| if deleted { "true" } else { "false" };
        let strategy = shown.merge_strategy.as_deref();
        differences
            .value(
                "mergeStrategy",
                Some(MergeStrategy::shown(self.merge_strategy)),
                strategy.map(MergeStrategy::shown),
            )
            .value(
                "deleteSourceBranch",
                Some(deleted(self.delete_source_branch)),
                Some(deleted(shown.delete_source_branch.unwrap_or(false))),
            )
            .value("commitMessage", self.merge_commit_message, shown.merge_commit_message.as_deref())
    }
}
