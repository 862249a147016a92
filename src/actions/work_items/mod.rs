//! Work items.

mod attach;
mod create;
mod date_literals;
mod fields;
mod get;
mod model;
mod query;
mod requests;
mod same_value;
mod update;

use crate::actions::runtime::Entry;
use crate::actions::runtime::Group;

/// The group in the catalogue
pub(super) const GROUP: Group = Group {
    label: "Work items",
    actions: &[
        Entry::of::<get::GetWorkItem>(),
        Entry::of::<create::CreateWorkItem>(),
        Entry::of::<update::UpdateWorkItem>(),
        Entry::of::<query::QueryWorkItems>(),
        Entry::of::<attach::AttachFileToWorkItem>(),
    ],
};
