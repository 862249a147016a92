//! The state of a running simulator: plain data without I/O, behind one lock.

mod allowances;
mod clock;
mod completion;
mod content;
pub(crate) mod git;
mod organization;
pub(crate) mod pipelines;
mod project;
mod pull_request_place;
pub(crate) mod releases;
mod revision;
mod root;
mod saved;
mod settings;
mod unseen;
mod user;
pub(crate) mod work;

pub(crate) use allowances::Allowance;
pub(crate) use clock::Clock;
pub(crate) use organization::Organization;
pub(crate) use organization::ProjectOperation;
pub(crate) use organization::ProjectOperationKind;
pub(crate) use pipelines::Pipeline;
pub(crate) use project::Folder;
pub(crate) use project::Project;
pub(crate) use project::Team;
pub(crate) use pull_request_place::LocatedPullRequest;
pub(crate) use pull_request_place::PullRequestPlace;
pub(crate) use root::ENTRA_TOKEN;
pub(crate) use root::FULL_TOKEN;
pub(crate) use root::State;
pub(crate) use saved::Saved;
pub use saved::Snapshot;
pub(crate) use settings::Settings;
pub(crate) use unseen::Unseen;
pub(crate) use user::User;
