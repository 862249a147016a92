//! `list pull request work items`

use crate::actions::prelude::*;
use crate::actions::pull_requests::requests;
use crate::actions::pull_requests::requests::READ_NEEDS;
use crate::actions::work_item_links::references;
use crate::actions::work_item_links::references::WorkItemReference;
use crate::actions::work_items::model::WorkItem;

/// List the work items that are linked to a pull request
///
/// The token needs the scope Work items (read) too. Link work item adds a link.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
    /// The pull request's id
    id: PullRequestId,
    /// The maximum number of work items
    #[serde(default)]
    limit: Limit,
    /// Whether to return the service's own record of each work item too, as `raw`
    #[serde(default)]
    #[schemars(extend("x-group" = "Advanced"))]
    include_raw: bool,
}

/// The work items of the pull request
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Output {
    /// The work items, in the service's order
    work_items: Vec<WorkItem>,
    /// Whether there are more entries than the limit
    more: bool,
}

pub(super) struct ListPullRequestWorkItems;

impl Action for ListPullRequestWorkItems {
    const NAME: &'static str = "list pull request work items";
    const NODE: &'static str = "List pull request work items of pull request {{id}}";
    const EFFECT: Effect = Effect::Reads;
    const NEEDS: Needs = Needs {
        permissions: &[permissions::READ_REPOSITORY, permissions::VIEW_WORK_ITEMS],
        scope: Some(Scope::CodeRead),
    };
    const ERRORS: &'static [ErrorCode] = &[ErrorCode::ResourceNotFound];
    type Input = Input;
    type Output = Output;

    fn examples() -> Vec<Example> {
        vec![Example { title: "The work items of a pull request", inputs: serde_json::json!({ "id": 1 }) }]
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<Output, Error> {
        let session = cx.session(&input.session)?;
        let pull_request = requests::read(&session, input.id, &READ_NEEDS, false).await?;
        let number = input.id.to_string();
        let path: Vec<&str> =
            requests::path(&pull_request, &number).into_iter().chain(["workitems"]).collect();
        let operation = format!("list the work items of the pull request {}", input.id);
        let request = Request::get(&path)
            .list()
            .named(operation.as_str())
            .needs(&READ_NEEDS)
            .missing(format!("the pull request {}", input.id));
        let listing = session.send_list::<WorkItemReference>(request);
        let found = requests::in_its_repository(&session, &pull_request, listing).await?;
        let page = references::read(&session, found, input.limit, input.include_raw, &operation).await?;
        Ok(Output { work_items: page.items, more: page.more })
    }
}
