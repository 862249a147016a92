//! The links of work items: their types, and the identifiers in their addresses.

use serde_json::Value;

use crate::names;

/// A type of link between work items, seen from one of its ends.
pub(crate) struct LinkType {
    pub(crate) reference: &'static str,
    pub(crate) name: &'static str,
    /// The reference name of the other end.
    pub(crate) opposite: &'static str,
    pub(crate) topology: &'static str,
    /// Whether a work item has at most one link of the type.
    pub(crate) is_single: bool,
}

const fn link(
    reference: &'static str,
    name: &'static str,
    opposite: &'static str,
    topology: &'static str,
) -> LinkType {
    LinkType { reference, name, opposite, topology, is_single: false }
}

const fn single(
    reference: &'static str,
    name: &'static str,
    opposite: &'static str,
    topology: &'static str,
) -> LinkType {
    LinkType { is_single: true, ..link(reference, name, opposite, topology) }
}

const CHILD: &str = "System.LinkTypes.Hierarchy-Forward";
const PARENT: &str = "System.LinkTypes.Hierarchy-Reverse";
const RELATED: &str = "System.LinkTypes.Related";
const SUCCESSOR: &str = "System.LinkTypes.Dependency-Forward";
const PREDECESSOR: &str = "System.LinkTypes.Dependency-Reverse";
const DUPLICATE: &str = "System.LinkTypes.Duplicate-Forward";
const DUPLICATE_OF: &str = "System.LinkTypes.Duplicate-Reverse";
const TESTED_BY: &str = "Microsoft.VSTS.Common.TestedBy-Forward";
const TESTS: &str = "Microsoft.VSTS.Common.TestedBy-Reverse";

/// The types of links between work items.
pub(crate) const LINK_TYPES: &[LinkType] = &[
    link(CHILD, "Child", PARENT, "tree"),
    single(PARENT, "Parent", CHILD, "tree"),
    link(RELATED, "Related", RELATED, "network"),
    link(SUCCESSOR, "Successor", PREDECESSOR, "dependency"),
    link(PREDECESSOR, "Predecessor", SUCCESSOR, "dependency"),
    link(DUPLICATE, "Duplicate", DUPLICATE_OF, "tree"),
    single(DUPLICATE_OF, "Duplicate Of", DUPLICATE, "tree"),
    link(TESTED_BY, "Tested By", TESTS, "dependency"),
    link(TESTS, "Tests", TESTED_BY, "dependency"),
];

/// The reference names and names of links to something else than a work item.
pub(crate) const RESOURCE_LINKS: &[(&str, &str)] =
    &[("AttachedFile", "Attached File"), ("Hyperlink", "Hyperlink"), ("ArtifactLink", "Artifact Link")];

/// Returns the type of a link between work items.
pub(crate) fn link_type(reference: &str) -> Option<&'static LinkType> {
    LINK_TYPES.iter().find(|known| names::same(known.reference, reference))
}

/// Returns the identifier of the work item that an address leads to.
pub(crate) fn work_item_of(url: &str) -> Option<u32> {
    let (before, id) = url.rsplit_once('/')?;
    before.to_ascii_lowercase().ends_with("/_apis/wit/workitems").then(|| id.parse().ok())?
}

/// Returns whether two links are of one type and have one address. Links to other areas have the name of their type aside.
pub(crate) fn same(one: &Value, other: &Value) -> bool {
    let text = |link: &Value, name: &str| link[name].as_str().unwrap_or_default().to_lowercase();
    let name = |link: &Value| match text(link, "rel").as_str() {
        "artifactlink" => text(&link["attributes"], "name"),
        _ => String::new(),
    };
    text(one, "rel") == text(other, "rel")
        && text(one, "url") == text(other, "url")
        && name(one) == name(other)
}
