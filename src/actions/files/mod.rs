//! Files of a repository.

mod commit;
mod commit_folder;
mod content;
mod download;
mod download_folder;
mod encoding;
mod existing;
mod get;
mod item;
mod list;
mod push;
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
        Entry::of::<download::DownloadRepositoryFile>(),
        Entry::of::<download_folder::DownloadRepositoryFolder>(),
        Entry::of::<commit::CommitFiles>(),
        Entry::of::<commit_folder::CommitFolder>(),
    ],
};
