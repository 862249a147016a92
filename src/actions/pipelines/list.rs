//! `list pipelines`

use crate::actions::pipelines::definitions::READ_NEEDS;
use crate::actions::pipelines::definitions::list_request;
use crate::actions::pipelines::model::Pipeline;
use crate::actions::prelude::*;

/// The page size of the requests
const PAGE: usize = 1000;

/// List the pipelines of the session's project
///
/// The list has YAML and classic pipelines, by name. It has their kind, file and repository only with Include details.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
    /// Only pipelines of this name; `*` matches any text
    #[serde(default)]
    name: Option<NamePattern>,
    /// Only pipelines in this folder, such as `\team`
    #[serde(default)]
    folder: Option<PipelineFolder>,
    /// Only pipelines of this kind
    #[serde(default)]
    kind: Kind,
    /// Whether to return the kind, YAML file, repository, default branch and variables of each pipeline too, which
    /// takes longer
    #[serde(default)]
    include_details: bool,
    /// The maximum number of pipelines
    #[serde(default)]
    limit: Limit,
    /// Whether to return the service's own record of each pipeline too, as `raw`
    #[serde(default)]
    #[schemars(extend("x-group" = "Advanced"))]
    include_raw: bool,
}

/// The kind of a pipeline
#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[schemars(inline)]
enum Kind {
    /// All
    #[default]
    All,
    /// YAML pipelines
    Yaml,
    /// Classic pipelines
    Classic,
}

impl Kind {
    /// The service's number, and the name in the output
    const fn row(self) -> Option<(&'static str, &'static str)> {
        match self {
            Kind::All => None,
            Kind::Yaml => Some(("2", "yaml")),
            Kind::Classic => Some(("1", "classic")),
        }
    }
}

/// The project's pipelines
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Output {
    /// The pipelines, by name
    pipelines: Vec<Pipeline>,
    /// Whether there are more entries than the limit
    more: bool,
}

pub(super) struct ListPipelines;

impl Action for ListPipelines {
    const NAME: &'static str = "list pipelines";
    const NODE: &'static str = "List pipelines";
    const EFFECT: Effect = Effect::Reads;
    const NEEDS: Needs = READ_NEEDS;
    const ERRORS: &'static [ErrorCode] = &[];
    type Input = Input;
    type Output = Output;

    fn examples() -> Vec<Example> {
        vec![
            Example { title: "The pipelines of the default session", inputs: serde_json::json!({}) },
            Example {
                title: "The pipelines whose names begin with rel",
                inputs: serde_json::json!({ "name": "rel*", "limit": 10 }),
            },
            Example {
                title: "The YAML pipelines and their files",
                inputs: serde_json::json!({ "kind": "YAML", "includeDetails": true }),
            },
        ]
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<Output, Error> {
        let session = cx.session(&input.session)?;
        let mut request = list_request(&session).list_by(PAGE);
        if let Some(name) = &input.name {
            request = request.query("name", name.as_str());
        }
        if let Some(folder) = &input.folder {
            request = request.query("path", folder.as_str());
        }
        if let Some((number, _)) = input.kind.row() {
            request = request.query("processType", number);
        }
        if input.include_details {
            request = request.query("includeAllProperties", "true");
        }
        let page: Page<Pipeline> = session.send_records(request, input.limit, input.include_raw).await?;
        let Page { mut items, more } = page;
        // The service filters by kind itself; without details it does not show the kind.
        if let Some((_, word)) = input.kind.row() {
            for pipeline in &mut items {
                pipeline.kind.get_or_insert_with(|| word.to_owned());
            }
        }
        Ok(Output { pipelines: items, more })
    }
}
