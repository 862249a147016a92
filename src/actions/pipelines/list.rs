//! `list pipelines`

use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

use crate::actions::Action;
use crate::actions::Context;
use crate::actions::Effect;
use crate::actions::Example;
use crate::actions::definitions::Pipeline;
use crate::actions::definitions::READ_NEEDS;
use crate::actions::definitions::all;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::Limit;
use crate::contract::NamePattern;
use crate::contract::Needs;
use crate::contract::PipelineFolder;
use crate::contract::SessionReference;
use crate::devops::Page;

/// As many pipelines as are asked for in one page
const PAGE: usize = 1000;

/// List the pipelines of the session's project
///
/// YAML and classic ones, by name. What a pipeline is made of is not in the list: Get pipeline answers it.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
    /// Only those of this name; `*` stands for any text
    #[serde(default)]
    name: Option<NamePattern>,
    /// Only those in this folder, as `\team`
    #[serde(default)]
    folder: Option<PipelineFolder>,
    /// How many pipelines at most
    #[serde(default)]
    limit: Limit,
    /// Whether each pipeline also has the service's own record, as `raw`
    #[serde(default)]
    include_raw: bool,
}

/// The project's pipelines
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Output {
    /// The pipelines, by name
    pipelines: Vec<Pipeline>,
    /// Whether there are more than the limit let through
    more: bool,
}

pub(super) struct ListPipelines;

impl Action for ListPipelines {
    const NAME: &'static str = "list pipelines";
    const EFFECT: Effect = Effect::Reads;
    const NEEDS: Needs = READ_NEEDS;
    const ERRORS: &'static [ErrorCode] = &[];
    type Input = Input;
    type Output = Output;

    fn examples() -> Vec<Example> {
        vec![
            Example { title: "The pipelines of the default session", inputs: serde_json::json!({}) },
            Example {
                title: "Those whose names begin with rel",
                inputs: serde_json::json!({ "name": "rel*", "limit": 10 }),
            },
        ]
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<Output, Error> {
        let session = cx.session(&input.session)?;
        let mut request = all(&session).list_by(PAGE);
        if let Some(name) = &input.name {
            request = request.query("name", name.as_str());
        }
        if let Some(folder) = &input.folder {
            request = request.query("path", folder.as_str());
        }
        let Page { items, more } = session.send_records(request, input.limit, input.include_raw).await?;
        Ok(Output { pipelines: items, more })
    }
}
