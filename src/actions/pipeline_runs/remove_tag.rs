//! `remove pipeline run tag`

use crate::actions::pipeline_runs::requests::tags_request;
use crate::actions::prelude::*;
use crate::actions::shared::differences::Differences;
use crate::actions::shared::not_found::ResourceName;
use crate::actions::shared::not_found::with_similar_names;

/// Remove a tag from a pipeline run
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
    /// The run's id
    id: RunId,
    /// The tag to remove
    tag: Tag,
}

/// The tags of the run
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Output {
    /// The run's id
    id: u32,
    /// The tags that the run still has
    tags: Vec<String>,
}

pub(super) struct RemovePipelineRunTag;

impl Action for RemovePipelineRunTag {
    const NAME: &'static str = "remove pipeline run tag";
    const NODE: &'static str = r#"Remove pipeline run tag "{{tag}}" from run {{id}}"#;
    const EFFECT: Effect = Effect::Changes;
    const NEEDS: Needs =
        Needs { permissions: &[permissions::EDIT_BUILD_QUALITY], scope: Some(Scope::BuildExecute) };
    const ERRORS: &'static [ErrorCode] =
        &[ErrorCode::ResourceNotFound, ErrorCode::PermissionDenied, ErrorCode::ServiceOutcomeUnknown];
    const LOST_RESPONSE: LostResponse = LostResponse::ByState("the run no longer has the tag");
    const OBJECT: Option<AuditedObject> = Some(AuditedObject::named_by("pipeline run", "id").name(""));
    type Input = Input;
    type Output = Output;

    fn examples() -> Vec<Example> {
        vec![Example {
            title: "Remove the tag of a candidate",
            inputs: serde_json::json!({ "id": 2, "tag": "candidate" }),
        }]
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<Output, Error> {
        let session = cx.session(&input.session)?;
        let wanted = input.tag.as_str().to_lowercase();
        let has = |tags: &[String]| tags.iter().any(|known| known.to_lowercase() == wanted);
        let before: Vec<String> = session.send_list(tags_request(input.id)).await?;
        if !has(&before) {
            let tag = printable(input.tag.as_str(), 400);
            let message = format!("the pipeline run {} has no tag \"{tag}\"", input.id);
            let error = Error::new(ErrorCode::ResourceNotFound, message);
            let names = before.into_iter().map(|name| ResourceName { name: Some(name) }).collect();
            return Err(with_similar_names(error, input.tag.as_str(), async { Ok(names) }).await);
        }
        let request =
            Request::delete(&["build", "builds", &input.id.to_string(), "tags", input.tag.as_str()])
                .list()
                .named(format!("remove a tag of the pipeline run {}", input.id))
                .needs(&Self::NEEDS)
                .missing(format!("the pipeline run {}", input.id));
        let send = async { session.send::<List<String>>(request).await.map(|tags| tags.value) };
        let lookup =
            async { Ok(Some(session.send_list(tags_request(input.id)).await?).filter(|tags| !has(tags))) };
        let tags = session.settle_state(send, lookup).await?;
        Differences::of(&format!("the pipeline run {}", input.id))
            .state("the tag", "removed", !has(&tags))
            .warn(&session);
        Ok(Output { id: input.id.get(), tags })
    }
}
