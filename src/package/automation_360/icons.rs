//! The icons of the package: one for it, and one for each group of actions.

use crate::package::ActionCard;
use crate::package::manifest::PACKAGE_ICON;
use crate::package::manifest::group_icon;

/// The icons: the file name, and the SVG
pub(super) const ALL: &[(&str, &str)] = &[
    (PACKAGE_ICON, include_str!("icons/azure-devops.svg")),
    ("session.svg", include_str!("icons/session.svg")),
    ("projects.svg", include_str!("icons/projects.svg")),
    ("repositories.svg", include_str!("icons/repositories.svg")),
    ("branches.svg", include_str!("icons/branches.svg")),
    ("commits.svg", include_str!("icons/commits.svg")),
    ("files.svg", include_str!("icons/files.svg")),
    ("git-tags.svg", include_str!("icons/git-tags.svg")),
    ("pull-requests.svg", include_str!("icons/pull-requests.svg")),
    ("pull-request-reviews.svg", include_str!("icons/pull-request-reviews.svg")),
    ("pipelines.svg", include_str!("icons/pipelines.svg")),
    ("pipeline-runs.svg", include_str!("icons/pipeline-runs.svg")),
    ("test-results.svg", include_str!("icons/test-results.svg")),
    ("releases.svg", include_str!("icons/releases.svg")),
    ("approvals.svg", include_str!("icons/approvals.svg")),
    ("environments.svg", include_str!("icons/environments.svg")),
    ("variable-groups.svg", include_str!("icons/variable-groups.svg")),
    ("work-items.svg", include_str!("icons/work-items.svg")),
    ("work-item-links.svg", include_str!("icons/work-item-links.svg")),
];

/// Returns the icons of the package and of the groups of these actions
pub(super) fn of(actions: &[&ActionCard]) -> impl Iterator<Item = (&'static str, &'static str)> {
    let used: Vec<String> = actions.iter().map(|card| group_icon(card.group)).collect();
    ALL.iter().copied().filter(move |(name, _)| *name == PACKAGE_ICON || used.iter().any(|icon| icon == name))
}
