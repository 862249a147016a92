//! `list release pipelines`

use crate::actions::prelude::*;
use crate::actions::releases::release_pipeline::ReleasePipeline;
use crate::actions::releases::release_pipelines::READ_NEEDS;
use crate::actions::releases::release_pipelines::list_request;

/// The page size of the requests
const PAGE: usize = 100;

/// List the release pipelines of the session's project
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
    /// Only releases whose names contain this text
    #[serde(default)]
    name: Option<NamePattern>,
    /// Only pipelines in this folder, such as `\team`
    #[serde(default)]
    folder: Option<PipelineFolder>,
    /// The maximum number of release pipelines
    #[serde(default)]
    limit: Limit,
    /// Whether to return the service's own record of each release pipeline too, as `raw`
    #[serde(default)]
    #[schemars(extend("x-group" = "Advanced"))]
    include_raw: bool,
}

/// The project's release pipelines
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Output {
    /// The release pipelines, in the service's order
    release_pipelines: Vec<ReleasePipeline>,
    /// Whether there are more entries than the limit
    more: bool,
}

pub(super) struct ListReleasePipelines;

impl Action for ListReleasePipelines {
    const NAME: &'static str = "list release pipelines";
    const NODE: &'static str = "List release pipelines";
    const EFFECT: Effect = Effect::Reads;
    const NEEDS: Needs = READ_NEEDS;
    const ERRORS: &'static [ErrorCode] = &[];
    type Input = Input;
    type Output = Output;

    fn examples() -> Vec<Example> {
        vec![Example { title: "The release pipelines of the default session", inputs: serde_json::json!({}) }]
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<Output, Error> {
        let session = cx.session(&input.session)?;
        let mut request = list_request(&session).query("$expand", "environments,artifacts").list_by(PAGE);
        if let Some(name) = &input.name {
            request = request.query("searchText", name.as_str());
        }
        if let Some(folder) = &input.folder {
            request = request.query("path", folder.as_str());
        }
        let Page { items, more } = session.send_records(request, input.limit, input.include_raw).await?;
        Ok(Output { release_pipelines: items, more })
    }
}
