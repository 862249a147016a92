//! Files of a repository.

mod commit;
mod encoding;
mod existing;
mod get;
mod list;
mod sent_commit;
pub(super) mod version;

use crate::actions::runtime::Entry;
use crate::actions::runtime::Group;

/// The group in the catalogue
pub(super) const GROUP: Group = Group {
    label: "Files",
    actions: &[
        Entry::of::<get::GetRepositoryFile>(),
        Entry::of::<list::ListRepositoryFiles>(),
        Entry::of::<commit::CommitFiles>(),
    ],
};
