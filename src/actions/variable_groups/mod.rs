//! Variable groups of the library, which several pipelines share.
//!
//! The shapes are from recorded responses and the published description of distributedtask 7.1.

mod create;
mod delete;
mod get;
mod list;
mod model;
mod requests;
mod update;

use crate::actions::runtime::Entry;
use crate::actions::runtime::Group;

/// The group in the catalogue
pub(super) const GROUP: Group = Group {
    label: "Variable groups",
    actions: &[
        Entry::of::<create::CreateVariableGroup>(),
        Entry::of::<get::GetVariableGroup>(),
        Entry::of::<list::ListVariableGroups>(),
        Entry::of::<update::UpdateVariableGroup>(),
        Entry::of::<delete::DeleteVariableGroup>(),
    ],
};
