//! Git repositories.

mod create;
mod delete;
mod get;
mod import;
mod list;
pub(super) mod model;
pub(super) mod requests;
mod update;

use crate::actions::runtime::Entry;
use crate::actions::runtime::Group;

/// The group in the catalogue
pub(super) const GROUP: Group = Group {
    label: "Repositories",
    actions: &[
        Entry::of::<list::ListRepositories>(),
        Entry::of::<get::GetRepository>(),
        Entry::of::<create::CreateRepository>(),
        Entry::of::<import::ImportRepository>(),
        Entry::of::<update::UpdateRepository>(),
        Entry::of::<delete::DeleteRepository>(),
    ],
};
