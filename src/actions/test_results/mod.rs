//! Test results of pipeline runs: the numbers, and the tests one by one.

mod list;
mod model;
mod requests;
mod summary;

use crate::actions::runtime::Entry;
use crate::actions::runtime::Group;

/// The group in the catalogue
pub(super) const GROUP: Group = Group {
    label: "Test results",
    actions: &[Entry::of::<summary::GetTestSummary>(), Entry::of::<list::ListTestResults>()],
};
