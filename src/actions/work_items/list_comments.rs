//! `list work item comments`

use crate::actions::prelude::*;
use crate::actions::work_items::comments;
use crate::actions::work_items::comments::WorkItemComment;
use crate::actions::work_items::requests::READ_NEEDS;

/// List the comments of a work item
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
    /// The work item's id
    id: WorkItemId,
    /// Whether the newest comment comes first; otherwise the oldest does
    #[serde(default)]
    newest_first: bool,
    /// The maximum number of comments
    #[serde(default)]
    limit: Limit,
    /// Whether to return the service's own record of each comment too, as `raw`
    #[serde(default)]
    #[schemars(extend("x-group" = "Advanced"))]
    include_raw: bool,
}

/// The comments of the work item
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Output {
    /// The comments, in the requested order
    comments: Vec<WorkItemComment>,
    /// Whether there are more entries than the limit
    more: bool,
}

pub(super) struct ListWorkItemComments;

impl Action for ListWorkItemComments {
    const NAME: &'static str = "list work item comments";
    const NODE: &'static str = "List work item comments of work item {{id}}";
    const EFFECT: Effect = Effect::Reads;
    const NEEDS: Needs = READ_NEEDS;
    const ERRORS: &'static [ErrorCode] = &[ErrorCode::ResourceNotFound];
    type Input = Input;
    type Output = Output;

    fn examples() -> Vec<Example> {
        vec![Example {
            title: "The last ten comments",
            inputs: serde_json::json!({ "id": 1, "newestFirst": true, "limit": 10 }),
        }]
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<Output, Error> {
        let session = cx.session(&input.session)?;
        let most = input.limit.get() + 1;
        let found = comments::list(&session, input.id, input.newest_first, most, input.include_raw).await?;
        let page = session.cut(found, input.limit);
        Ok(Output { comments: page.items, more: page.more })
    }
}
