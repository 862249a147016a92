//! Environments, their checks, and what runs wait for.
//!
//! The shapes are from the published description of environments and of approvals and checks 7.1.

mod checks;
mod list;
mod waits;

use crate::actions::runtime::Entry;
use crate::actions::runtime::Group;

/// The group in the catalogue
pub(super) const GROUP: Group = Group {
    label: "Environments",
    actions: &[
        Entry::of::<list::ListEnvironments>(),
        Entry::of::<checks::ListEnvironmentChecks>(),
        Entry::of::<waits::ListPipelineRunWaits>(),
    ],
};
