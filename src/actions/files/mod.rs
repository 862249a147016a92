//! Files of a repository.

mod commit;
mod get;

use crate::actions::Entry;
use crate::actions::Group;

/// The group in the catalogue
pub const GROUP: Group = Group {
    label: "Files",
    actions: &[Entry::of::<get::GetRepositoryFile>(), Entry::of::<commit::CommitFiles>()],
};
