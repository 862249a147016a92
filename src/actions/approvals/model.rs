//! What approvals have in common: the decision, and the version of the API.

use crate::actions::prelude::*;

/// The form of approvals, which some organizations still have in preview
pub(crate) const PREVIEW: u8 = 1;

/// What is answered to an approval
#[derive(Clone, Copy, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[schemars(inline)]
pub(crate) enum Decision {
    /// Approve
    Approve,
    /// Reject
    Reject,
}

impl Decision {
    /// The service's word for what becomes of the approval
    pub(crate) const fn status(self) -> &'static str {
        match self {
            Decision::Approve => "approved",
            Decision::Reject => "rejected",
        }
    }

    /// The word for messages
    pub(crate) const fn verb(self) -> &'static str {
        match self {
            Decision::Approve => "approve",
            Decision::Reject => "reject",
        }
    }
}
