//! `list release approvals`

use crate::actions::approvals::release_approvals::ReleaseApproval;
use crate::actions::approvals::release_approvals::list_request;
use crate::actions::prelude::*;

/// List the approvals that stages of classic releases wait for
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
    /// Only approvals of this release, by its id
    #[serde(default)]
    release: Option<ReleaseId>,
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
    approvals: Vec<ReleaseApproval>,
    /// Whether there are more entries than the limit
    more: bool,
}

pub(super) struct ListReleaseApprovals;

impl Action for ListReleaseApprovals {
    const NAME: &'static str = "list release approvals";
    const NODE: &'static str = "List release approvals";
    const EFFECT: Effect = Effect::Reads;
    const NEEDS: Needs =
        Needs { permissions: &[permissions::VIEW_RELEASES], scope: Some(Scope::ReleaseRead) };
    const ERRORS: &'static [ErrorCode] = &[];
    type Input = Input;
    type Output = Output;

    fn examples() -> Vec<Example> {
        vec![Example {
            title: "The approvals that the stages of a release wait for",
            inputs: serde_json::json!({ "release": 1 }),
        }]
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<Output, Error> {
        let session = cx.session(&input.session)?;
        let mut request = list_request("pending", &Self::NEEDS);
        if let Some(release) = input.release {
            request = request.query("releaseIdsFilter", &release.to_string());
        }
        let Page { items, more } = session.send_records(request, input.limit, input.include_raw).await?;
        Ok(Output { approvals: items, more })
    }
}
