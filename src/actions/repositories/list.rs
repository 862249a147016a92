//! `list repositories`

use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

use crate::actions::Action;
use crate::actions::Context;
use crate::actions::Effect;
use crate::actions::Example;
use crate::actions::repositories::Repository;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::Needs;
use crate::contract::Scope;
use crate::contract::SessionReference;
use crate::contract::permissions;
use crate::devops::Request;

/// List the Git repositories of the session's project
///
/// The list is complete: the service gives it in one answer.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
}

/// The project's repositories
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Output {
    /// The repositories, in the service's order
    repositories: Vec<Repository>,
}

pub(super) struct ListRepositories;

impl Action for ListRepositories {
    const NAME: &'static str = "list repositories";
    const EFFECT: Effect = Effect::Reads;
    const NEEDS: Needs = Needs { permissions: &[permissions::READ_REPOSITORY], scope: Some(Scope::CodeRead) };
    const ERRORS: &'static [ErrorCode] = &[];
    type Input = Input;
    type Output = Output;

    fn examples() -> Vec<Example> {
        vec![Example { title: "The repositories of the default session", inputs: serde_json::json!({}) }]
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<Output, Error> {
        let session = cx.session(&input.session)?;
        let request = Request::get(&["git", "repositories"])
            .list()
            .named(format!("list the repositories of the project \"{}\"", session.project()))
            .needs(&Self::NEEDS)
            .missing(format!("the project \"{}\"", session.project()));
        Ok(Output { repositories: session.send_list(request).await? })
    }
}
