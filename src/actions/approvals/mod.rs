//! Approvals of pipeline runs and of releases, and the resources that a pipeline may use.
//!
//! The shapes are from the published description of approvals, pipeline permissions and release 7.1.

mod authorize;
mod decide;
mod decide_release;
mod list;
mod list_release;
mod model;
mod pipeline_approvals;
mod protected_resources;
mod release_approvals;

use crate::actions::runtime::Entry;
use crate::actions::runtime::Group;

/// The group in the catalogue
pub(super) const GROUP: Group = Group {
    label: "Approvals",
    actions: &[
        Entry::of::<list::ListPipelineApprovals>(),
        Entry::of::<decide::DecidePipelineApproval>(),
        Entry::of::<list_release::ListReleaseApprovals>(),
        Entry::of::<decide_release::DecideReleaseApproval>(),
        Entry::of::<authorize::AuthorizePipeline>(),
    ],
};
