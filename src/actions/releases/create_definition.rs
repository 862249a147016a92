//! `create release pipeline`

use indexmap::IndexMap;

use crate::actions::pipelines::definitions;
use crate::actions::pipelines::model::Pipeline;
use crate::actions::prelude::*;
use crate::actions::releases::release_pipeline::ReleasePipeline;
use crate::actions::releases::release_pipelines::EDIT_NEEDS;
use crate::actions::releases::release_pipelines::created_with_mark;
use crate::actions::shared::new_pipeline;
use crate::actions::shared::variables;
use crate::actions::shared::variables::NewVariable;

/// Create a release pipeline that releases the runs of a pipeline, stage by stage
///
/// The first stage starts with the release, each further stage after the one before it has succeeded; stages in
/// `byHand` start only by hand. Each stage has one job without tasks: add tasks in the browser. To find the pipeline,
/// the token needs the scope Build (read) too.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
    /// The name of the new release pipeline, alone or after its folder: `nightly`, `\team\nightly`
    name: NewPipelineName,
    /// The pipeline whose runs are released, by name or id
    pipeline: PipelineReference,
    /// The names of the stages, in order
    stages: Vec<ReleaseStageName>,
    /// The stages that start only by hand
    #[serde(default)]
    by_hand: Vec<ReleaseStageName>,
    /// The folder of the new release pipeline, such as `\team`; the root when it is not given
    #[serde(default)]
    folder: Option<PipelineFolder>,
    /// Variables and their values
    #[serde(default)]
    variables: IndexMap<String, ParameterValue>,
    /// Variables whose values are secret, by their names in variables
    #[serde(default)]
    #[schemars(extend("x-group" = "Advanced"))]
    secret_variables: Vec<VariableName>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    name: &'a str,
    path: &'a str,
    release_name_format: &'static str,
    comment: &'a str,
    artifacts: [ArtifactBody<'a>; 1],
    environments: Vec<StageBody<'a>>,
    variables: IndexMap<&'a str, NewVariable<'a>>,
    triggers: [(); 0],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ArtifactBody<'a> {
    alias: &'a str,
    #[serde(rename = "type")]
    kind: &'static str,
    is_primary: bool,
    source_id: String,
    definition_reference: Reference<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Reference<'a> {
    definition: IdAndName<'a>,
    project: IdAndName<'a>,
    default_version_type: IdAndName<'a>,
}

#[derive(Serialize)]
struct IdAndName<'a> {
    id: &'a str,
    name: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct StageBody<'a> {
    name: &'a str,
    rank: usize,
    conditions: Vec<Condition<'a>>,
    pre_deploy_approvals: Approvals,
    post_deploy_approvals: Approvals,
    deploy_phases: [Phase; 1],
    retention_policy: Retention,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Condition<'a> {
    name: &'a str,
    condition_type: &'static str,
    value: &'static str,
}

#[derive(Serialize)]
struct Approvals {
    approvals: [Approval; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Approval {
    rank: u32,
    is_automated: bool,
    is_notification_on: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Phase {
    name: &'static str,
    rank: u32,
    phase_type: &'static str,
    workflow_tasks: [(); 0],
    deployment_input: PhaseInput,
}

#[derive(Serialize)]
struct PhaseInput {
    condition: &'static str,
}

/// The browser's default for a new stage
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Retention {
    days_to_keep: u32,
    releases_to_keep: u32,
    retain_build: bool,
}

pub(super) struct CreateReleasePipeline;

impl Action for CreateReleasePipeline {
    const NAME: &'static str = "create release pipeline";
    const NODE: &'static str = r#"Create release pipeline "{{name}}" for pipeline "{{pipeline}}""#;
    const EFFECT: Effect = Effect::Creates;
    const NEEDS: Needs = EDIT_NEEDS;
    const ERRORS: &'static [ErrorCode] = &[
        ErrorCode::ResourceNotFound,
        ErrorCode::ResourceConflict,
        ErrorCode::ServiceRejected,
        ErrorCode::ServiceOutcomeUnknown,
        ErrorCode::PermissionDenied,
    ];
    const LOST_RESPONSE: LostResponse =
        LostResponse::Marked("the comment on the release pipeline's first revision");
    const OBJECT: Option<AuditedObject> = Some(AuditedObject::named_by("release pipeline", "name"));
    type Input = Input;
    type Output = ReleasePipeline;

    fn examples() -> Vec<Example> {
        vec![Example {
            title: "Two stages, the second deployed by hand",
            inputs: serde_json::json!({
                "name": "site-release",
                "pipeline": "site",
                "stages": ["Test", "Production"],
                "byHand": ["Production"],
            }),
        }]
    }

    fn check(input: &Input) -> Result<(), Error> {
        input.folder()?;
        input.stages().map(drop)
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<ReleasePipeline, Error> {
        let stages = input.stages()?;
        let folder = input.folder()?.map_or("\\", PipelineFolder::as_str);
        let session = cx.session(&input.session)?;
        let id = definitions::find(&session, &input.pipeline, &definitions::READ_NEEDS).await?;
        let pipeline: Pipeline =
            session.send(definitions::read_request(id, &input.pipeline, &definitions::READ_NEEDS)).await?;
        let project = session.connection().project();
        let id = id.to_string();
        let mark = Mark::new();
        let body = Body {
            name: input.name.as_str(),
            path: folder,
            release_name_format: "Release-$(rev:r)",
            comment: mark.as_str(),
            artifacts: [ArtifactBody {
                alias: &pipeline.name,
                kind: "Build",
                is_primary: true,
                source_id: format!("{}:{id}", project.id),
                definition_reference: Reference {
                    definition: IdAndName { id: &id, name: &pipeline.name },
                    project: IdAndName { id: &project.id, name: &project.name },
                    default_version_type: IdAndName { id: "latestType", name: "Latest" },
                },
            }],
            environments: stages,
            variables: variables::new(&session, Self::NAME, &input.variables, &input.secret_variables)?,
            triggers: [],
        };
        let request = Request::post(&["release", "definitions"])
            .release()
            .json(&body)?
            .named(format!(
                "create the release pipeline \"{}\" in the project \"{}\"",
                input.name,
                session.project()
            ))
            .needs(&Self::NEEDS)
            .missing(format!("the project \"{}\"", session.project()));
        let name = input.name.as_str();
        let search = |_| created_with_mark(&session, name, folder, &mark);
        session.settle_creation("release pipeline", session.send(request), search).await
    }
}

impl Input {
    /// Returns the folder, which may stand before the name
    fn folder(&self) -> Result<Option<&PipelineFolder>, Error> {
        new_pipeline::folder(CreateReleasePipeline::NAME, "name", Some(&self.name), self.folder.as_ref())
    }

    fn stages(&self) -> Result<Vec<StageBody<'_>>, Error> {
        let refuse = |field: &str, reason: String| {
            let message = format!("create release pipeline: {field}: {reason}");
            Err(Error::new(ErrorCode::InputInvalid, message).with("field", field))
        };
        let same = |one: &ReleaseStageName, other: &ReleaseStageName| {
            one.as_str().to_lowercase() == other.as_str().to_lowercase()
        };
        if self.stages.is_empty() {
            return refuse("stages", "a release pipeline needs at least one".to_owned());
        }
        let twice = |at: usize| self.stages[..at].iter().any(|other| same(other, &self.stages[at]));
        if let Some(at) = (1..self.stages.len()).find(|at| twice(*at)) {
            return refuse("stages", format!("\"{}\" is given twice", self.stages[at]));
        }
        if let Some(name) =
            self.by_hand.iter().find(|name| !self.stages.iter().any(|stage| same(stage, name)))
        {
            return refuse("byHand", format!("\"{name}\" is not one of the stages"));
        }
        let approvals =
            || Approvals { approvals: [Approval { rank: 1, is_automated: true, is_notification_on: false }] };
        let stage = |(at, name): (usize, &'_ ReleaseStageName)| {
            let by_hand = self.by_hand.iter().any(|other| same(other, name));
            let condition = match at.checked_sub(1) {
                None => Condition { name: "ReleaseStarted", condition_type: "event", value: "" },
                // 4 is "succeeded".
                Some(before) => Condition {
                    name: self.stages[before].as_str(),
                    condition_type: "environmentState",
                    value: "4",
                },
            };
            StageBody {
                name: self.stages[at].as_str(),
                rank: at + 1,
                conditions: if by_hand { Vec::new() } else { vec![condition] },
                pre_deploy_approvals: approvals(),
                post_deploy_approvals: approvals(),
                deploy_phases: [Phase {
                    name: "Agentless job",
                    rank: 1,
                    phase_type: "runOnServer",
                    workflow_tasks: [],
                    deployment_input: PhaseInput { condition: "succeeded()" },
                }],
                retention_policy: Retention { days_to_keep: 30, releases_to_keep: 3, retain_build: true },
            }
        };
        Ok(self.stages.iter().enumerate().map(stage).collect())
    }
}
