//! Pipelines, YAML and classic.

mod copy;
mod create;
mod create_classic;
pub(super) mod definitions;
mod delete;
mod disable;
mod edit;
mod enable;
mod get;
mod list;
pub(super) mod model;
mod pause;

use crate::actions::runtime::Entry;
use crate::actions::runtime::Group;

/// The group in the catalogue
pub(super) const GROUP: Group = Group {
    label: "Pipelines",
    actions: &[
        Entry::of::<list::ListPipelines>(),
        Entry::of::<get::GetPipeline>(),
        Entry::of::<create::CreatePipeline>(),
        Entry::of::<create_classic::CreateClassicPipeline>(),
        Entry::of::<copy::CopyPipeline>(),
        Entry::of::<edit::EditPipeline>(),
        Entry::of::<enable::EnablePipeline>(),
        Entry::of::<pause::PausePipeline>(),
        Entry::of::<disable::DisablePipeline>(),
        Entry::of::<delete::DeletePipeline>(),
    ],
};
