//! Branches.

mod create;
mod delete;
mod list;

use crate::actions::Entry;
use crate::actions::Group;
use crate::contract::BranchName;
use crate::contract::Error;
use crate::contract::ErrorCode;

/// The group in the catalogue
pub const GROUP: Group = Group {
    label: "Branches",
    actions: &[
        Entry::of::<list::ListBranches>(),
        Entry::of::<create::CreateBranch>(),
        Entry::of::<delete::DeleteBranch>(),
    ],
};

/// Refuses a full ref that is no branch
fn is_branch(action: &str, branch: &BranchName) -> Result<(), Error> {
    match branch.branch() {
        Some(_) => Ok(()),
        None => Err(Error::new(ErrorCode::InputInvalid, format!("{action}: {branch} is not a branch"))),
    }
}
