//! Pull requests: known by their id alone, and merged by the service.

mod abandon;
mod comment;
mod complete;
mod create;
mod get;
mod list;
mod model;
mod policies;
mod requests;
mod update;
mod vote;

use crate::actions::runtime::Entry;
use crate::actions::runtime::Group;

/// The group in the catalogue
pub(super) const GROUP: Group = Group {
    label: "Pull requests",
    actions: &[
        Entry::of::<list::ListPullRequests>(),
        Entry::of::<get::GetPullRequest>(),
        Entry::of::<create::CreatePullRequest>(),
        Entry::of::<update::UpdatePullRequest>(),
        Entry::of::<vote::VoteOnPullRequest>(),
        Entry::of::<comment::CommentOnPullRequest>(),
        Entry::of::<complete::CompletePullRequest>(),
        Entry::of::<abandon::AbandonPullRequest>(),
    ],
};
