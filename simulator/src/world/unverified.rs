//! Assumptions about releases, approvals and definitions that are not verified against the service: one switch each.
//! The defaults are the assumptions.

use serde::Deserialize;
use serde::Serialize;

/// Assumed behaviour of the service. A client works with every value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Unverified {
    /// Whether a release pipeline with a stage without a retention policy is refused (VS402982). Yes.
    pub retention_policy_required: bool,
    /// The status of a release's stage while it waits for its approval. In progress.
    pub waiting_stage: WaitingStage,
    /// Whether release management puts the code of a missing permission (VS402904) in front of the message. Yes.
    pub coded_refusals: bool,
    /// The response to a change of a release pipeline that another user changed in the meantime. 400.
    pub stale_release_pipeline: Stale,
    /// The response to a change of a build definition that another user changed in the meantime. 409.
    pub stale_definition: Stale,
    /// Whether users other than the approver may decide. No.
    pub anybody_decides: bool,
    /// Whether the comment of a definition's change is stored and shown in its history. Yes.
    pub revision_comments: bool,
    /// Whether completing a pull request requires the permission to contribute, in addition to contributing to pull
    /// requests. Yes.
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

/// The status of a release's stage while it waits for its approval.
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

/// The response to a change that was made from an outdated copy.
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
