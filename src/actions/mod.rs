//! The actions: one file each, declared once. Everything else about an action is read off its row.
//!
//! To add one: its file, and two lines in its group. See `docs/adding-an-action.md`.

mod action;
mod by_name;
mod catalogue;
mod context;
mod definitions;
mod intended;
mod lost_response;
mod missing;
mod new_project;
mod policies;
mod properties;
mod protected_resources;
mod refs;
mod release_pipelines;
mod revisions;
mod sent_commit;
mod sent_run;
mod variables;
mod wire;
mod work_item_fields;

pub mod approvals;
pub mod branches;
pub mod files;
pub mod pipeline_runs;
pub mod pipelines;
pub mod projects;
pub mod pull_requests;
pub mod releases;
pub mod repositories;
pub mod session;
pub mod work_items;

pub use crate::files::Folders;
pub use action::Action;
pub use action::ChoiceNeeds;
pub use action::Effect;
pub use action::Entry;
pub use action::Example;
pub use action::FileUse;
pub use action::Group;
pub use action::LostResponse;
pub use action::Prepared;
pub use action::SessionUse;
pub use catalogue::entries;
pub use catalogue::entry;
pub use catalogue::unknown_action;
pub use context::Context;
pub use context::Notes;
pub use context::OpenSession;
pub use context::Polling;
pub use context::Services;
pub(crate) use lost_response::Candidate;
pub(crate) use lost_response::Comparison;
pub(crate) use lost_response::Made;
pub(crate) use lost_response::Mark;

/// The catalogue: every group, in the order a designer shows them
pub static CATALOGUE: &[Group] = &[
    session::GROUP,
    projects::GROUP,
    repositories::GROUP,
    branches::GROUP,
    files::GROUP,
    pull_requests::GROUP,
    pipelines::GROUP,
    pipeline_runs::GROUP,
    releases::GROUP,
    approvals::GROUP,
    work_items::GROUP,
];
