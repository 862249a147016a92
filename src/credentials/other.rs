//! Where files have no modes (Windows): the folder's access list is the operator's own care.

use std::fs::Metadata;

/// Nothing is known to be wrong
pub(super) fn fault(_metadata: &Metadata, _mounted: bool) -> Option<String> {
    None
}
