//! `authorize pipeline`

use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

use crate::actions::Action;
use crate::actions::Context;
use crate::actions::Effect;
use crate::actions::Example;
use crate::actions::approvals::PREVIEW;
use crate::actions::definitions;
use crate::actions::repositories;
use crate::contract::Error;
use crate::contract::ErrorCode;
use crate::contract::Needs;
use crate::contract::PipelineReference;
use crate::contract::Refusal;
use crate::contract::RepositoryName;
use crate::contract::ResourceId;
use crate::contract::Scope;
use crate::contract::SessionReference;
use crate::contract::TextKind;
use crate::devops::Request;

/// Let a pipeline use a protected resource
///
/// What a run asks for with "This pipeline needs permission to access a resource". The token's user has to be an
/// administrator of the resource. The token needs the scopes Build (read) to find a pipeline by name, and Code (read)
/// to find a repository.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
    /// The pipeline, by name or id
    pipeline: PipelineReference,
    /// What kind of resource it is
    resource_type: ResourceType,
    /// The resource by its id, as its address in the browser has it; a repository by name or id
    resource: ResourceId,
}

/// The resources that pipelines have to be let use
#[derive(Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[schemars(inline)]
enum ResourceType {
    /// Service connection
    ServiceConnection,
    /// Agent queue
    AgentQueue,
    /// Variable group
    VariableGroup,
    /// Secure file
    SecureFile,
    /// Environment
    Environment,
    /// Repository
    Repository,
}

impl ResourceType {
    /// The service's word
    const fn word(self) -> &'static str {
        match self {
            ResourceType::ServiceConnection => "endpoint",
            ResourceType::AgentQueue => "queue",
            ResourceType::VariableGroup => "variablegroup",
            ResourceType::SecureFile => "securefile",
            ResourceType::Environment => "environment",
            ResourceType::Repository => "repository",
        }
    }
}

#[derive(Serialize)]
struct Body {
    pipelines: [Authorized; 1],
}

#[derive(Serialize, Deserialize)]
struct Authorized {
    id: u32,
    authorized: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Allowed {
    #[serde(default)]
    pipelines: Option<Vec<Authorized>>,
    #[serde(default)]
    all_pipelines: Option<AllPipelines>,
}

#[derive(Deserialize)]
struct AllPipelines {
    #[serde(default)]
    authorized: Option<bool>,
}

/// Who may use the resource now
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Output {
    /// The id of the pipeline that was let
    pipeline_id: u32,
    /// The ids of all pipelines that may use it
    pipelines: Vec<u32>,
    /// Whether every pipeline may use it
    all_pipelines: bool,
}

pub(super) struct AuthorizePipeline;

impl Action for AuthorizePipeline {
    const NAME: &'static str = "authorize pipeline";
    const EFFECT: Effect = Effect::Changes;
    const NEEDS: Needs = Needs { permissions: &[], scope: Some(Scope::PipelineResourcesManage) };
    const ERRORS: &'static [ErrorCode] =
        &[ErrorCode::ResourceNotFound, ErrorCode::ServiceOutcomeUnknown, ErrorCode::PermissionDenied];
    type Input = Input;
    type Output = Output;

    fn examples() -> Vec<Example> {
        vec![Example {
            title: "Let a pipeline use an environment",
            inputs: serde_json::json!({ "pipeline": "site", "resourceType": "ENVIRONMENT", "resource": "1" }),
        }]
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<Output, Error> {
        let session = cx.session(&input.session)?;
        let pipeline_id = definitions::find(&session, &input.pipeline, &definitions::READ_NEEDS).await?;
        let id = if input.resource_type == ResourceType::Repository {
            let refused = |refusal: Refusal| {
                let message = format!("authorize pipeline: resource: {}", refusal.reason);
                Error::new(ErrorCode::InputInvalid, message).with("field", "resource")
            };
            let name = RepositoryName::parse(input.resource.as_str()).map_err(refused)?;
            let found = repositories::find(&session, &name, &repositories::READ_NEEDS).await?;
            format!("{}.{}", session.connection().project().id, found.id)
        } else {
            input.resource.as_str().to_owned()
        };
        let path = ["pipelines", "pipelinepermissions", input.resource_type.word(), &id];
        let words = format!("let the pipeline \"{}\" use a resource", input.pipeline);
        let missing = format!("the {} \"{}\"", input.resource_type.word(), input.resource.as_str());
        let request = Request::patch(&path)
            .preview(PREVIEW)
            .json(&Body { pipelines: [Authorized { id: pipeline_id, authorized: true }] })?
            .named(words)
            .needs(&Self::NEEDS)
            .missing(missing.clone());
        let read = Request::get(&path)
            .preview(PREVIEW)
            .named("read who may use a resource")
            .needs(&Self::NEEDS)
            .missing(missing);
        let there = async {
            let now: Allowed = session.send(read).await?;
            let is_let = now.pipelines.iter().flatten().any(|one| one.id == pipeline_id && one.authorized);
            Ok(is_let.then_some(now))
        };
        let allowed = session.reached(session.send(request), there).await?;
        let pipelines = allowed.pipelines.into_iter().flatten().filter(|one| one.authorized);
        Ok(Output {
            pipeline_id,
            pipelines: pipelines.map(|one| one.id).collect(),
            all_pipelines: allowed.all_pipelines.and_then(|all| all.authorized).unwrap_or(false),
        })
    }
}
