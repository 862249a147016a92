//! `copy pipeline`

use indexmap::IndexMap;

use crate::actions::pipelines::definitions::created_with_mark;
use crate::actions::pipelines::definitions::find;
use crate::actions::pipelines::definitions::read_request;
use crate::actions::pipelines::model::Pipeline;
use crate::actions::prelude::*;
use crate::actions::shared::differences::Differences;
use crate::actions::shared::new_pipeline;
use crate::actions::shared::variables;
use crate::actions::shared::variables::VariableChanges;

/// The members of a definition that are not copied
const OWN: [&str; 9] = [
    "id",
    "revision",
    "uri",
    "url",
    "_links",
    "createdDate",
    "authoredBy",
    "latestBuild",
    "latestCompletedBuild",
];

/// Create a pipeline as a copy of another one
///
/// Use this for a classic pipeline with any tasks: build one in the browser, then copy it with other variables and
/// another branch. YAML pipelines can be copied too. The service copies the values of secret variables.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
    /// The pipeline to copy, by name or id
    pipeline: PipelineReference,
    /// The name of the new pipeline, alone or after its folder: `nightly`, `\team\nightly`
    name: NewPipelineName,
    /// The folder of the new pipeline, such as `\team`; the folder of the copied pipeline when it is not given
    #[serde(default)]
    folder: Option<PipelineFolder>,
    /// The default branch of the new pipeline; the default branch of the copied pipeline when it is not given
    #[serde(default)]
    default_branch: Option<BranchName>,
    /// Variables with a new value in the new pipeline, and additional variables
    #[serde(default)]
    variables: IndexMap<String, ParameterValue>,
    /// Variables that can be set when the pipeline runs, by their names
    #[serde(default)]
    #[schemars(extend("x-group" = "Advanced"))]
    settable_variables: Vec<VariableName>,
    /// Variables whose values are secret, by their names; a secret variable cannot become a plain one again
    #[serde(default)]
    #[schemars(extend("x-group" = "Advanced"))]
    secret_variables: Vec<VariableName>,
}

pub(super) struct CopyPipeline;

impl Action for CopyPipeline {
    const NAME: &'static str = "copy pipeline";
    const NODE: &'static str = r#"Copy pipeline "{{pipeline}}" to "{{name}}""#;
    const EFFECT: Effect = Effect::Creates;
    const NEEDS: Needs = Needs {
        permissions: &[permissions::CREATE_PIPELINE, permissions::VIEW_PIPELINE],
        scope: Some(Scope::BuildExecute),
    };
    const ERRORS: &'static [ErrorCode] = &[
        ErrorCode::ResourceNotFound,
        ErrorCode::ResourceConflict,
        ErrorCode::ServiceOutcomeUnknown,
        ErrorCode::PermissionDenied,
    ];
    const LOST_RESPONSE: LostResponse = LostResponse::Marked("the comment on the pipeline's first revision");
    const OBJECT: Option<AuditedObject> = Some(AuditedObject::named_by("pipeline", "name"));
    type Input = Input;
    type Output = Pipeline;

    fn examples() -> Vec<Example> {
        vec![Example {
            title: "Copy a pipeline with another value of a variable",
            inputs: serde_json::json!({
                "pipeline": "site",
                "name": "site-production",
                "variables": { "environment": "production" },
            }),
        }]
    }

    fn check(input: &Input) -> Result<(), Error> {
        input.folder().map(drop)
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<Pipeline, Error> {
        let new_folder = input.folder()?;
        let session = cx.session(&input.session)?;
        let id = find(&session, &input.pipeline, &Self::NEEDS).await?;
        let mut document: Document = session.send(read_request(id, &input.pipeline, &Self::NEEDS)).await?;
        let revision = document.revision().unwrap_or(1);
        for field in OWN {
            document.remove(field);
        }
        let mark = Mark::new();
        document.set("comment", &mark.as_str())?;
        document.set("name", &input.name.as_str())?;
        if let Some(folder) = new_folder {
            document.set("path", &folder.as_str())?;
        }
        if let Some(branch) = &input.default_branch {
            let mut repository: Document = document.get("repository").unwrap_or_default();
            repository.set("defaultBranch", &branch.full())?;
            document.set("repository", &repository)?;
        }
        let changes = VariableChanges {
            values: &input.variables,
            removed: &[],
            settable: &input.settable_variables,
            secret: &input.secret_variables,
        };
        changes.apply(&session, Self::NAME, &mut document)?;
        let folder: String = document.get("path").unwrap_or_else(|| "\\".to_owned());
        let request = Request::post(&["build", "definitions"])
            .query("definitionToCloneId", &id.to_string())
            .query("definitionToCloneRevision", &revision.to_string())
            .json(&document)?
            .named(format!("copy the pipeline \"{}\" to \"{}\"", input.pipeline, input.name))
            .needs(&Self::NEEDS)
            .missing(input.pipeline.subject("pipeline"));
        let name = input.name.as_str();
        let copied: Pipeline = session
            .settle_creation("pipeline", session.send(request), |_| {
                created_with_mark(&session, name, &folder, &mark)
            })
            .await?;
        let subject = format!("the pipeline \"{name}\"");
        let differences = Differences::of(&subject)
            .value("name", Some(name), Some(&copied.name))
            .value("folder", new_folder.map(PipelineFolder::as_str), copied.folder.as_deref())
            .value(
                "defaultBranch",
                input.default_branch.as_ref().map(BranchName::full),
                copied.default_branch.as_deref(),
            );
        variables::compare(differences, &changes, copied.variables.as_ref(), &copied.settable).warn(&session);
        Ok(copied)
    }
}

impl Input {
    /// Returns the folder, which may stand before the name
    fn folder(&self) -> Result<Option<&PipelineFolder>, Error> {
        new_pipeline::folder(CopyPipeline::NAME, "name", Some(&self.name), self.folder.as_ref())
    }
}
