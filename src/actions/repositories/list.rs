//! `list repositories`

use crate::actions::prelude::*;
use crate::actions::repositories::model::Repository;
use crate::actions::repositories::requests::READ_NEEDS;
use crate::actions::repositories::requests::list_request;

/// List the Git repositories of the session's project
///
/// The service returns all of them at once; the output has the first `limit`.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
    /// The maximum number of repositories
    #[serde(default)]
    limit: Limit,
    /// Whether to return the service's own record of each repository too, as `raw`
    #[serde(default)]
    #[schemars(extend("x-group" = "Advanced"))]
    include_raw: bool,
}

/// The project's repositories
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Output {
    /// The repositories, in the service's order
    repositories: Vec<Repository>,
    /// Whether there are more entries than the limit
    more: bool,
}

pub(super) struct ListRepositories;

impl Action for ListRepositories {
    const NAME: &'static str = "list repositories";
    const NODE: &'static str = "List repositories";
    const EFFECT: Effect = Effect::Reads;
    const NEEDS: Needs = READ_NEEDS;
    const ERRORS: &'static [ErrorCode] = &[];
    type Input = Input;
    type Output = Output;

    fn examples() -> Vec<Example> {
        vec![Example { title: "The repositories of the default session", inputs: serde_json::json!({}) }]
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<Output, Error> {
        let session = cx.session(&input.session)?;
        let Page { items, more } =
            session.send_records(list_request(&session), input.limit, input.include_raw).await?;
        Ok(Output { repositories: items, more })
    }
}
