//! `list pipelines`

use crate::actions::pipelines::definitions::READ_NEEDS;
use crate::actions::pipelines::definitions::all;
use crate::actions::pipelines::model::Pipeline;
use crate::actions::prelude::*;

/// As many pipelines as are asked for in one page
const PAGE: usize = 1000;

/// List the pipelines of the session's project
///
/// YAML and classic ones, by name. What a pipeline is made of is in the list only with Include details.
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
    /// Only those that are made so
    #[serde(default)]
    kind: Kind,
    /// Whether each pipeline also has its kind, YAML file, repository, default branch and variables, which takes the
    /// service longer
    #[serde(default)]
    include_details: bool,
    /// How many pipelines at most
    #[serde(default)]
    limit: Limit,
    /// Whether each pipeline also has the service's own record, as `raw`
    #[serde(default)]
    include_raw: bool,
}

/// What a pipeline is made of
#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[schemars(inline)]
enum Kind {
    /// Whatever they are made of
    #[default]
    All,
    /// Those made of a YAML file
    Yaml,
    /// Those made in the browser's designer
    Classic,
}

impl Kind {
    /// The service's number, and the word of the output
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
            Example {
                title: "The YAML pipelines and their files",
                inputs: serde_json::json!({ "kind": "YAML", "includeDetails": true }),
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
        if let Some((number, _)) = input.kind.row() {
            request = request.query("processType", number);
        }
        if input.include_details {
            request = request.query("includeAllProperties", "true");
        }
        let page: Page<Pipeline> = session.send_records(request, input.limit, input.include_raw).await?;
        let Page { mut items, more } = page;
        // The service gives only those that were asked for, and without details does not say what they are.
        if let Some((_, word)) = input.kind.row() {
            for pipeline in &mut items {
                pipeline.kind.get_or_insert_with(|| word.to_owned());
            }
        }
        Ok(Output { pipelines: items, more })
    }
}
