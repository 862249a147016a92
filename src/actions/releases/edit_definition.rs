//! `edit release pipeline`

use indexmap::IndexMap;

use crate::actions::prelude::*;
use crate::actions::releases::release_pipeline::ReleasePipeline;
use crate::actions::releases::release_pipelines::EDIT_NEEDS;
use crate::actions::releases::release_pipelines::find;
use crate::actions::releases::release_pipelines::read_request;
use crate::actions::releases::release_pipelines::revisions_request;
use crate::actions::shared::differences::Differences;
use crate::actions::shared::new_pipeline;
use crate::actions::shared::revisions;
use crate::actions::shared::variables;
use crate::actions::shared::variables::VariableChanges;

/// Rename or move a release pipeline, change its variables
///
/// Inputs that are not given leave the release pipeline unchanged, as do its stages and tasks. If someone else changes
/// it in the meantime, the action fails with `resource.conflict`.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
    /// The release pipeline, by name or id
    release_pipeline: PipelineReference,
    /// The new name, alone or after its new folder: `nightly`, `\team\nightly`
    #[serde(default)]
    new_name: Option<NewPipelineName>,
    /// The new folder, such as `\team`; `\` is the root
    #[serde(default)]
    folder: Option<PipelineFolder>,
    /// Variables to set: additional variables, and new values of existing ones
    #[serde(default)]
    variables: IndexMap<String, ParameterValue>,
    /// Variables that can be set when a release is created, by their names
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

pub(super) struct EditReleasePipeline;

impl Action for EditReleasePipeline {
    const NAME: &'static str = "edit release pipeline";
    const NODE: &'static str = r#"Edit release pipeline "{{releasePipeline}}""#;
    const EFFECT: Effect = Effect::Changes;
    const NEEDS: Needs = EDIT_NEEDS;
    const ERRORS: &'static [ErrorCode] = &[
        ErrorCode::ResourceNotFound,
        ErrorCode::ResourceConflict,
        ErrorCode::PermissionDenied,
        ErrorCode::ServiceOutcomeUnknown,
    ];
    const LOST_RESPONSE: LostResponse = LostResponse::Marked("the comment on the new revision");
    const OBJECT: Option<AuditedObject> =
        Some(AuditedObject::named_by("release pipeline", "releasePipeline"));
    type Input = Input;
    type Output = ReleasePipeline;

    fn examples() -> Vec<Example> {
        vec![Example {
            title: "Rename a release pipeline and set a variable",
            inputs: serde_json::json!({
                "releasePipeline": "deploy",
                "newName": "deploy-site",
                "variables": { "region": "west" },
            }),
        }]
    }

    fn check(input: &Input) -> Result<(), Error> {
        if input.new_name.is_none() && input.folder.is_none() && input.variable_changes().is_empty() {
            let message = "edit release pipeline: give newName, folder, variables, settableVariables, \
                           secretVariables or removeVariables: nothing is to be changed";
            return Err(Error::new(ErrorCode::InputInvalid, message));
        }
        input.folder().map(drop)
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<ReleasePipeline, Error> {
        let session = cx.session(&input.session)?;
        let wanted = &input.release_pipeline;
        let id = find(&session, wanted, &Self::NEEDS).await?;
        let subject = format!("the release pipeline \"{wanted}\"");
        let mark = Mark::new();
        let write = |document: &Document| {
            Ok(Request::put(&["release", "definitions"])
                .release()
                .json(document)?
                .named(format!("edit {subject}"))
                .needs(&Self::NEEDS)
                .missing(subject.clone()))
        };
        let send = async {
            let change = |document: &mut Document| {
                input.apply(&session, document)?;
                document.set("comment", &mark.as_str())
            };
            let written =
                session.revise(&subject, || read_request(id, wanted, &Self::NEEDS), change, write).await?;
            written.read().ok_or_else(|| {
                let message = format!("Could not edit {subject}: the response is not a release pipeline");
                Error::new(ErrorCode::ServiceBadResponse, message)
            })
        };
        let search = |_| async {
            if !revisions::have(&session, revisions_request(id), &mark).await? {
                return Ok(Vec::new());
            }
            let now: ReleasePipeline = session.send(read_request(id, wanted, &Self::NEEDS)).await?;
            Ok(mark.candidate(now, Some(mark.as_str())).into_iter().collect())
        };
        let now = session.settle_creation("release pipeline", send, search).await?;
        let differences = Differences::of(&subject)
            .value("newName", input.new_name.as_ref().map(NewPipelineName::as_str), Some(&now.name))
            .value("folder", input.folder()?.map(PipelineFolder::as_str), now.folder.as_deref());
        variables::compare(differences, &input.variable_changes(), now.variables.as_ref(), &now.settable)
            .warn(&session);
        Ok(now)
    }
}

impl Input {
    /// Returns the folder, which may stand before the name
    fn folder(&self) -> Result<Option<&PipelineFolder>, Error> {
        new_pipeline::folder(
            EditReleasePipeline::NAME,
            "newName",
            self.new_name.as_ref(),
            self.folder.as_ref(),
        )
    }

    fn apply(&self, session: &OpenSession<'_>, document: &mut Document) -> Result<(), Error> {
        if let Some(name) = &self.new_name {
            document.set("name", &name.as_str())?;
        }
        if let Some(folder) = self.folder()? {
            document.set("path", &folder.as_str())?;
        }
        self.variable_changes().apply(session, EditReleasePipeline::NAME, document)
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
