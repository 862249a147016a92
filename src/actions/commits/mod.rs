//! Commits of a repository: what they changed, and the statuses that checks give them.

mod changes;
mod list;
mod list_statuses;
mod named;
mod set_status;
mod statuses;

use crate::actions::runtime::Entry;
use crate::actions::runtime::Group;

/// The group in the catalogue
pub(super) const GROUP: Group = Group {
    label: "Commits",
    actions: &[
        Entry::of::<list::ListCommits>(),
        Entry::of::<changes::ListCommitChanges>(),
        Entry::of::<list_statuses::ListCommitStatuses>(),
        Entry::of::<set_status::SetCommitStatus>(),
    ],
};
