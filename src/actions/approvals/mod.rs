//! Approvals, of pipeline runs and of releases, and what a pipeline may use.
//!
//! Shapes from the published description of approvals, pipeline permissions and release 7.1.

mod authorize;
mod decide;
mod decide_release;
mod list;
mod list_release;

use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

use crate::actions::Entry;
use crate::actions::Group;

/// The group in the catalogue
pub const GROUP: Group = Group {
    label: "Approvals",
    actions: &[
        Entry::of::<list::ListPipelineApprovals>(),
        Entry::of::<decide::DecidePipelineApproval>(),
        Entry::of::<list_release::ListReleaseApprovals>(),
        Entry::of::<decide_release::DecideReleaseApproval>(),
        Entry::of::<authorize::AuthorizePipeline>(),
    ],
};

/// The form of approvals, which some organizations still have in preview
const PREVIEW: u8 = 1;

/// What is answered to an approval
#[derive(Clone, Copy, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[schemars(inline)]
enum Decision {
    /// Approve
    Approve,
    /// Reject
    Reject,
}

impl Decision {
    /// The service's word for what becomes of the approval
    const fn status(self) -> &'static str {
        match self {
            Decision::Approve => "approved",
            Decision::Reject => "rejected",
        }
    }

    /// The word for messages
    const fn verb(self) -> &'static str {
        match self {
            Decision::Approve => "approve",
            Decision::Reject => "reject",
        }
    }
}
