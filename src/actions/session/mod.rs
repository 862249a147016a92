//! Opening, closing and checking sessions.

mod check;
mod connect;
mod disconnect;

use crate::actions::Entry;
use crate::actions::Group;

/// The group in the catalogue
pub const GROUP: Group = Group {
    label: "Session",
    actions: &[
        Entry::of::<connect::Connect>(),
        Entry::of::<disconnect::Disconnect>(),
        Entry::of::<check::CheckSession>(),
    ],
};
