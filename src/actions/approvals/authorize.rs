//! `authorize pipeline`

use crate::actions::approvals::model::PREVIEW;
use crate::actions::approvals::protected_resources::ResourceType;
use crate::actions::pipelines::definitions;
use crate::actions::prelude::*;
use crate::actions::shared::differences::Differences;

/// Let a pipeline use a protected resource
///
/// This grants what a run requests with "This pipeline needs permission to access a resource". The token's user must be
/// an administrator of the resource. To find the pipeline by name, the token needs the scope Build (read) too. To find
/// the resource by name, it needs the scope for its type: Service connections (read), Agent pools (read), Variable
/// groups (read), Secure files (read), Environment (read and manage) or Code (read). With ids it needs none of these.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
    /// The pipeline, by name or id
    pipeline: PipelineReference,
    /// The type of the resource
    resource_type: ResourceType,
    /// The resource, by name or id; its address in the browser has the id
    resource: ResourceReference,
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

/// The pipelines that may use the resource
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Output {
    /// The id of the authorized pipeline
    pipeline_id: u32,
    /// The ids of all authorized pipelines
    pipelines: Vec<u32>,
    /// Whether all pipelines are authorized
    all_pipelines: bool,
}

pub(super) struct AuthorizePipeline;

impl Action for AuthorizePipeline {
    const NAME: &'static str = "authorize pipeline";
    const NODE: &'static str = r#"Authorize pipeline "{{pipeline}}" to use {{resourceType}} "{{resource}}""#;
    const EFFECT: Effect = Effect::Changes;
    const NEEDS: Needs = Needs { permissions: &[], scope: Some(Scope::PipelineResourcesManage) };
    const ERRORS: &'static [ErrorCode] =
        &[ErrorCode::ResourceNotFound, ErrorCode::ServiceOutcomeUnknown, ErrorCode::PermissionDenied];
    const LOST_RESPONSE: LostResponse = LostResponse::ByState("the pipeline may use the resource");
    const OBJECT: Option<AuditedObject> =
        Some(AuditedObject::named_by("pipeline", "pipeline").id("pipelineId").name(""));
    type Input = Input;
    type Output = Output;

    fn examples() -> Vec<Example> {
        vec![
            Example {
                title: "Let a pipeline use an environment",
                inputs: serde_json::json!({ "pipeline": "site", "resourceType": "ENVIRONMENT", "resource": "production" }),
            },
            Example {
                title: "Let a pipeline use a variable group by its id",
                inputs: serde_json::json!({ "pipeline": "site", "resourceType": "VARIABLE_GROUP", "resource": "1" }),
            },
        ]
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<Output, Error> {
        let session = cx.session(&input.session)?;
        let pipeline_id = definitions::find(&session, &input.pipeline, &definitions::READ_NEEDS).await?;
        let id = input.resource_type.id_of(&session, &input.resource).await?;
        let path = ["pipelines", "pipelinepermissions", input.resource_type.word(), &id];
        let subject = format!("the {} \"{}\"", input.resource_type.label(), input.resource);
        let request = Request::patch(&path)
            .preview(PREVIEW)
            .json(&Body { pipelines: [Authorized { id: pipeline_id, authorized: true }] })?
            .named(format!("authorize the pipeline \"{}\" for {subject}", input.pipeline))
            .needs(&Self::NEEDS)
            .missing(subject.clone());
        let read = Request::get(&path)
            .preview(PREVIEW)
            .named(format!("read the authorized pipelines of {subject}"))
            .needs(&Self::NEEDS)
            .missing(subject.clone());
        let lookup = async {
            let now: Allowed = session.send(read).await?;
            let is_let = now.pipelines.iter().flatten().any(|one| one.id == pipeline_id && one.authorized);
            Ok(is_let.then_some(now))
        };
        let allowed = session.settle_state(session.send(request), lookup).await?;
        let is_let = |one: &Authorized| one.id == pipeline_id && one.authorized;
        let is_authorized = allowed.pipelines.iter().flatten().any(is_let);
        Differences::of(&subject)
            .state(&format!("the pipeline {pipeline_id}"), "authorized", is_authorized)
            .warn(&session);
        let pipelines = allowed.pipelines.into_iter().flatten().filter(|one| one.authorized);
        Ok(Output {
            pipeline_id,
            pipelines: pipelines.map(|one| one.id).collect(),
            all_pipelines: allowed.all_pipelines.and_then(|all| all.authorized).unwrap_or(false),
        })
    }
}
