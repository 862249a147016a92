//! Projects.

mod get;

use crate::actions::Entry;
use crate::actions::Group;

/// The group in the catalogue
pub const GROUP: Group = Group { label: "Projects", actions: &[Entry::of::<get::GetProject>()] };
