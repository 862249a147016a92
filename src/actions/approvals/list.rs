//! `list pipeline approvals`

use crate::actions::approvals::pipeline_approvals::Approval;
use crate::actions::approvals::pipeline_approvals::READ_NEEDS;
use crate::actions::approvals::pipeline_approvals::pending;
use crate::actions::prelude::*;

/// List the approvals that pipeline runs wait for
///
/// The list has approvals of YAML pipelines, which environments and other resources require. For approvals of classic
/// releases, use List release approvals.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
    /// Only approvals of this pipeline run, by its id
    #[serde(default)]
    run: Option<RunId>,
    /// The maximum number of approvals
    #[serde(default)]
    limit: Limit,
    /// Whether to return the service's own record of each approval too, as `raw`
    #[serde(default)]
    #[schemars(extend("x-group" = "Advanced"))]
    include_raw: bool,
}

/// The pending approvals
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Output {
    /// The approvals, in the service's order
    approvals: Vec<Approval>,
    /// Whether there are more entries than the limit
    more: bool,
}

pub(super) struct ListPipelineApprovals;

impl Action for ListPipelineApprovals {
    const NAME: &'static str = "list pipeline approvals";
    const NODE: &'static str = "List pipeline approvals";
    const EFFECT: Effect = Effect::Reads;
    const NEEDS: Needs = READ_NEEDS;
    const ERRORS: &'static [ErrorCode] = &[ErrorCode::ResourceNotFound];
    type Input = Input;
    type Output = Output;

    fn examples() -> Vec<Example> {
        vec![
            Example { title: "The pending approvals of the project", inputs: serde_json::json!({}) },
            Example {
                title: "The approvals that a pipeline run waits for",
                inputs: serde_json::json!({ "run": 3 }),
            },
        ]
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<Output, Error> {
        let session = cx.session(&input.session)?;
        let Page { items, more } = pending(&session, input.run, input.limit, input.include_raw).await?;
        Ok(Output { approvals: items, more })
    }
}
