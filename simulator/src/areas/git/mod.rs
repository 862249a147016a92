//! Git: repositories, branches, commits, files, pushes, imports and pull requests.

pub(crate) mod annotated_tags;
pub(crate) mod blobs;
pub(crate) mod branches;
pub(crate) mod commits;
pub(crate) mod completion;
mod decoded;
pub(crate) mod diffs;
pub(crate) mod imports;
pub(crate) mod items;
pub(crate) mod iterations;
pub(crate) mod labels;
pub(crate) mod locks;
pub(crate) mod pull_request_creation;
pub(crate) mod pull_request_query;
mod pull_request_shapes;
pub(crate) mod pull_requests;
pub(crate) mod pushes;
pub(crate) mod repositories;
pub(crate) mod review_commits;
pub(crate) mod review_statuses;
pub(crate) mod reviews;
pub(crate) mod statuses;
pub(crate) mod thread_comments;
mod thread_shapes;
pub(crate) mod trees;
pub(crate) mod work_items;
