//! Branches.

mod create;
mod delete;
mod list;
pub(super) mod pushes;
pub(super) mod refs;

use crate::actions::runtime::Entry;
use crate::actions::runtime::Group;

/// The group in the catalogue
pub(super) const GROUP: Group = Group {
    label: "Branches",
    actions: &[
        Entry::of::<list::ListBranches>(),
        Entry::of::<create::CreateBranch>(),
        Entry::of::<delete::DeleteBranch>(),
    ],
};
