//! Git tags: names of commits that do not move.

mod create;
mod delete;
mod list;
mod tags;

use crate::actions::runtime::Entry;
use crate::actions::runtime::Group;

/// The group in the catalogue
pub(super) const GROUP: Group = Group {
    label: "Git tags",
    actions: &[
        Entry::of::<list::ListGitTags>(),
        Entry::of::<create::CreateGitTag>(),
        Entry::of::<delete::DeleteGitTag>(),
    ],
};
