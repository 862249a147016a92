//! The version of a file that a branch or tag names.

use crate::actions::prelude::*;

/// Branches and tags are told apart by the service, other refs are not served
pub(crate) fn version(branch: &BranchName) -> Result<(&'static str, &str), Error> {
    branch.branch().map(|name| ("branch", name)).or(branch.tag().map(|name| ("tag", name))).ok_or_else(|| {
        Error::new(
            ErrorCode::InputInvalid,
            format!("files can be read from branches and tags, not from {branch}"),
        )
    })
}
