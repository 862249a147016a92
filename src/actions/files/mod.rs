//! Files of a repository, and the commits that changed them.

mod commit;
mod commits;
mod get;
mod list;

use crate::actions::Entry;
use crate::actions::Group;
use crate::contract::BranchName;
use crate::contract::Error;
use crate::contract::ErrorCode;

/// The group in the catalogue
pub const GROUP: Group = Group {
    label: "Files",
    actions: &[
        Entry::of::<get::GetRepositoryFile>(),
        Entry::of::<list::ListRepositoryFiles>(),
        Entry::of::<commit::CommitFiles>(),
        Entry::of::<commits::ListCommits>(),
    ],
};

/// Branches and tags are told apart by the service, other refs are not served
fn version(branch: &BranchName) -> Result<(&'static str, &str), Error> {
    branch.branch().map(|name| ("branch", name)).or(branch.tag().map(|name| ("tag", name))).ok_or_else(|| {
        Error::new(
            ErrorCode::InputInvalid,
            format!("files can be read from branches and tags, not from {branch}"),
        )
    })
}
