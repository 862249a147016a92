//! Code that actions of several groups share.

pub(super) mod by_name;
pub(super) mod changed_files;
pub(super) mod differences;
pub(super) mod mark_property;
pub(super) mod new_pipeline;
pub(super) mod not_found;
pub(super) mod people;
pub(super) mod revisions;
pub(super) mod unified_diff;
pub(super) mod variables;
pub(super) mod wait_state;
pub(super) mod wire;
