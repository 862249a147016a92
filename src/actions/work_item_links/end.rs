//! What a link of a work item leads to, read from its type and address.

use percent_encoding::percent_decode_str;

use crate::actions::work_items::model::Relation;

/// The type of links to files that were uploaded
const FILE: &str = "AttachedFile";

/// The type of links to web pages
pub(super) const HYPERLINK: &str = "Hyperlink";

/// The type of links to anything else of the service
pub(super) const ARTIFACT: &str = "ArtifactLink";

/// What a link leads to; ids of repositories and commits are in lower case
#[derive(Debug, PartialEq, Eq)]
pub(super) enum LinkEnd {
    WorkItem(u32),
    PullRequest {
        repository: String,
        id: String,
    },
    Run(u32),
    Commit {
        repository: String,
        id: String,
    },
    Branch {
        repository: String,
        name: String,
    },
    Tag {
        repository: String,
        name: String,
    },
    File(String),
    Address(String),
    /// Something that this package does not know
    Other(String),
}

impl LinkEnd {
    /// Returns what a link in a response leads to
    pub(super) fn of(relation: &Relation) -> Self {
        let url = relation.url.as_deref().unwrap_or_default();
        match relation.rel.as_deref().unwrap_or_default() {
            FILE => LinkEnd::File(url.to_owned()),
            HYPERLINK => LinkEnd::Address(url.to_owned()),
            ARTIFACT => artifact(url).unwrap_or_else(|| LinkEnd::Other(url.to_owned())),
            _ => work_item(url).map_or_else(|| LinkEnd::Other(url.to_owned()), LinkEnd::WorkItem),
        }
    }

    /// Returns the name of its kind in the output
    pub(super) const fn kind(&self) -> &'static str {
        match self {
            LinkEnd::WorkItem(_) => "workItem",
            LinkEnd::PullRequest { .. } => "pullRequest",
            LinkEnd::Run(_) => "pipelineRun",
            LinkEnd::Commit { .. } => "commit",
            LinkEnd::Branch { .. } => "branch",
            LinkEnd::Tag { .. } => "tag",
            LinkEnd::File(_) => "file",
            LinkEnd::Address(_) => "address",
            LinkEnd::Other(_) => "other",
        }
    }
}

/// Returns the id of a work item from its address: `https://…/_apis/wit/workItems/7`
pub(super) fn work_item(url: &str) -> Option<u32> {
    let (before, id) = url.rsplit_once('/')?;
    before.to_ascii_lowercase().ends_with("/workitems").then(|| id.parse().ok())?
}

/// Returns what the address of another part of the service leads to: `vstfs:///Git/PullRequestId/…`
///
/// The parts of an id are a project, a repository and a name. Clients encode the slashes between them, or not.
fn artifact(url: &str) -> Option<LinkEnd> {
    let (tool, rest) = url.strip_prefix("vstfs:///")?.split_once('/')?;
    let (kind, id) = rest.split_once('/')?;
    let id = percent_decode_str(id).decode_utf8().ok()?;
    match (tool.to_ascii_lowercase().as_str(), kind.to_ascii_lowercase().as_str()) {
        ("build", "build") => Some(LinkEnd::Run(id.parse().ok()?)),
        ("git", kind) => {
            let (_project, rest) = id.split_once('/')?;
            let (repository, name) = rest.split_once('/')?;
            let repository = repository.to_ascii_lowercase();
            match kind {
                "pullrequestid" => Some(LinkEnd::PullRequest { repository, id: name.to_owned() }),
                "commit" => Some(LinkEnd::Commit { repository, id: name.to_ascii_lowercase() }),
                "ref" => match name.split_at_checked(2)? {
                    ("GB", name) => Some(LinkEnd::Branch { repository, name: name.to_owned() }),
                    ("GT", name) => Some(LinkEnd::Tag { repository, name: name.to_owned() }),
                    _ => None,
                },
                _ => None,
            }
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_of_a_link_shows_what_it_leads_to() {
        let repository = || "b1".to_owned();
        let rows = [
            (
                "System.LinkTypes.Related",
                "https://dev.azure.com/o/p/_apis/wit/workItems/7",
                LinkEnd::WorkItem(7),
            ),
            (ARTIFACT, "vstfs:///Build/Build/12", LinkEnd::Run(12)),
            (
                ARTIFACT,
                "vstfs:///Git/PullRequestId/a1%2FB1%2f3",
                LinkEnd::PullRequest { repository: repository(), id: "3".to_owned() },
            ),
            (
                ARTIFACT,
                "vstfs:///Git/Ref/a1/b1/GBrelease%2F7",
                LinkEnd::Branch { repository: repository(), name: "release/7".to_owned() },
            ),
            (
                ARTIFACT,
                "vstfs:///Git/Ref/a1%2Fb1%2FGTv1",
                LinkEnd::Tag { repository: repository(), name: "v1".to_owned() },
            ),
            (
                ARTIFACT,
                "vstfs:///Git/Commit/a1%2Fb1%2FABC",
                LinkEnd::Commit { repository: repository(), id: "abc".to_owned() },
            ),
            (ARTIFACT, "vstfs:///Git/Ref/a1%2Fb1", LinkEnd::Other("vstfs:///Git/Ref/a1%2Fb1".to_owned())),
            (HYPERLINK, "https://example.com", LinkEnd::Address("https://example.com".to_owned())),
            ("Custom.Type", "https://example.com/é", LinkEnd::Other("https://example.com/é".to_owned())),
        ];
        for (rel, url, expected) in rows {
            let text = serde_json::json!({ "rel": rel, "url": url }).to_string();
            let relation: Relation = serde_json::from_str(&text).expect("a link");
            assert_eq!(LinkEnd::of(&relation), expected, "{url}");
        }
    }
}
