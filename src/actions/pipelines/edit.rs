//! `edit pipeline`

use indexmap::IndexMap;

use crate::actions::pipelines::definitions;
use crate::actions::pipelines::definitions::EDIT_NEEDS;
use crate::actions::pipelines::model::Pipeline;
use crate::actions::prelude::*;
use crate::actions::shared::differences::Differences;
use crate::actions::shared::new_pipeline;
use crate::actions::shared::variables;
use crate::actions::shared::variables::VariableChanges;

/// Rename or move a pipeline, change its default branch, YAML file and variables
///
/// Inputs that are not given leave the pipeline unchanged, as do settings that this package does not know. If someone
/// else changes the pipeline in the meantime, the action fails with `resource.conflict`.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
    /// The pipeline, by name or id
    pipeline: PipelineReference,
    /// The new name, alone or after its new folder: `nightly`, `\team\nightly`
    #[serde(default)]
    new_name: Option<NewPipelineName>,
    /// The new folder, such as `\team`; `\` is the root
    #[serde(default)]
    folder: Option<PipelineFolder>,
    /// The new default branch
    #[serde(default)]
    default_branch: Option<BranchName>,
    /// The new YAML file, by its path from the root of the repository
    #[serde(default)]
    yaml_path: Option<FilePath>,
    /// Variables to set: additional variables, and new values of existing ones
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
    /// Variables to remove
    #[serde(default)]
    #[schemars(extend("x-group" = "Advanced"))]
    remove_variables: Vec<VariableName>,
}

pub(super) struct EditPipeline;

impl Action for EditPipeline {
    const NAME: &'static str = "edit pipeline";
    const NODE: &'static str = r#"Edit pipeline "{{pipeline}}""#;
    const EFFECT: Effect = Effect::Changes;
    const NEEDS: Needs = EDIT_NEEDS;
    const ERRORS: &'static [ErrorCode] = &[
        ErrorCode::ResourceNotFound,
        ErrorCode::ResourceConflict,
        ErrorCode::PermissionDenied,
        ErrorCode::ServiceOutcomeUnknown,
    ];
    const LOST_RESPONSE: LostResponse = LostResponse::Marked("the comment on the new revision");
    const OBJECT: Option<AuditedObject> = Some(AuditedObject::named_by("pipeline", "pipeline"));
    type Input = Input;
    type Output = Pipeline;

    fn examples() -> Vec<Example> {
        vec![
            Example {
                title: "Rename a pipeline and move it into a folder",
                inputs: serde_json::json!({ "pipeline": "site", "newName": "website", "folder": "\\web" }),
            },
            Example {
                title: "Set a variable",
                inputs: serde_json::json!({ "pipeline": "site", "variables": { "environment": "production" } }),
            },
        ]
    }

    fn check(input: &Input) -> Result<(), Error> {
        if input.is_empty() {
            let message = "edit pipeline: give newName, folder, defaultBranch, yamlPath, variables, \
                           settableVariables, secretVariables or removeVariables: nothing is to be changed";
            return Err(Error::new(ErrorCode::InputInvalid, message));
        }
        input.folder().map(drop)
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<Pipeline, Error> {
        let session = cx.session(&input.session)?;
        let change = |document: &mut Document| input.apply(&session, document);
        let now = definitions::edit(&session, &input.pipeline, change).await?;
        let subject = format!("the pipeline \"{}\"", input.pipeline);
        let differences = Differences::of(&subject)
            .value("newName", input.new_name.as_ref().map(NewPipelineName::as_str), Some(&now.name))
            .value("folder", input.folder()?.map(PipelineFolder::as_str), now.folder.as_deref())
            .value(
                "defaultBranch",
                input.default_branch.as_ref().map(BranchName::full),
                now.default_branch.as_deref(),
            )
            .value("yamlPath", input.yaml_path.as_ref().map(FilePath::as_str), now.yaml_path.as_deref());
        variables::compare(differences, &input.variable_changes(), now.variables.as_ref(), &now.settable)
            .warn(&session);
        Ok(now)
    }
}

impl Input {
    /// Returns the folder, which may stand before the name
    fn folder(&self) -> Result<Option<&PipelineFolder>, Error> {
        new_pipeline::folder(EditPipeline::NAME, "newName", self.new_name.as_ref(), self.folder.as_ref())
    }

    fn is_empty(&self) -> bool {
        self.new_name.is_none()
            && self.folder.is_none()
            && self.default_branch.is_none()
            && self.yaml_path.is_none()
            && self.variable_changes().is_empty()
    }

    fn apply(&self, session: &OpenSession<'_>, document: &mut Document) -> Result<(), Error> {
        if let Some(name) = &self.new_name {
            document.set("name", &name.as_str())?;
        }
        if let Some(folder) = self.folder()? {
            document.set("path", &folder.as_str())?;
        }
        if let Some(branch) = &self.default_branch {
            let mut repository: Document = document.get("repository").unwrap_or_default();
            repository.set("defaultBranch", &branch.full())?;
            document.set("repository", &repository)?;
        }
        if let Some(path) = &self.yaml_path {
            let mut process: Document = document.get("process").unwrap_or_default();
            if process.get::<u32>("type").is_some_and(|kind| kind != 2) {
                let message = format!(
                    "edit pipeline: yamlPath: the pipeline \"{}\" is a classic pipeline",
                    self.pipeline
                );
                return Err(
                    Error::new(ErrorCode::InputInvalid, message).help("Only a YAML pipeline has a file.")
                );
            }
            process.set("yamlFilename", &path.as_str())?;
            document.set("process", &process)?;
        }
        self.variable_changes().apply(session, EditPipeline::NAME, document)
    }

    fn variable_changes(&self) -> VariableChanges<'_> {
        VariableChanges {
            values: &self.variables,
            removed: &self.remove_variables,
            settable: &self.settable_variables,
            secret: &self.secret_variables,
        }
    }
}
