//! Projects.

mod create;
mod get;
mod list;
mod model;
pub(super) mod new_project;

use crate::actions::runtime::Entry;
use crate::actions::runtime::Group;

/// The group in the catalogue
pub(super) const GROUP: Group = Group {
    label: "Projects",
    actions: &[
        Entry::of::<list::ListProjects>(),
        Entry::of::<get::GetProject>(),
        Entry::of::<create::CreateProject>(),
    ],
};
