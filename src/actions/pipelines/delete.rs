//! `delete pipeline`

use crate::actions::pipelines::definitions::find;
use crate::actions::pipelines::definitions::read_request;
use crate::actions::pipelines::model::Pipeline;
use crate::actions::prelude::*;
use crate::actions::shared::by_name::check_exact_name;

/// Delete a pipeline
///
/// This deletes its runs, their logs and artifacts too. The name must match exactly, including letter case, so that no
/// other pipeline is deleted. The service refuses to delete a pipeline whose runs have a retention lease.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
    /// The pipeline, by its exact name or its id
    pipeline: PipelineReference,
}

/// The pipeline that was deleted
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Output {
    /// Its id
    id: u32,
    /// Its name
    name: String,
    /// The folder that it was in
    #[serde(skip_serializing_if = "Option::is_none")]
    folder: Option<String>,
}

pub(super) struct DeletePipeline;

impl Action for DeletePipeline {
    const NAME: &'static str = "delete pipeline";
    const NODE: &'static str = r#"Delete pipeline "{{pipeline}}""#;
    const EFFECT: Effect = Effect::Destroys;
    const NEEDS: Needs =
        Needs { permissions: &[permissions::DELETE_PIPELINE], scope: Some(Scope::BuildExecute) };
    const ERRORS: &'static [ErrorCode] = &[
        ErrorCode::ResourceNotFound,
        ErrorCode::ServiceRejected,
        ErrorCode::PermissionDenied,
        ErrorCode::ServiceOutcomeUnknown,
    ];
    const LOST_RESPONSE: LostResponse = LostResponse::ByState("the pipeline no longer exists");
    const OBJECT: Option<AuditedObject> = Some(AuditedObject::named_by("pipeline", "pipeline"));
    type Input = Input;
    type Output = Output;

    fn examples() -> Vec<Example> {
        vec![Example {
            title: "Delete a pipeline by its name",
            inputs: serde_json::json!({ "pipeline": "site" }),
        }]
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<Output, Error> {
        let session = cx.session(&input.session)?;
        let id = find(&session, &input.pipeline, &Self::NEEDS).await?;
        let read = || session.send::<Pipeline>(read_request(id, &input.pipeline, &Self::NEEDS));
        let found = read().await?;
        check_exact_name(Self::NAME, "pipeline", input.pipeline.name(), &found.name)?;
        let subject = format!("the pipeline \"{}\"", input.pipeline);
        let request = Request::delete(&["build", "definitions", &id.to_string()])
            .named(format!("delete {subject}"))
            .needs(&Self::NEEDS)
            .missing(input.pipeline.subject("pipeline"));
        let gone = async {
            match read().await {
                Err(error) if error.code() == ErrorCode::ResourceNotFound => Ok(Some(())),
                _ => Ok(None),
            }
        };
        session.settle_state(session.send::<()>(request), gone).await?;
        Ok(Output { id: found.id, name: found.name, folder: found.folder })
    }
}
