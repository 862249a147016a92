//! `create classic pipeline`

use indexmap::IndexMap;

use crate::actions::pipelines::definitions::created_with_mark;
use crate::actions::pipelines::model::Pipeline;
use crate::actions::prelude::*;
use crate::actions::repositories;
use crate::actions::repositories::requests::with_repository;
use crate::actions::shared::new_pipeline;
use crate::actions::shared::variables;
use crate::actions::shared::variables::NewVariable;

/// The task that runs a script of one or more lines: Command line
const COMMAND_LINE: &str = "d9bafed4-0b18-4f58-968d-86655b4d2ce9@2";

/// The pool and the image of Microsoft-hosted agents
const HOSTED: (&str, &str) = ("Azure Pipelines", "ubuntu-latest");

/// Create a classic pipeline: one agent job with steps in order
///
/// A step is a script, or a task by its id and version with its inputs. For anything else, build a pipeline in the
/// browser once and copy it with Copy pipeline. For new pipelines, prefer YAML: use Create pipeline.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
    /// The name of the new pipeline, alone or after its folder: `nightly`, `\team\nightly`
    name: NewPipelineName,
    /// The repository to build, by name or id
    repository: RepositoryName,
    /// The steps in order: each has `script`, or `task` and its `inputs`, and may have a `title`
    steps: Vec<Step>,
    /// The default branch of the pipeline; the repository's default branch when it is not given
    #[serde(default)]
    default_branch: Option<BranchName>,
    /// The folder of the new pipeline, such as `\team`; the root when it is not given
    #[serde(default)]
    folder: Option<PipelineFolder>,
    /// The agent pool; the pool of Microsoft-hosted agents when it is not given
    #[serde(default)]
    agent_pool: Option<AgentName>,
    /// The image of Microsoft-hosted agents, such as `windows-latest`; `ubuntu-latest` when neither image nor pool is
    /// given
    #[serde(default)]
    agent_image: Option<AgentName>,
    /// Variables and their values
    #[serde(default)]
    variables: IndexMap<String, ParameterValue>,
    /// Variables whose values are secret, by their names in variables
    #[serde(default)]
    #[schemars(extend("x-group" = "Advanced"))]
    secret_variables: Vec<VariableName>,
}

/// One step of the job
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Step {
    /// The name in the logs
    #[serde(default)]
    title: Option<StepTitle>,
    /// A script for the agent's command line
    #[serde(default)]
    script: Option<StepScript>,
    /// A task by its id and major version: `e213ff0f-5d5c-4791-802d-52ea3e7be1f1@2`
    #[serde(default)]
    task: Option<TaskReference>,
    /// The task's inputs
    #[serde(default)]
    inputs: IndexMap<String, ParameterValue>,
}

#[derive(Serialize)]
struct Body<'a> {
    name: &'a str,
    path: &'a str,
    #[serde(rename = "type")]
    kind: &'static str,
    quality: &'static str,
    comment: &'a str,
    queue: Queue<'a>,
    process: Process<'a>,
    repository: Source<'a>,
    variables: IndexMap<&'a str, NewVariable<'a>>,
}

#[derive(Serialize)]
struct Queue<'a> {
    name: &'a str,
    pool: Pool<'a>,
}

#[derive(Serialize)]
struct Pool<'a> {
    name: &'a str,
}

/// Shape from the published description of build 7.1: `DesignerProcess`
#[derive(Serialize)]
struct Process<'a> {
    #[serde(rename = "type")]
    kind: u32,
    phases: [Phase<'a>; 1],
    #[serde(skip_serializing_if = "Option::is_none")]
    target: Option<Target<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Phase<'a> {
    name: &'static str,
    ref_name: &'static str,
    condition: &'static str,
    target: PhaseTarget,
    steps: Vec<StepBody<'a>>,
}

#[derive(Serialize)]
struct PhaseTarget {
    #[serde(rename = "type")]
    kind: u32,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct StepBody<'a> {
    enabled: bool,
    display_name: String,
    condition: &'static str,
    task: TaskBody<'a>,
    inputs: IndexMap<&'a str, &'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TaskBody<'a> {
    id: &'a str,
    version_spec: String,
    definition_type: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Target<'a> {
    agent_specification: AgentSpecification<'a>,
}

#[derive(Serialize)]
struct AgentSpecification<'a> {
    identifier: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Source<'a> {
    id: &'a str,
    name: &'a str,
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    default_branch: Option<&'a str>,
}

pub(super) struct CreateClassicPipeline;

impl Action for CreateClassicPipeline {
    const NAME: &'static str = "create classic pipeline";
    const NODE: &'static str = r#"Create classic pipeline "{{name}}" for repository "{{repository}}""#;
    const EFFECT: Effect = Effect::Creates;
    const NEEDS: Needs =
        Needs { permissions: &[permissions::CREATE_PIPELINE], scope: Some(Scope::BuildExecute) };
    const ERRORS: &'static [ErrorCode] = &[
        ErrorCode::ResourceNotFound,
        ErrorCode::ResourceConflict,
        ErrorCode::ServiceRejected,
        ErrorCode::ServiceOutcomeUnknown,
        ErrorCode::PermissionDenied,
    ];
    const LOST_RESPONSE: LostResponse = LostResponse::Marked("the comment on the pipeline's first revision");
    const OBJECT: Option<AuditedObject> = Some(AuditedObject::named_by("pipeline", "name"));
    type Input = Input;
    type Output = Pipeline;

    fn examples() -> Vec<Example> {
        vec![Example {
            title: "A job of a script and a task",
            inputs: serde_json::json!({
                "name": "nightly-classic",
                "repository": "site",
                "steps": [
                    { "title": "Build", "script": "make" },
                    {
                        "title": "Report",
                        "task": "e213ff0f-5d5c-4791-802d-52ea3e7be1f1@2",
                        "inputs": { "targetType": "inline", "script": "Get-Date" },
                    },
                ],
                "variables": { "configuration": "release" },
            }),
        }]
    }

    fn check(input: &Input) -> Result<(), Error> {
        input.folder().map(drop)
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<Pipeline, Error> {
        let command_line = TaskReference::parse(COMMAND_LINE).expect("the task id is valid");
        let steps = input.steps(&command_line)?;
        let folder = input.folder()?.map_or("\\", PipelineFolder::as_str);
        let session = cx.session(&input.session)?;
        // The service accepts only the id of the repository.
        let repository = repositories::requests::find(&session, &input.repository, &Self::NEEDS).await?;
        let (pool, image) = match (&input.agent_pool, &input.agent_image) {
            (Some(pool), image) => (pool.as_str(), image.as_ref().map(AgentName::as_str)),
            (None, Some(image)) => (HOSTED.0, Some(image.as_str())),
            (None, None) => (HOSTED.0, Some(HOSTED.1)),
        };
        let mark = Mark::new();
        let body = Body {
            name: input.name.as_str(),
            path: folder,
            kind: "build",
            quality: "definition",
            comment: mark.as_str(),
            queue: Queue { name: pool, pool: Pool { name: pool } },
            process: Process {
                kind: 1,
                phases: [Phase {
                    name: "Agent job 1",
                    ref_name: "Job_1",
                    condition: "succeeded()",
                    target: PhaseTarget { kind: 1 },
                    steps,
                }],
                target: image
                    .map(|identifier| Target { agent_specification: AgentSpecification { identifier } }),
            },
            repository: Source {
                id: &repository.id,
                name: &repository.name,
                kind: "TfsGit",
                default_branch: input
                    .default_branch
                    .as_ref()
                    .map(BranchName::full)
                    .or(repository.default_branch.as_deref()),
            },
            variables: variables::new(&session, Self::NAME, &input.variables, &input.secret_variables)?,
        };
        let request = Request::post(&["build", "definitions"])
            .json(&body)?
            .named(format!("create the pipeline \"{}\" in the project \"{}\"", input.name, session.project()))
            .needs(&Self::NEEDS)
            .missing(format!("the repository \"{}\"", input.repository));
        let name = input.name.as_str();
        let creating = session.settle_creation("pipeline", session.send(request), |_| {
            created_with_mark(&session, name, folder, &mark)
        });
        with_repository(&session, &input.repository, creating).await
    }
}

impl Input {
    /// Returns the folder, which may stand before the name
    fn folder(&self) -> Result<Option<&PipelineFolder>, Error> {
        new_pipeline::folder(CreateClassicPipeline::NAME, "name", Some(&self.name), self.folder.as_ref())
    }

    fn steps<'a>(&'a self, command_line: &'a TaskReference) -> Result<Vec<StepBody<'a>>, Error> {
        let refuse = |field: String, reason: &str| {
            let message = format!("create classic pipeline: {field}: {reason}");
            Error::new(ErrorCode::InputInvalid, message).with("field", field)
        };
        if self.steps.is_empty() {
            return Err(refuse("steps".to_owned(), "a job needs at least one step"));
        }
        let step = |(at, step): (usize, &'a Step)| {
            let title = step.title.as_ref().map(StepTitle::as_str);
            let (task, inputs, usual) = match (&step.script, &step.task) {
                (Some(script), None) if step.inputs.is_empty() => {
                    (command_line, IndexMap::from([("script", script.as_str())]), "Command line")
                }
                (None, Some(task)) => {
                    let inputs = step.inputs.iter().map(|(name, value)| (name.as_str(), value.as_str()));
                    (task, inputs.collect(), "Task")
                }
                _ => return Err(refuse(format!("steps[{at}]"), "give script, or task and its inputs")),
            };
            Ok(StepBody {
                enabled: true,
                display_name: title.unwrap_or(usual).to_owned(),
                condition: "succeeded()",
                task: TaskBody {
                    id: task.id(),
                    version_spec: format!("{}.*", task.version()),
                    definition_type: "task",
                },
                inputs,
            })
        };
        self.steps.iter().enumerate().map(step).collect()
    }
}
