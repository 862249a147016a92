//! What is believed of releases, approvals and definitions and that nobody here has seen: one switch each, which by
//! default does what is believed.

use serde::Deserialize;
use serde::Serialize;

/// What the service does, as far as it is believed. A client copes with every position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Unverified {
    /// Whether a release pipeline is refused of which a stage has no retention policy (VS402982). Yes.
    pub retention_policy_required: bool,
    /// What a stage of a release is while it waits for its approval. In progress.
    pub waiting_stage: WaitingStage,
    /// Whether release management names the code of a missing permission (VS402904) in front of its words. Yes.
    pub coded_refusals: bool,
    /// How the change of a release pipeline is refused that somebody else changed meanwhile. 400.
    pub stale_release_pipeline: Stale,
    /// The same for a pipeline's definition. 409.
    pub stale_definition: Stale,
    /// Whether others than the approver may decide. No.
    pub anybody_decides: bool,
    /// Whether what is said about the saving of a definition is kept and shown in its history. Yes.
    pub revision_comments: bool,
    /// Whether completing a pull request takes the permission to contribute beside that to work on it. Yes.
    pub completing_takes_contribute: bool,
}

impl Default for Unverified {
    fn default() -> Self {
        Unverified {
            retention_policy_required: true,
            waiting_stage: WaitingStage::InProgress,
            coded_refusals: true,
            stale_release_pipeline: Stale::BadRequest,
            stale_definition: Stale::Conflict,
            anybody_decides: false,
            revision_comments: true,
            completing_takes_contribute: true,
        }
    }
}

/// What a stage of a release is while it waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WaitingStage {
    /// `inProgress`.
    InProgress,
    /// `queued`.
    Queued,
}

impl WaitingStage {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            WaitingStage::InProgress => "inProgress",
            WaitingStage::Queued => "queued",
        }
    }
}

/// How a change is refused that was made from an old copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stale {
    /// 400.
    BadRequest,
    /// 409.
    Conflict,
}

impl Stale {
    pub(crate) fn status(self) -> axum::http::StatusCode {
        match self {
            Stale::BadRequest => axum::http::StatusCode::BAD_REQUEST,
            Stale::Conflict => axum::http::StatusCode::CONFLICT,
        }
    }
}
