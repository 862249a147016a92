//! Who else can read or write a credential's file, where files have modes.

use std::fs::Metadata;
use std::os::unix::fs::PermissionsExt as _;

/// What is wrong with the mode, if anything
///
/// Nobody but its owner may write the file. Nobody but its owner may read it either, unless the
/// platform mounted it: Docker and Kubernetes choose the modes there, and the folder's reach is the
/// container's.
pub(super) fn fault(metadata: &Metadata, mounted: bool) -> Option<String> {
    let mode = metadata.permissions().mode() & 0o7777;
    if mode & 0o022 != 0 {
        return Some(format!("has the mode {mode:04o}: others than its owner can change it"));
    }
    if !mounted && mode & 0o077 != 0 {
        return Some(format!("has the mode {mode:04o}: others than its owner can read it"));
    }
    None
}
