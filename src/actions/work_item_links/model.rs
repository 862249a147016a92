//! A link of a work item, as actions return it.

use crate::actions::prelude::*;
use crate::actions::work_item_links::end::LinkEnd;
use crate::actions::work_items::model::Relation;

/// A link of a work item; fields that do not belong to its kind are absent
#[derive(Default, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct WorkItemLink {
    /// The link type: Parent, Child, Related, Pull Request, Build, Hyperlink, or another one of the organization
    link_type: String,
    /// The kind of what it leads to: workItem, pullRequest, pipelineRun, commit, branch, tag, file, address, other
    kind: String,
    /// The id of the linked work item
    #[serde(skip_serializing_if = "Option::is_none")]
    work_item_id: Option<u32>,
    /// The id of the linked pull request
    #[serde(skip_serializing_if = "Option::is_none")]
    pull_request_id: Option<u32>,
    /// The id of the linked pipeline run
    #[serde(skip_serializing_if = "Option::is_none")]
    run_id: Option<u32>,
    /// The id of the repository of the linked pull request, commit, branch or tag
    #[serde(skip_serializing_if = "Option::is_none")]
    repository_id: Option<String>,
    /// The id of the linked commit
    #[serde(skip_serializing_if = "Option::is_none")]
    commit_id: Option<String>,
    /// The name of the linked branch
    #[serde(skip_serializing_if = "Option::is_none")]
    branch: Option<String>,
    /// The name of the linked Git tag
    #[serde(skip_serializing_if = "Option::is_none")]
    tag: Option<String>,
    /// The address of what it leads to, as the service writes it; Unlink work item takes it
    url: String,
    /// The comment on the link
    #[serde(skip_serializing_if = "Option::is_none")]
    comment: Option<String>,
}

impl From<Relation> for WorkItemLink {
    fn from(relation: Relation) -> Self {
        let end = LinkEnd::of(&relation);
        let (name, comment) = relation.attributes.map_or((None, None), |one| (one.name, one.comment));
        // The name of an attached file is in the place of the type's.
        let name = name.filter(|_| !matches!(end, LinkEnd::File(_)));
        let link = WorkItemLink {
            link_type: name.or(relation.rel).unwrap_or_default(),
            kind: end.kind().to_owned(),
            url: relation.url.unwrap_or_default(),
            comment: comment.filter(|text| !text.is_empty()),
            ..WorkItemLink::default()
        };
        match end {
            LinkEnd::WorkItem(id) => WorkItemLink { work_item_id: Some(id), ..link },
            LinkEnd::PullRequest { repository, id } => {
                WorkItemLink { repository_id: Some(repository), pull_request_id: id.parse().ok(), ..link }
            }
            LinkEnd::Run(id) => WorkItemLink { run_id: Some(id), ..link },
            LinkEnd::Commit { repository, id } => {
                WorkItemLink { repository_id: Some(repository), commit_id: Some(id), ..link }
            }
            LinkEnd::Branch { repository, name } => {
                WorkItemLink { repository_id: Some(repository), branch: Some(name), ..link }
            }
            LinkEnd::Tag { repository, name } => {
                WorkItemLink { repository_id: Some(repository), tag: Some(name), ..link }
            }
            LinkEnd::File(_) | LinkEnd::Address(_) | LinkEnd::Other(_) => link,
        }
    }
}
