//! Opening, closing and checking sessions.

mod check;
mod connect;
mod disconnect;
mod intended_use;

use crate::actions::runtime::Entry;
use crate::actions::runtime::Group;

/// The group in the catalogue
pub(super) const GROUP: Group = Group {
    label: "Session",
    actions: &[
        Entry::of::<connect::Connect>(),
        Entry::of::<disconnect::Disconnect>(),
        Entry::of::<check::CheckSession>(),
    ],
};
