//! Pull requests and the policies of branches. No I/O, no HTTP.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::Serialize;
use serde_json::Map;
use serde_json::Value;
use time::OffsetDateTime;

use super::objects::ObjectId;
use crate::state::Unseen;
use crate::world::PolicyKind;

/// A rule that a pull request into a branch has to meet.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Policy {
    pub(crate) id: u32,
    /// A full ref name.
    pub(crate) branch: String,
    pub(crate) kind: PolicyKind,
    /// Whether a pull request that does not meet it can be completed.
    pub(crate) is_blocking: bool,
}

/// Where a pull request is.
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
    /// Who votes how: position of the user and the vote.
    pub(crate) votes: Vec<(usize, i32)>,
    pub(crate) threads: Vec<Thread>,
    /// Where source and target stood when it was closed.
    pub(crate) closed_at: Option<(ObjectId, ObjectId)>,
    /// What the merge made.
    pub(crate) merged: Option<ObjectId>,
    /// How a completion that is under way shall be carried out.
    pub(crate) completing: Option<Completion>,
    /// How the latest completion was asked for.
    #[serde(default)]
    pub(crate) asked: Option<Completion>,
    pub(crate) unseen: Unseen,
}

/// How a pull request is completed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Completion {
    pub(crate) strategy: String,
    pub(crate) delete_source: bool,
    pub(crate) message: Option<String>,
    /// How many requests still see it under way.
    pub(crate) polls: u32,
    /// Position of the user who completes it.
    pub(crate) by: usize,
    /// When it was asked for.
    pub(crate) at: OffsetDateTime,
}

/// A conversation of a pull request.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Thread {
    pub(crate) id: u32,
    pub(crate) author: usize,
    pub(crate) at: OffsetDateTime,
    pub(crate) content: String,
    pub(crate) status: String,
    /// What a client keeps with it, by name; no page of the service shows it.
    #[serde(default)]
    pub(crate) properties: Map<String, Value>,
    pub(crate) unseen: Unseen,
}

impl PullRequest {
    /// Where a policy stands for it, in the service's words.
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
        }
    }

    /// The policies of its target that keep it from being completed.
    pub(crate) fn blocked_by<'p>(&self, policies: &'p [Policy]) -> Vec<&'p Policy> {
        let unmet = |policy: &&Policy| {
            policy.is_blocking && policy.branch == self.target && self.evaluation(policy) != "approved"
        };
        policies.iter().filter(unmet).collect()
    }

    /// Source and target commits: where the branches stand, or stood when it was closed.
    pub(crate) fn tips(&self, refs: &BTreeMap<String, ObjectId>) -> Option<(ObjectId, ObjectId)> {
        let now = || Some((*refs.get(&self.source)?, *refs.get(&self.target)?));
        self.closed_at.or_else(now)
    }
}
