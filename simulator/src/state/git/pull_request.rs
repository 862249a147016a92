//! Pull requests and branch policies, without I/O and HTTP.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::Serialize;
use serde_json::Map;
use serde_json::Value;
use time::OffsetDateTime;
use uuid::Uuid;

use super::commit_status::CommitStatus;
use super::objects::ObjectId;
use crate::state::Unseen;
use crate::world::PolicyKind;

/// A branch policy, which pull requests into the branch must meet.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Policy {
    pub(crate) id: u32,
    /// A full ref name.
    pub(crate) branch: String,
    pub(crate) kind: PolicyKind,
    /// Whether it prevents the completion of a pull request that does not meet it.
    pub(crate) is_blocking: bool,
    #[serde(default = "enabled")]
    pub(crate) is_enabled: bool,
    #[serde(default = "first")]
    pub(crate) revision: u32,
    /// Its settings as they were sent, without the scope.
    #[serde(default)]
    pub(crate) given: Map<String, Value>,
    /// Position of the user.
    #[serde(default)]
    pub(crate) creator: usize,
    /// None for one of the world.
    #[serde(default)]
    pub(crate) created: Option<OffsetDateTime>,
}

fn enabled() -> bool {
    true
}

fn first() -> u32 {
    1
}

impl Policy {
    /// Returns whether a branch changes only by pull requests that meet it.
    pub(crate) fn guards(&self, branch: &str) -> bool {
        self.is_enabled && self.is_blocking && self.branch == branch
    }
}

/// The status of a pull request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Status {
    Active,
    Abandoned,
    Completed,
}

impl Status {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Status::Active => "active",
            Status::Abandoned => "abandoned",
            Status::Completed => "completed",
        }
    }
}

/// A pull request.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct PullRequest {
    pub(crate) id: u32,
    pub(crate) title: String,
    pub(crate) description: String,
    pub(crate) is_draft: bool,
    pub(crate) status: Status,
    /// Full ref names.
    pub(crate) source: String,
    pub(crate) target: String,
    /// Position of the user.
    pub(crate) creator: usize,
    pub(crate) created: OffsetDateTime,
    pub(crate) closed: Option<OffsetDateTime>,
    /// Position of the user who closed it.
    #[serde(default)]
    pub(crate) closed_by: Option<usize>,
    /// Position of the user and the vote.
    pub(crate) votes: Vec<(usize, i32)>,
    /// Positions of the reviewers who are required.
    #[serde(default)]
    pub(crate) required: Vec<usize>,
    /// Positions of the reviewers who have declined.
    #[serde(default)]
    pub(crate) declined: Vec<usize>,
    /// Positions of the reviewers who are flagged.
    #[serde(default)]
    pub(crate) flagged: Vec<usize>,
    #[serde(default)]
    pub(crate) labels: Vec<Label>,
    /// Statuses that belong to no commit.
    #[serde(default)]
    pub(crate) statuses: Vec<CommitStatus>,
    pub(crate) threads: Vec<Thread>,
    /// The source and target commits when it was closed.
    pub(crate) closed_at: Option<(ObjectId, ObjectId)>,
    /// The merge commit: of the completion, or of the merge that the service tries while it is active.
    pub(crate) merged: Option<ObjectId>,
    #[serde(default = "Uuid::new_v4")]
    pub(crate) merge_id: Uuid,
    /// The completion that is in progress.
    pub(crate) completing: Option<Completion>,
    /// The completion that begins when its policies are met.
    #[serde(default)]
    pub(crate) auto_complete: Option<Completion>,
    /// The completion options that clients have set, in the service's form.
    #[serde(default)]
    pub(crate) options: Map<String, Value>,
    /// When its completion was requested.
    #[serde(default)]
    pub(crate) queued: Option<OffsetDateTime>,
    pub(crate) unseen: Unseen,
}

/// How a pull request is completed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Completion {
    pub(crate) strategy: String,
    pub(crate) delete_source: bool,
    pub(crate) message: Option<String>,
    /// The number of requests that still see it in progress.
    pub(crate) polls: u32,
    /// Position of the user who completes it.
    pub(crate) by: usize,
    /// The time of the request.
    pub(crate) at: OffsetDateTime,
}

/// A label of a pull request.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Label {
    pub(crate) id: Uuid,
    pub(crate) name: String,
}

/// A comment thread of a pull request.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Thread {
    pub(crate) id: u32,
    pub(crate) author: usize,
    pub(crate) at: OffsetDateTime,
    pub(crate) content: String,
    pub(crate) status: String,
    /// The kind of the first comment.
    #[serde(default = "text")]
    pub(crate) kind: String,
    /// When the first comment was changed.
    #[serde(default)]
    pub(crate) edited: Option<OffsetDateTime>,
    /// Whether the first comment was deleted.
    #[serde(default)]
    pub(crate) is_deleted: bool,
    /// The comments after the first.
    #[serde(default)]
    pub(crate) replies: Vec<Reply>,
    /// The file and the lines that it is about, in the service's form.
    #[serde(default)]
    pub(crate) context: Value,
    /// The iterations that it is about, in the service's form.
    #[serde(default)]
    pub(crate) iterations: Value,
    /// Properties that a client stores with it, by name. No page of the service shows them.
    #[serde(default)]
    pub(crate) properties: Map<String, Value>,
    pub(crate) unseen: Unseen,
}

/// A comment that answers another one.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Reply {
    pub(crate) parent: u32,
    pub(crate) author: usize,
    pub(crate) at: OffsetDateTime,
    pub(crate) content: String,
    #[serde(default = "text")]
    pub(crate) kind: String,
    /// When it was changed.
    #[serde(default)]
    pub(crate) edited: Option<OffsetDateTime>,
    #[serde(default)]
    pub(crate) is_deleted: bool,
    pub(crate) unseen: Unseen,
}

fn text() -> String {
    "text".to_owned()
}

impl PullRequest {
    /// Returns the status of a policy for it, in the service's words.
    pub(crate) fn evaluation(&self, policy: &Policy) -> &'static str {
        let rejected = self.votes.iter().any(|(_, vote)| *vote <= -5);
        match policy.kind {
            PolicyKind::MinimumReviewers { .. } if rejected => "rejected",
            PolicyKind::MinimumReviewers { count } => {
                let others = self.votes.iter().filter(|(who, vote)| *who != self.creator && *vote >= 5);
                if others.count() >= count { "approved" } else { "running" }
            }
            PolicyKind::Comments if self.threads.iter().any(|thread| thread.status == "active") => "rejected",
            PolicyKind::Comments => "approved",
            PolicyKind::Build { result } => result.as_str(),
            // It is checked when a strategy is chosen.
            PolicyKind::MergeStrategies { .. } => "approved",
        }
    }

    /// Returns the policies of its target that prevent its completion.
    pub(crate) fn blocked_by<'p>(&self, policies: &'p [Policy]) -> Vec<&'p Policy> {
        let unmet = |policy: &&Policy| policy.guards(&self.target) && self.evaluation(policy) != "approved";
        policies.iter().filter(unmet).collect()
    }

    /// Returns whether the policies of its target allow a merge strategy.
    pub(crate) fn allows(&self, policies: &[Policy], strategy: &str) -> bool {
        let allows = |policy: &Policy| match policy.kind {
            PolicyKind::MergeStrategies { no_fast_forward, squash, rebase, rebase_merge } => match strategy {
                "noFastForward" => no_fast_forward,
                "squash" => squash,
                "rebase" => rebase,
                _ => rebase_merge,
            },
            _ => true,
        };
        policies.iter().filter(|policy| policy.guards(&self.target)).all(allows)
    }

    /// Returns the source and target commits: the current ones, or those when it was closed.
    pub(crate) fn tips(&self, refs: &BTreeMap<String, ObjectId>) -> Option<(ObjectId, ObjectId)> {
        let now = || Some((*refs.get(&self.source)?, *refs.get(&self.target)?));
        self.closed_at.or_else(now)
    }
}
