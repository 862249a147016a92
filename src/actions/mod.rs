//! The actions: one file each. Schemas, forms and reference pages are generated from it.
//!
//! An action needs its file, and two lines in its group. See `docs/adding-an-action.md`.

mod approvals;
mod branches;
mod catalogue;
mod commits;
mod environments;
mod files;
mod git_tags;
mod pipeline_runs;
mod pipelines;
mod prelude;
mod projects;
mod pull_requests;
mod releases;
mod repositories;
mod reviews;
mod runtime;
mod session;
mod shared;
mod test_results;
mod variable_groups;
mod work_item_links;
mod work_items;

pub use crate::files::Folders;
pub use catalogue::CATALOGUE;
pub use catalogue::entries;
pub use catalogue::entry;
pub use catalogue::group;
pub use catalogue::similar_action;
pub use catalogue::unknown_action;
pub use runtime::Action;
pub use runtime::AlsoPerforms;
pub use runtime::AuditedObject;
pub use runtime::ChoiceNeeds;
pub use runtime::Context;
pub use runtime::Effect;
pub use runtime::Entry;
pub use runtime::Example;
pub use runtime::FileUse;
pub use runtime::Group;
pub use runtime::LostResponse;
pub use runtime::Notes;
pub use runtime::OpenSession;
pub use runtime::Polling;
pub use runtime::Prepared;
pub use runtime::RequestedConnection;
pub use runtime::Services;
pub use runtime::SessionUse;
pub use runtime::fields_advice;
