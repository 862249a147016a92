//! The description of branch policies.

use serde::Deserialize;
use serde::Serialize;
use serde_json::Map;
use serde_json::Value;

/// A branch policy.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// The branch without `refs/heads/`.
    #[serde(default = "main")]
    pub(crate) branch: String,
    /// Whether it prevents the completion of a pull request that does not meet it.
    #[serde(default = "blocking")]
    pub(crate) blocking: bool,
    /// The requirement.
    pub(crate) asks: PolicyKind,
}

fn main() -> String {
    "main".to_owned()
}

fn blocking() -> bool {
    true
}

/// The requirement of a policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum PolicyKind {
    /// This many other users approve, and none rejects or waits.
    MinimumReviewers {
        /// The number of users.
        count: usize,
    },
    /// Every comment is resolved.
    Comments,
    /// A build validation, which stays in this state.
    Build {
        /// The state of the build.
        result: PolicyBuild,
    },
    /// Only these merge strategies are allowed.
    MergeStrategies {
        /// A merge commit.
        no_fast_forward: bool,
        /// A squash commit.
        squash: bool,
        /// A rebase.
        rebase: bool,
        /// A rebase with a merge commit.
        rebase_merge: bool,
    },
}

/// The state of a build validation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PolicyBuild {
    /// It is queued.
    Queued,
    /// It is running.
    Running,
    /// It succeeded.
    Approved,
    /// It failed.
    Rejected,
}

impl PolicyBuild {
    /// The service's word for an evaluation in this state.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            PolicyBuild::Queued => "queued",
            PolicyBuild::Running => "running",
            PolicyBuild::Approved => "approved",
            PolicyBuild::Rejected => "rejected",
        }
    }
}

impl PolicyKind {
    /// The identifiers and names of the types.
    pub(crate) const TYPES: [(&'static str, &'static str); 4] = [
        ("fa4e907d-c16b-4a4c-9dfa-4906e5d171dd", "Minimum number of reviewers"),
        ("c6a1889d-b943-4856-b76f-9e46bb6b0df2", "Comment requirements"),
        ("fa4e907d-c16b-4a4c-9dfa-4916e5d171ab", "Require a merge strategy"),
        ("0609b952-1397-4640-95ec-e00a01b2c241", "Build"),
    ];

    /// A blocking policy of `main`.
    pub fn on_main(self) -> Policy {
        Policy { branch: main(), blocking: true, asks: self }
    }

    /// Reads a policy of a type from its settings. Returns `None` for a type that is not simulated, or without what it needs.
    pub(crate) fn of(kind: &str, settings: &Map<String, Value>) -> Option<PolicyKind> {
        let is = |name: &str| settings.get(name) == Some(&Value::Bool(true));
        let known = [
            PolicyKind::MinimumReviewers {
                count: settings
                    .get("minimumApproverCount")
                    .and_then(Value::as_u64)
                    .unwrap_or(0)
                    .try_into()
                    .ok()?,
            },
            PolicyKind::Comments,
            PolicyKind::MergeStrategies {
                no_fast_forward: is("allowNoFastForward"),
                squash: is("allowSquash") || is("useSquashMerge"),
                rebase: is("allowRebase"),
                rebase_merge: is("allowRebaseMerge"),
            },
        ];
        known.into_iter().find(|one| one.kind().0.eq_ignore_ascii_case(kind)).filter(|one| match one {
            PolicyKind::MinimumReviewers { count } => *count > 0,
            PolicyKind::MergeStrategies { no_fast_forward, squash, rebase, rebase_merge } => {
                *no_fast_forward || *squash || *rebase || *rebase_merge
            }
            _ => true,
        })
    }

    /// The identifier and the name of the policy's type.
    pub(crate) fn kind(self) -> (&'static str, &'static str) {
        let [reviewers, comments, strategies, build] = PolicyKind::TYPES;
        match self {
            PolicyKind::MinimumReviewers { .. } => reviewers,
            PolicyKind::Comments => comments,
            PolicyKind::MergeStrategies { .. } => strategies,
            PolicyKind::Build { .. } => build,
        }
    }
}
