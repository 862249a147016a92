//! `create pipeline`

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
use crate::contract::FilePath;
use crate::contract::Needs;
use crate::contract::PipelineName;
use crate::contract::RepositoryName;
use crate::contract::Scope;
use crate::contract::SessionReference;
use crate::contract::permissions;
use crate::devops::Request;

/// Create a YAML pipeline on a file of a Git repository
///
/// The file has to be committed before the pipeline runs. A name that is taken fails with
/// `resource.conflict`.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
    /// The name of the new pipeline
    name: PipelineName,
    /// The repository the file is in, by name or id
    repository: RepositoryName,
    /// The YAML file's path from the root of the repository
    path: FilePath,
}

#[derive(Serialize)]
struct Body<'a> {
    folder: &'static str,
    name: &'a str,
    configuration: Configuration<'a>,
}

#[derive(Serialize)]
struct Configuration<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    path: &'a str,
    repository: RepositoryBody<'a>,
}

#[derive(Serialize)]
struct RepositoryBody<'a> {
    id: &'a str,
    name: &'a str,
    #[serde(rename = "type")]
    kind: &'static str,
}

#[derive(Deserialize)]
struct Found {
    id: String,
    name: String,
}

pub(super) struct CreatePipeline;

impl Action for CreatePipeline {
    const NAME: &'static str = "create pipeline";
    const EFFECT: Effect = Effect::Creates;
    const NEEDS: Needs =
        Needs { permissions: &[permissions::CREATE_PIPELINE], scope: Some(Scope::BuildExecute) };
    const ERRORS: &'static [ErrorCode] = &[ErrorCode::ResourceNotFound, ErrorCode::ResourceConflict];
    type Input = Input;
    type Output = Pipeline;

    fn examples() -> Vec<Example> {
        vec![Example {
            title: "Create a pipeline on the repository's usual file",
            inputs: serde_json::json!({ "name": "nightly", "repository": "site", "path": "/azure-pipelines.yml" }),
        }]
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<Pipeline, Error> {
        let session = cx.session(&input.session)?;
        // The service takes the repository by id alone.
        let thing = format!("the repository \"{}\"", input.repository);
        let request = Request::get(&["git", "repositories", input.repository.as_str()])
            .named(format!("look up {thing}"))
            .needs(&Self::NEEDS)
            .missing(thing);
        let repository: Found = session.send(request).await?;

        let body = Body {
            folder: "\\",
            name: input.name.as_str(),
            configuration: Configuration {
                kind: "yaml",
                path: input.path.as_str(),
                repository: RepositoryBody {
                    id: &repository.id,
                    name: &repository.name,
                    kind: "azureReposGit",
                },
            },
        };
        let request = Request::post(&["pipelines"])
            .json(&body)?
            .named(format!("create the pipeline \"{}\" in the project \"{}\"", input.name, session.project()))
            .needs(&Self::NEEDS)
            .missing(format!("the repository \"{}\"", repository.name));
        session.send(request).await
    }
}
