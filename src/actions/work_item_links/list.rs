//! `list work item links`

use crate::actions::prelude::*;
use crate::actions::work_item_links::model::WorkItemLink;
use crate::actions::work_items::model::Relation;
use crate::actions::work_items::model::WorkItemRecord;
use crate::actions::work_items::requests::READ_NEEDS;
use crate::actions::work_items::requests::read_request;

/// List the links of a work item
///
/// The list has links of every kind: to other work items, to pull requests, pipeline runs, commits, branches and tags,
/// to attached files and to web pages.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
    /// The work item's id
    id: WorkItemId,
    /// Only links of this type, such as `Child` or `Pull Request`
    #[serde(default)]
    link_type: Option<LinkTypeName>,
    /// The maximum number of links
    #[serde(default)]
    limit: Limit,
}

/// The links of the work item
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Output {
    /// The links, in the service's order
    links: Vec<WorkItemLink>,
    /// Whether there are more entries than the limit
    more: bool,
}

pub(super) struct ListWorkItemLinks;

impl Action for ListWorkItemLinks {
    const NAME: &'static str = "list work item links";
    const NODE: &'static str = "List work item links of work item {{id}}";
    const EFFECT: Effect = Effect::Reads;
    const NEEDS: Needs = READ_NEEDS;
    const ERRORS: &'static [ErrorCode] = &[ErrorCode::ResourceNotFound];
    type Input = Input;
    type Output = Output;

    fn examples() -> Vec<Example> {
        vec![
            Example { title: "The links of a work item", inputs: serde_json::json!({ "id": 1 }) },
            Example {
                title: "The children of a work item",
                inputs: serde_json::json!({ "id": 1, "linkType": "Child" }),
            },
        ]
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<Output, Error> {
        let session = cx.session(&input.session)?;
        let request = read_request(input.id, &Self::NEEDS).query("$expand", "relations");
        let item: WorkItemRecord = session.send(request).await?;
        let wanted = input.link_type.as_ref().map(|name| name.as_str().to_lowercase());
        let is_wanted = |relation: &Relation| {
            let name = relation.attributes.as_ref().and_then(|attributes| attributes.name.as_deref());
            let known = [name, relation.rel.as_deref()];
            wanted
                .as_ref()
                .is_none_or(|wanted| known.iter().flatten().any(|name| name.to_lowercase() == *wanted))
        };
        let links = item.relations.into_iter().flatten().filter(is_wanted).map(WorkItemLink::from).collect();
        let page = session.cut(links, input.limit);
        Ok(Output { links: page.items, more: page.more })
    }
}
