//! `get pull request`

use crate::actions::prelude::*;
use crate::actions::pull_requests::model::PullRequest;
use crate::actions::pull_requests::requests::READ_NEEDS;
use crate::actions::pull_requests::requests::read;

/// Get a pull request by its id
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
    /// The pull request's id
    id: PullRequestId,
    /// Whether to return the service's own record too, as `raw`
    #[serde(default)]
    #[schemars(extend("x-group" = "Advanced"))]
    include_raw: bool,
}

pub(super) struct GetPullRequest;

impl Action for GetPullRequest {
    const NAME: &'static str = "get pull request";
    const NODE: &'static str = "Get pull request {{id}}";
    const EFFECT: Effect = Effect::Reads;
    const NEEDS: Needs = READ_NEEDS;
    const ERRORS: &'static [ErrorCode] = &[ErrorCode::ResourceNotFound];
    type Input = Input;
    type Output = PullRequest;

    fn examples() -> Vec<Example> {
        vec![Example { title: "Get a pull request", inputs: serde_json::json!({ "id": 1 }) }]
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<PullRequest, Error> {
        let session = cx.session(&input.session)?;
        let wire = read(&session, input.id, &Self::NEEDS, input.include_raw).await?;
        Ok(wire.into_output(&session))
    }
}
