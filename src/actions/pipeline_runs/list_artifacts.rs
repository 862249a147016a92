//! `list artifacts`

use crate::actions::pipeline_runs::model::Artifact;
use crate::actions::pipeline_runs::requests::READ_NEEDS;
use crate::actions::prelude::*;

/// List what a pipeline run has published so far
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
    /// The run's id
    id: RunId,
}

/// The run's artifacts
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Output {
    /// The artifacts, in the service's order
    artifacts: Vec<Listed>,
}

/// An artifact of a pipeline run; fields that the service leaves out are absent
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Listed {
    /// The artifact's name
    name: String,
    /// The kind of storage: PipelineArtifact, Container, FilePath
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    kind: Option<String>,
    /// The total size of its files in bytes
    #[serde(skip_serializing_if = "Option::is_none")]
    size: Option<u64>,
}

pub(super) struct ListArtifacts;

impl Action for ListArtifacts {
    const NAME: &'static str = "list artifacts";
    const NODE: &'static str = "List artifacts of pipeline run {{id}}";
    const EFFECT: Effect = Effect::Reads;
    const NEEDS: Needs = READ_NEEDS;
    const ERRORS: &'static [ErrorCode] = &[ErrorCode::ResourceNotFound];
    type Input = Input;
    type Output = Output;

    fn examples() -> Vec<Example> {
        vec![Example { title: "The artifacts of a run", inputs: serde_json::json!({ "id": 2 }) }]
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<Output, Error> {
        let session = cx.session(&input.session)?;
        let request = Request::get(&["build", "builds", &input.id.to_string(), "artifacts"])
            .list()
            .named(format!("list the artifacts of the pipeline run {}", input.id))
            .needs(&READ_NEEDS)
            .missing(format!("the pipeline run {}", input.id));
        let found: Vec<Artifact> = session.send_list(request).await?;
        let listed = |artifact: Artifact| {
            let resource = artifact.resource.unwrap_or_default();
            let size = resource.properties.and_then(|known| known.artifactsize?.parse().ok());
            Listed { name: artifact.name, kind: resource.kind, size }
        };
        Ok(Output { artifacts: found.into_iter().map(listed).collect() })
    }
}
