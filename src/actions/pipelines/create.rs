//! `create pipeline`

use crate::actions::pipelines::definitions::created;
use crate::actions::pipelines::model::Pipeline;
use crate::actions::prelude::*;
use crate::actions::repositories;
use crate::actions::repositories::requests::with_repository;
use crate::actions::shared::new_pipeline;
use crate::actions::shared::wire::Links;

/// Create a YAML pipeline from a file of a Git repository
///
/// The file must be committed before the pipeline runs. If the name is taken in the folder, the action fails with
/// `resource.conflict`.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
    /// The name of the new pipeline, alone or after its folder: `nightly`, `\team\nightly`
    name: NewPipelineName,
    /// The repository of the file, by name or id
    repository: RepositoryName,
    /// The YAML file's path from the root of the repository
    path: FilePath,
    /// The folder of the new pipeline, such as `\team`; the root when it is not given
    #[serde(default)]
    folder: Option<PipelineFolder>,
}

#[derive(Serialize)]
struct Body<'a> {
    folder: &'a str,
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

/// A pipeline in a response of the pipelines API
#[derive(Deserialize)]
struct CreatedPipeline {
    id: u32,
    name: String,
    #[serde(default)]
    folder: Option<String>,
    #[serde(default)]
    revision: Option<u32>,
    #[serde(default, rename = "_links")]
    links: Option<Links>,
}

pub(super) struct CreatePipeline;

impl Action for CreatePipeline {
    const NAME: &'static str = "create pipeline";
    const NODE: &'static str = r#"Create pipeline "{{name}}" from "{{path}}" of repository "{{repository}}""#;
    const EFFECT: Effect = Effect::Creates;
    const NEEDS: Needs =
        Needs { permissions: &[permissions::CREATE_PIPELINE], scope: Some(Scope::BuildExecute) };
    const ERRORS: &'static [ErrorCode] = &[
        ErrorCode::ResourceNotFound,
        ErrorCode::ResourceConflict,
        ErrorCode::ServiceOutcomeUnknown,
        ErrorCode::PermissionDenied,
    ];
    const LOST_RESPONSE: LostResponse =
        LostResponse::Never("the request cannot carry a mark, and only its name identifies a pipeline");
    const OBJECT: Option<AuditedObject> = Some(AuditedObject::named_by("pipeline", "name"));
    type Input = Input;
    type Output = Pipeline;

    fn examples() -> Vec<Example> {
        vec![Example {
            title: "Create a pipeline on the repository's usual file",
            inputs: serde_json::json!({ "name": "nightly", "repository": "site", "path": "/azure-pipelines.yml" }),
        }]
    }

    fn check(input: &Input) -> Result<(), Error> {
        input.folder().map(drop)
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<Pipeline, Error> {
        let folder = input.folder()?.map_or("\\", PipelineFolder::as_str);
        let session = cx.session(&input.session)?;
        // The service accepts only the id of the repository.
        let repository = repositories::requests::find(&session, &input.repository, &Self::NEEDS).await?;
        let body = Body {
            folder,
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
        let send = async {
            let created: CreatedPipeline = session.send(request).await?;
            Ok(Pipeline {
                id: created.id,
                name: created.name,
                folder: created.folder,
                revision: created.revision,
                queue_status: None,
                kind: Some("yaml".to_owned()),
                yaml_path: Some(input.path.as_str().to_owned()),
                repository: Some(repository.name.clone()),
                repository_id: Some(repository.id.clone()),
                default_branch: None,
                variables: None,
                settable: Vec::new(),
                created_date: None,
                web_url: Links::web(created.links),
                raw: None,
                author: None,
            })
        };
        let name = input.name.as_str();
        let search = |_| async {
            // The request cannot carry a mark, so it is not known who created a pipeline of that name.
            let found = created(&session, name, folder).await?;
            Ok(found.into_iter().map(Candidate::unproven).collect())
        };
        with_repository(&session, &input.repository, session.settle_creation("pipeline", send, search)).await
    }
}

impl Input {
    /// Returns the folder, which may stand before the name
    fn folder(&self) -> Result<Option<&PipelineFolder>, Error> {
        new_pipeline::folder(CreatePipeline::NAME, "name", Some(&self.name), self.folder.as_ref())
    }
}
