//! The version of a file that a branch or tag names.

use crate::actions::prelude::*;

/// Returns the kind and name of a version; the service reads files of branches and tags only
pub(crate) fn version(branch: &BranchName) -> Result<(&'static str, &str), Error> {
    branch.branch().map(|name| ("branch", name)).or(branch.tag().map(|name| ("tag", name))).ok_or_else(|| {
        Error::new(
            ErrorCode::InputInvalid,
            format!("files can be read from branches and tags, not from {branch}"),
        )
    })
}
