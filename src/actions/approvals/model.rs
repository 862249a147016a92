//! What approvals have in common: the decision, and the version of the API.

use crate::actions::prelude::*;

/// The preview version of the approvals API, which some organizations still need
pub(crate) const PREVIEW: u8 = 1;

/// The decision on an approval
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
    /// Returns the service's name for the status of the approval
    pub(crate) const fn status(self) -> &'static str {
        match self {
            Decision::Approve => "approved",
            Decision::Reject => "rejected",
        }
    }

    /// Returns the verb for messages
    pub(crate) const fn verb(self) -> &'static str {
        match self {
            Decision::Approve => "approve",
            Decision::Reject => "reject",
        }
    }
}
