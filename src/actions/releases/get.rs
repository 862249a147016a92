//! `get release`

use crate::actions::prelude::*;
use crate::actions::releases::model::Release;
use crate::actions::releases::requests::READ_NEEDS;
use crate::actions::releases::requests::read_request;

/// Get a release with its stages and their status
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
    /// The release's id
    id: ReleaseId,
    /// Whether to return the service's own record too, as `raw`
    #[serde(default)]
    #[schemars(extend("x-group" = "Advanced"))]
    include_raw: bool,
}

pub(super) struct GetRelease;

impl Action for GetRelease {
    const NAME: &'static str = "get release";
    const NODE: &'static str = "Get release {{id}}";
    const EFFECT: Effect = Effect::Reads;
    const NEEDS: Needs = READ_NEEDS;
    const ERRORS: &'static [ErrorCode] = &[ErrorCode::ResourceNotFound];
    type Input = Input;
    type Output = Release;

    fn examples() -> Vec<Example> {
        vec![Example { title: "A release by its id", inputs: serde_json::json!({ "id": 1 }) }]
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<Release, Error> {
        let session = cx.session(&input.session)?;
        session.send_record(read_request(input.id, &Self::NEEDS), input.include_raw).await
    }
}
