//! `list pipeline run work items`

use crate::actions::pipeline_runs::requests::READ_NEEDS;
use crate::actions::prelude::*;
use crate::actions::work_item_links::references;
use crate::actions::work_item_links::references::WorkItemReference;
use crate::actions::work_items::model::WorkItem;

/// List the work items of a pipeline run
///
/// These are the work items of the commits that are new in the run, and then those with a link to the run, which Link
/// work item adds. The token needs the scope Work items (read) too.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
    /// The run's id
    id: RunId,
    /// The maximum number of work items
    #[serde(default)]
    limit: Limit,
    /// Whether to return the service's own record of each work item too, as `raw`
    #[serde(default)]
    #[schemars(extend("x-group" = "Advanced"))]
    include_raw: bool,
}

/// The work items of the run
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Output {
    /// The work items, each once
    work_items: Vec<WorkItem>,
    /// Whether there are more entries than the limit
    more: bool,
}

pub(super) struct ListPipelineRunWorkItems;

impl Action for ListPipelineRunWorkItems {
    const NAME: &'static str = "list pipeline run work items";
    const NODE: &'static str = "List pipeline run work items of run {{id}}";
    const EFFECT: Effect = Effect::Reads;
    const NEEDS: Needs = Needs {
        permissions: &[permissions::VIEW_BUILDS, permissions::VIEW_WORK_ITEMS],
        scope: Some(Scope::BuildRead),
    };
    const ERRORS: &'static [ErrorCode] = &[ErrorCode::ResourceNotFound];
    type Input = Input;
    type Output = Output;

    fn examples() -> Vec<Example> {
        vec![Example { title: "The work items of a run", inputs: serde_json::json!({ "id": 1 }) }]
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<Output, Error> {
        let session = cx.session(&input.session)?;
        let operation = format!("list the work items of the pipeline run {}", input.id);
        let request = Request::get(&["build", "builds", &input.id.to_string(), "workitems"])
            .query("$top", &(input.limit.get() + 1).to_string())
            .list()
            .named(operation.as_str())
            .needs(&READ_NEEDS)
            .missing(format!("the pipeline run {}", input.id));
        let mut found: Vec<WorkItemReference> = session.send_list(request).await?;
        let uri = format!("vstfs:///Build/Build/{}", input.id);
        found.extend(references::linked_to(&session, &uri, &operation).await?);
        let page = references::read(&session, found, input.limit, input.include_raw, &operation).await?;
        Ok(Output { work_items: page.items, more: page.more })
    }
}
