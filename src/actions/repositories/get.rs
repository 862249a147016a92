//! `get repository`

use crate::actions::prelude::*;
use crate::actions::repositories::model::Repository;
use crate::actions::repositories::requests::READ_NEEDS;
use crate::actions::repositories::requests::in_repository;
use crate::actions::repositories::requests::read_request;

/// Get a Git repository of the session's project
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
    /// The repository, by name or id
    repository: RepositoryName,
    /// Whether to return the service's own record too, as `raw`
    #[serde(default)]
    #[schemars(extend("x-group" = "Advanced"))]
    include_raw: bool,
}

pub(super) struct GetRepository;

impl Action for GetRepository {
    const NAME: &'static str = "get repository";
    const NODE: &'static str = r#"Get repository "{{repository}}""#;
    const EFFECT: Effect = Effect::Reads;
    const NEEDS: Needs = READ_NEEDS;
    const ERRORS: &'static [ErrorCode] = &[ErrorCode::ResourceNotFound];
    type Input = Input;
    type Output = Repository;

    fn examples() -> Vec<Example> {
        vec![Example {
            title: "A repository by its name",
            inputs: serde_json::json!({ "repository": "site" }),
        }]
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<Repository, Error> {
        let session = cx.session(&input.session)?;
        let request = read_request(&input.repository, &Self::NEEDS);
        in_repository(&session, &input.repository, session.send_record(request, input.include_raw)).await
    }
}
