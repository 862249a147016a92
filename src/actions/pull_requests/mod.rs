//! Pull requests: known by their id alone, and merged by the service.

mod abandon;
mod cancel_auto_complete;
mod changes;
mod complete;
mod completion;
mod create;
mod get;
mod list;
pub(super) mod model;
mod policies;
pub(super) mod requests;
mod set_auto_complete;
mod update;

use crate::actions::runtime::Entry;
use crate::actions::runtime::Group;

/// The group in the catalogue
pub(super) const GROUP: Group = Group {
    label: "Pull requests",
    actions: &[
        Entry::of::<list::ListPullRequests>(),
        Entry::of::<get::GetPullRequest>(),
        Entry::of::<changes::ListPullRequestChanges>(),
        Entry::of::<create::CreatePullRequest>(),
        Entry::of::<update::UpdatePullRequest>(),
        Entry::of::<complete::CompletePullRequest>(),
        Entry::of::<set_auto_complete::SetAutoComplete>(),
        Entry::of::<cancel_auto_complete::CancelAutoComplete>(),
        Entry::of::<abandon::AbandonPullRequest>(),
    ],
};
