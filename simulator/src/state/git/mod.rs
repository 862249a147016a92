//! Git repositories: objects, commits, refs, merges and pull requests.

mod commit_status;
mod history;
mod merge;
pub(crate) mod objects;
mod pull_request;
pub(crate) mod repository;

pub(crate) use commit_status::CommitStatus;
pub(crate) use objects::AnnotatedTag;
pub(crate) use objects::Blob;
pub(crate) use objects::Commit;
pub(crate) use objects::Files;
pub(crate) use objects::Mode;
pub(crate) use objects::ObjectId;
pub(crate) use objects::Signature;
pub(crate) use pull_request::Completion;
pub(crate) use pull_request::Label;
pub(crate) use pull_request::Policy;
pub(crate) use pull_request::PullRequest;
pub(crate) use pull_request::Reply;
pub(crate) use pull_request::Status;
pub(crate) use pull_request::Thread;
pub(crate) use repository::Change;
pub(crate) use repository::Draft;
pub(crate) use repository::Import;
pub(crate) use repository::MAIN;
pub(crate) use repository::PushError;
pub(crate) use repository::PushRecord;
pub(crate) use repository::Repository;
