//! `query work items`

use crate::actions::prelude::*;
use crate::actions::work_items::model::WorkItem;
use crate::actions::work_items::requests::READ_NEEDS;
use crate::actions::work_items::requests::items;
use crate::actions::work_items::requests::query_ids;

/// Find work items with a query in WIQL
///
/// In the query, `@project` is the session's project, `@me` the token's user, and `@today` the current day. For a query
/// for links, the output has their target work items. A query returns at most 19,999 work items, because the service
/// refuses to return more than 20,000.
///
/// Dates are compared by day: `[System.CreatedDate] = '2026-11-29'` finds all of that day. When a date of the query has
/// a time, as `'2026-11-29T10:00:00Z'` has, all dates are compared with their times, and a date without one is the first
/// moment of its day.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
    /// The query: `SELECT [System.Id] FROM WorkItems WHERE [System.State] = 'Active'`
    query: WorkItemQuery,
    /// The fields to read, by their reference names; all fields when none is given
    #[serde(default)]
    fields: Vec<FieldName>,
    /// The maximum number of work items
    #[serde(default)]
    limit: Limit,
    /// Whether to return the service's own record of each work item too, as `raw`
    #[serde(default)]
    #[schemars(extend("x-group" = "Advanced"))]
    include_raw: bool,
}

/// The work items
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Output {
    /// The work items, in the query's order
    work_items: Vec<WorkItem>,
    /// Whether there are more entries than the limit
    more: bool,
}

pub(super) struct QueryWorkItems;

impl Action for QueryWorkItems {
    const NAME: &'static str = "query work items";
    const NODE: &'static str = "Query work items";
    const EFFECT: Effect = Effect::Reads;
    const NEEDS: Needs = READ_NEEDS;
    const ERRORS: &'static [ErrorCode] = &[ErrorCode::ServiceRejected];
    type Input = Input;
    type Output = Output;

    fn examples() -> Vec<Example> {
        vec![Example {
            title: "The open bugs of the project, newest first",
            inputs: serde_json::json!({
                "query": "SELECT [System.Id] FROM WorkItems WHERE [System.TeamProject] = @project \
                          AND [System.WorkItemType] = 'Bug' AND [System.State] <> 'Closed' \
                          ORDER BY [System.CreatedDate] DESC",
                "limit": 50,
            }),
        }]
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<Output, Error> {
        let session = cx.session(&input.session)?;
        let operation = format!("query the work items of the project \"{}\"", session.project());
        let (ids, all) = query_ids(&session, input.query.as_str(), input.limit.get() + 1, &operation).await?;
        let page = session.cut(ids, input.limit);
        let work_items = items(&session, &page.items, &input.fields, input.include_raw, &operation).await?;
        Ok(Output { work_items, more: page.more || !all })
    }
}
