//! `list pipelines`

use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

use crate::actions::Action;
use crate::actions::Context;
use crate::actions::Effect;
use crate::actions::Example;
use crate::actions::pipelines::Pipeline;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::Needs;
use crate::contract::Scope;
use crate::contract::SessionReference;
use crate::contract::permissions;
use crate::devops::Request;

/// List the pipelines of the session's project
///
/// The list is complete: all pages are read.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
}

/// The project's pipelines
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Output {
    /// The pipelines, in the service's order
    pipelines: Vec<Pipeline>,
}

pub(super) struct ListPipelines;

impl Action for ListPipelines {
    const NAME: &'static str = "list pipelines";
    const EFFECT: Effect = Effect::Reads;
    const NEEDS: Needs = Needs { permissions: &[permissions::VIEW_PIPELINE], scope: Some(Scope::BuildRead) };
    const ERRORS: &'static [ErrorCode] = &[];
    type Input = Input;
    type Output = Output;

    fn examples() -> Vec<Example> {
        vec![Example { title: "The pipelines of the default session", inputs: serde_json::json!({}) }]
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<Output, Error> {
        let session = cx.session(&input.session)?;
        let request = Request::get(&["pipelines"])
            .list()
            .named(format!("list the pipelines of the project \"{}\"", session.project()))
            .needs(&Self::NEEDS)
            .missing(format!("the project \"{}\"", session.project()));
        Ok(Output { pipelines: session.send_list(request).await? })
    }
}
