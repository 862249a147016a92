//! `get work item`

use crate::actions::prelude::*;
use crate::actions::work_items::model::WorkItem;
use crate::actions::work_items::model::WorkItemRecord;
use crate::actions::work_items::requests::READ_NEEDS;
use crate::actions::work_items::requests::read_request;

/// Get a work item with its fields
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
    /// The work item's id
    id: WorkItemId,
    /// Whether to return the service's own record too, as `raw`
    #[serde(default)]
    #[schemars(extend("x-group" = "Advanced"))]
    include_raw: bool,
}

pub(super) struct GetWorkItem;

impl Action for GetWorkItem {
    const NAME: &'static str = "get work item";
    const NODE: &'static str = "Get work item {{id}}";
    const EFFECT: Effect = Effect::Reads;
    const NEEDS: Needs = READ_NEEDS;
    const ERRORS: &'static [ErrorCode] = &[ErrorCode::ResourceNotFound];
    type Input = Input;
    type Output = WorkItem;

    fn examples() -> Vec<Example> {
        vec![Example { title: "Get a work item", inputs: serde_json::json!({ "id": 1 }) }]
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<WorkItem, Error> {
        let session = cx.session(&input.session)?;
        let wire: WorkItemRecord =
            session.send_record(read_request(input.id, &Self::NEEDS), input.include_raw).await?;
        Ok(wire.into_output(&session))
    }
}
