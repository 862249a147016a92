//! Reviews of pull requests: reviewers, votes and comments.

mod add_reviewer;
mod comment;
mod list_reviewers;
mod list_threads;
mod model;
mod remove_reviewer;
mod reply;
mod resolve;
mod threads;
mod vote;

use crate::actions::runtime::Entry;
use crate::actions::runtime::Group;

/// The group in the catalogue
pub(super) const GROUP: Group = Group {
    label: "Pull request reviews",
    actions: &[
        Entry::of::<list_reviewers::ListPullRequestReviewers>(),
        Entry::of::<add_reviewer::AddPullRequestReviewer>(),
        Entry::of::<remove_reviewer::RemovePullRequestReviewer>(),
        Entry::of::<vote::VoteOnPullRequest>(),
        Entry::of::<comment::CommentOnPullRequest>(),
        Entry::of::<list_threads::ListPullRequestThreads>(),
        Entry::of::<reply::ReplyToPullRequestThread>(),
        Entry::of::<resolve::ResolvePullRequestThread>(),
    ],
};
