//! `run pipeline`

use indexmap::IndexMap;

use crate::actions::pipeline_runs::model::PipelineRun;
use crate::actions::pipeline_runs::requests::READ_NEEDS;
use crate::actions::pipeline_runs::run_once::run_once;
use crate::actions::pipeline_runs::sent_run::SentRun;
use crate::actions::pipeline_runs::sent_run::StartedResources;
use crate::actions::pipelines::definitions;
use crate::actions::pipelines::definitions::find;
use crate::actions::pipelines::model::Pipeline;
use crate::actions::prelude::*;
use crate::actions::repositories::requests::explained;
use crate::actions::repositories::requests::may_be_of_repository;
use crate::actions::shared::mark_property;
use crate::actions::shared::wire::Links;
use crate::actions::shared::wire::NamedReference;

/// Start a pipeline run
///
/// The request is sent once. When the response is lost, the action looks for the run and compares all of it with the
/// request. An equal run is returned with the warning `service.settled_by_content`; otherwise the action fails with
/// `service.outcome_unknown` and names the possible runs. Use Wait for pipeline run to wait for the run. With an idempotency
/// key, the first call starts a run, and every other call with the key returns the same run.
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
    /// The commit to run on; the latest commit of the branch when it is not given
    #[serde(default)]
    commit: Option<CommitId>,
    /// Values for the pipeline's template parameters; a parameter of type object takes a list or a dictionary
    #[serde(default)]
    template_parameters: IndexMap<String, TemplateValue>,
    /// Values for variables that can be set when the pipeline runs
    #[serde(default)]
    variables: IndexMap<String, ParameterValue>,
    /// Stages to skip, by their names in the YAML file
    #[serde(default)]
    stages_to_skip: Vec<StageName>,
    /// A key of this run: of all calls with the key and this pipeline, one starts the run, within 24 hours
    #[serde(default)]
    #[schemars(extend("x-group" = "Advanced"))]
    idempotency_key: Option<IdempotencyKey>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    resources: Option<Resources<'a>>,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    template_parameters: &'a IndexMap<String, TemplateValue>,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    variables: IndexMap<&'a str, Variable<'a>>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    stages_to_skip: &'a [StageName],
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
    #[serde(skip_serializing_if = "Option::is_none")]
    ref_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<&'a str>,
}

#[derive(Serialize)]
struct Variable<'a> {
    value: &'a str,
}

/// A run in a response of the pipelines API; its names of states differ from those of the build API
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
    pipeline: Option<NamedReference>,
    #[serde(default)]
    created_date: Option<String>,
    #[serde(default)]
    finished_date: Option<String>,
    #[serde(default)]
    resources: Option<StartedResources>,
    #[serde(default, rename = "_links")]
    links: Option<Links>,
}

pub(super) struct RunPipeline;

impl Action for RunPipeline {
    const NAME: &'static str = "run pipeline";
    const NODE: &'static str = r#"Run pipeline "{{pipeline}}""#;
    const EFFECT: Effect = Effect::Creates;
    const NEEDS: Needs =
        Needs { permissions: &[permissions::QUEUE_BUILDS], scope: Some(Scope::BuildExecute) };
    const OBJECT: Option<AuditedObject> = Some(AuditedObject::new("pipeline run"));
    const STARTS_RUN: bool = true;
    const ERRORS: &'static [ErrorCode] = &[
        ErrorCode::ResourceNotFound,
        ErrorCode::ServiceRejected,
        ErrorCode::ServiceOutcomeUnknown,
        ErrorCode::PermissionDenied,
        ErrorCode::StoreUnavailable,
    ];
    const LOST_RESPONSE: LostResponse =
        LostResponse::ByContent("the branch, commit, template parameters, variables and stages");
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
        let id = find(&session, &input.pipeline, &Self::NEEDS).await?;
        let sent = SentRun {
            pipeline: id,
            named: &input.pipeline,
            branch: input.branch.as_ref(),
            commit: input.commit.as_ref(),
            template_parameters: &input.template_parameters,
            variables: &input.variables,
            stages_to_skip: &input.stages_to_skip,
            mark: None,
        };
        let Some(key) = &input.idempotency_key else { return start(&session, &input, sent).await };
        let start =
            async |mark: Option<Mark>| start(&session, &input, SentRun { mark: mark.as_ref(), ..sent }).await;
        run_once(cx.services.sessions.keys(), &session, key, &sent, start).await
    }
}

/// Starts a run
async fn start(session: &OpenSession<'_>, input: &Input, sent: SentRun<'_>) -> Result<PipelineRun, Error> {
    let id = sent.pipeline;
    let given = input.variables.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let mark = sent.mark.map(|mark| (mark_property::NAME, mark.as_str()));
    let body = Body {
        resources: resources(input),
        template_parameters: &input.template_parameters,
        variables: given.chain(mark).map(|(name, value)| (name, Variable { value })).collect(),
        stages_to_skip: &input.stages_to_skip,
    };
    let subject = format!("the pipeline \"{}\"", input.pipeline);
    let request = Request::post(&["pipelines", &id.to_string(), "runs"])
        .json(&body)?
        .named(format!("run {subject}"))
        .needs(&RunPipeline::NEEDS)
        .missing(input.pipeline.subject("pipeline"));
    let send = async {
        let run: Run = session.send(request).await?;
        Ok(started(run, id, input))
    };
    match session.settle_creation("pipeline run", send, |since| sent.candidates(session, since)).await {
        Err(error) if may_be_of_repository(&error) => {
            Err(because_of_repository(session, id, &input.pipeline, error).await)
        }
        result => result,
    }
}

/// Returns the error of a run, with the state of the pipeline's repository if that is the reason
///
/// The service rejects the run of a pipeline whose repository is disabled or empty for what it does not find there.
async fn because_of_repository(
    session: &OpenSession<'_>,
    id: u32,
    named: &PipelineReference,
    error: Error,
) -> Error {
    let read = definitions::read_request(id, named, &READ_NEEDS);
    match session.send::<Pipeline>(read).await.ok().and_then(|pipeline| pipeline.repository_id) {
        Some(repository) => explained(session, &RepositoryName::of_id(&repository), error).await,
        None => error,
    }
}

fn resources(input: &Input) -> Option<Resources<'_>> {
    let own = Repository {
        ref_name: input.branch.as_ref().map(BranchName::full),
        version: input.commit.as_ref().map(CommitId::as_str),
    };
    (own.ref_name.is_some() || own.version.is_some())
        .then_some(Resources { repositories: Repositories { own } })
}

fn started(run: Run, pipeline: u32, input: &Input) -> PipelineRun {
    let (pipeline_id, pipeline_name) = run.pipeline.map_or((None, None), |one| (one.id, one.name));
    let own = StartedResources::source(run.resources);
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
        branch: own.ref_name.or_else(|| Some(input.branch.as_ref()?.full().to_owned())),
        commit_id: own.version.or_else(|| Some(input.commit.as_ref()?.as_str().to_owned())),
        queue_time: run.created_date,
        start_time: None,
        finish_time: run.finished_date,
        requested_for: None,
        web_url: Links::web(run.links),
        raw: None,
        tags: None,
        requester: None,
    }
}
