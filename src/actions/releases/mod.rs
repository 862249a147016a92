//! Release pipelines and releases.
//!
//! The shapes are from the published description of release 7.1; no recorded response was available.

mod abandon;
mod create;
mod create_definition;
mod delete_definition;
mod deploy;
mod edit_definition;
mod get;
mod get_definition;
mod list;
mod list_definitions;
mod model;
mod release_pipeline;
mod release_pipelines;
mod requests;
mod wait;
mod waits_for;

use crate::actions::runtime::Entry;
use crate::actions::runtime::Group;

/// The group in the catalogue
pub(super) const GROUP: Group = Group {
    label: "Releases",
    actions: &[
        Entry::of::<list_definitions::ListReleasePipelines>(),
        Entry::of::<get_definition::GetReleasePipeline>(),
        Entry::of::<create_definition::CreateReleasePipeline>(),
        Entry::of::<edit_definition::EditReleasePipeline>(),
        Entry::of::<delete_definition::DeleteReleasePipeline>(),
        Entry::of::<list::ListReleases>(),
        Entry::of::<get::GetRelease>(),
        Entry::of::<create::CreateRelease>(),
        Entry::of::<deploy::DeployReleaseStage>(),
        Entry::of::<wait::WaitForReleaseStage>(),
        Entry::of::<abandon::AbandonRelease>(),
    ],
};
