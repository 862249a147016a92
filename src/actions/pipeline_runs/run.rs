//! `run pipeline`

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

use crate::actions::Action;
use crate::actions::Context;
use crate::actions::Effect;
use crate::actions::Example;
use crate::actions::OpenSession;
use crate::actions::pipeline_runs::Definition;
use crate::actions::pipeline_runs::Links;
use crate::actions::pipeline_runs::PipelineRun;
use crate::contract::BranchName;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::Needs;
use crate::contract::ParameterValue;
use crate::contract::PipelineName;
use crate::contract::PipelineReference;
use crate::contract::Scope;
use crate::contract::SessionReference;
use crate::contract::permissions;
use crate::devops::Request;

/// Start a pipeline run
///
/// The request is sent once: when its answer is lost, the action fails with
/// `service.outcome_unknown` instead of starting a second run. Wait for the run with Wait for
/// pipeline run.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
    /// The pipeline, by name or id
    pipeline: PipelineReference,
    /// The branch to run on, or a full ref; the pipeline's default branch when it is not given
    #[serde(default)]
    branch: Option<BranchName>,
    /// Values for the pipeline's template parameters
    #[serde(default)]
    template_parameters: IndexMap<String, ParameterValue>,
    /// Values for variables that the pipeline lets be set when it is run
    #[serde(default)]
    variables: IndexMap<String, ParameterValue>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    resources: Option<Resources<'a>>,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    template_parameters: &'a IndexMap<String, ParameterValue>,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    variables: IndexMap<&'a str, Variable<'a>>,
}

#[derive(Serialize)]
struct Resources<'a> {
    repositories: Repositories<'a>,
}

#[derive(Serialize)]
struct Repositories<'a> {
    #[serde(rename = "self")]
    own: Repository<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Repository<'a> {
    ref_name: &'a str,
}

#[derive(Serialize)]
struct Variable<'a> {
    value: &'a ParameterValue,
}

/// What the pipelines API answers; its words for states differ from the build API's
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Run {
    id: u32,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    state: Option<String>,
    #[serde(default)]
    result: Option<String>,
    #[serde(default)]
    pipeline: Option<Definition>,
    #[serde(default)]
    created_date: Option<String>,
    #[serde(default, rename = "_links")]
    links: Option<Links>,
}

pub(super) struct RunPipeline;

impl Action for RunPipeline {
    const NAME: &'static str = "run pipeline";
    const EFFECT: Effect = Effect::Creates;
    const NEEDS: Needs =
        Needs { permissions: &[permissions::QUEUE_BUILDS], scope: Some(Scope::BuildExecute) };
    const ERRORS: &'static [ErrorCode] = &[
        ErrorCode::ResourceNotFound,
        ErrorCode::ServiceRejected,
        ErrorCode::ServiceOutcomeUnknown,
        ErrorCode::PermissionDenied,
    ];
    type Input = Input;
    type Output = PipelineRun;

    fn examples() -> Vec<Example> {
        vec![Example {
            title: "Run a pipeline on the main branch",
            inputs: serde_json::json!({ "pipeline": "site", "branch": "main" }),
        }]
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<PipelineRun, Error> {
        let session = cx.session(&input.session)?;
        let id = match &input.pipeline {
            PipelineReference::Id(id) => *id,
            PipelineReference::Name(name) => find(&session, name).await?,
        };
        let body = Body {
            resources: input.branch.as_ref().map(|branch| Resources {
                repositories: Repositories { own: Repository { ref_name: branch.full() } },
            }),
            template_parameters: &input.template_parameters,
            variables: input
                .variables
                .iter()
                .map(|(name, value)| (name.as_str(), Variable { value }))
                .collect(),
        };
        let thing = format!("the pipeline \"{}\"", input.pipeline);
        let request = Request::post(&["pipelines", &id.to_string(), "runs"])
            .json(&body)?
            .named(format!("run {thing}"))
            .needs(&Self::NEEDS)
            .missing(thing);
        let run: Run = session.send(request).await?;
        Ok(started(run, id, input.branch.as_ref()))
    }
}

/// The id of the one pipeline of that name
async fn find(session: &OpenSession<'_>, name: &PipelineName) -> Result<u32, Error> {
    let thing = format!("the pipeline \"{name}\"");
    let request = Request::get(&["build", "definitions"])
        .query("name", name.as_str())
        .list()
        .named(format!("look up {thing}"))
        .needs(&RunPipeline::NEEDS)
        .missing(thing.clone());
    let found: Vec<Definition> = session.send_list(request).await?;
    let ids: Vec<u32> = found.iter().filter_map(|one| one.id).collect();
    match ids.as_slice() {
        [id] => Ok(*id),
        [] => Err(Error::new(
            ErrorCode::ResourceNotFound,
            format!("{thing} is not in the project \"{}\", or cannot be seen", session.project()),
        )
        .help("List pipelines returns the names that are there.")),
        several => Err(Error::new(
            ErrorCode::InputInvalid,
            format!("{} pipelines in different folders are called \"{name}\"", several.len()),
        )
        .help(format!("Give the id of one of them: {several:?}."))),
    }
}

fn started(run: Run, pipeline: u32, branch: Option<&BranchName>) -> PipelineRun {
    let (pipeline_id, pipeline_name) = run.pipeline.map_or((None, None), |one| (one.id, one.name));
    let status = match run.state.as_deref() {
        Some("canceling") => "cancelling",
        Some("unknown") | None => "none",
        Some(state) => state,
    };
    PipelineRun {
        id: run.id,
        name: run.name,
        status: status.to_owned(),
        result: run.result.filter(|result| result != "unknown"),
        pipeline_id: pipeline_id.or(Some(pipeline)),
        pipeline_name,
        branch: branch.map(|branch| branch.full().to_owned()),
        commit_id: None,
        queue_time: run.created_date,
        start_time: None,
        finish_time: None,
        web_url: Links::web(run.links),
    }
}
