//! Policies of branches as a world describes them.

use serde::Deserialize;
use serde::Serialize;

/// A policy of a branch.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// The branch without `refs/heads/`.
    #[serde(default = "main")]
    pub(crate) branch: String,
    /// Whether a pull request that does not meet it can be completed.
    #[serde(default = "blocking")]
    pub(crate) blocking: bool,
    /// What it asks for.
    pub(crate) asks: PolicyKind,
}

fn main() -> String {
    "main".to_owned()
}

fn blocking() -> bool {
    true
}

/// What a policy asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum PolicyKind {
    /// So many others approve, and nobody rejects or waits.
    MinimumReviewers {
        /// How many.
        count: usize,
    },
    /// Every comment is resolved.
    Comments,
    /// A build that is on its way for ever, or has ended so.
    Build {
        /// Where the build is.
        result: PolicyBuild,
    },
}

/// Where the build of a policy is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PolicyBuild {
    /// It has not begun.
    Queued,
    /// It is under way.
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
    /// A blocking policy of `main` that asks for this.
    pub fn on_main(self) -> Policy {
        Policy { branch: main(), blocking: true, asks: self }
    }

    /// The identifier and the name of the policy's type.
    pub(crate) fn kind(self) -> (&'static str, &'static str) {
        match self {
            PolicyKind::MinimumReviewers { .. } => {
                ("fa4e907d-c16b-4a4c-9dfa-4906e5d171dd", "Minimum number of reviewers")
            }
            PolicyKind::Comments => ("c6a1889d-b943-4856-b76f-9e46bb6b0df2", "Comment requirements"),
            PolicyKind::Build { .. } => ("0609b952-1397-4640-95ec-e00a01b2c241", "Build"),
        }
    }
}
