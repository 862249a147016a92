//! Links of work items: to each other, to pull requests, runs, commits and branches, and to web pages.

mod end;
mod link;
mod link_types;
mod list;
mod model;
mod pipeline_run;
mod pull_request;
mod references;
mod target;
mod unlink;

use crate::actions::runtime::Entry;
use crate::actions::runtime::Group;

/// The group in the catalogue
pub(super) const GROUP: Group = Group {
    label: "Work item links",
    actions: &[
        Entry::of::<list::ListWorkItemLinks>(),
        Entry::of::<link::LinkWorkItem>(),
        Entry::of::<unlink::UnlinkWorkItem>(),
        Entry::of::<pull_request::ListPullRequestWorkItems>(),
        Entry::of::<pipeline_run::ListPipelineRunWorkItems>(),
    ],
};
