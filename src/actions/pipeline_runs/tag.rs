//! `tag pipeline run`

use crate::actions::pipeline_runs::requests::tags_request;
use crate::actions::prelude::*;
use crate::actions::shared::differences::Differences;

/// Add tags to a pipeline run
///
/// The run keeps the tags that it has. List pipeline runs finds runs by their tags.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
    /// The run's id
    id: RunId,
    /// The tags to add, at least one
    tags: Vec<Tag>,
}

/// The tags of the run
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Output {
    /// The run's id
    id: u32,
    /// All tags of the run
    tags: Vec<String>,
}

pub(super) struct TagPipelineRun;

impl Action for TagPipelineRun {
    const NAME: &'static str = "tag pipeline run";
    const NODE: &'static str = "Tag pipeline run {{id}}";
    const EFFECT: Effect = Effect::Changes;
    const NEEDS: Needs =
        Needs { permissions: &[permissions::EDIT_BUILD_QUALITY], scope: Some(Scope::BuildExecute) };
    const ERRORS: &'static [ErrorCode] =
        &[ErrorCode::ResourceNotFound, ErrorCode::PermissionDenied, ErrorCode::ServiceOutcomeUnknown];
    const LOST_RESPONSE: LostResponse = LostResponse::ByState("the run has all given tags");
    const OBJECT: Option<AuditedObject> = Some(AuditedObject::named_by("pipeline run", "id").name(""));
    type Input = Input;
    type Output = Output;

    fn examples() -> Vec<Example> {
        vec![Example {
            title: "Mark a run as released",
            inputs: serde_json::json!({ "id": 1, "tags": ["released", "1.0"] }),
        }]
    }

    fn check(input: &Input) -> Result<(), Error> {
        if input.tags.is_empty() {
            let message = "tag pipeline run: tags: give at least one tag";
            return Err(Error::new(ErrorCode::InputInvalid, message).with("field", "tags"));
        }
        Ok(())
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<Output, Error> {
        let session = cx.session(&input.session)?;
        let given: Vec<&str> = input.tags.iter().map(Tag::as_str).collect();
        let request = Request::post(&["build", "builds", &input.id.to_string(), "tags"])
            .list()
            .json(&given)?
            .named(format!("tag the pipeline run {}", input.id))
            .needs(&Self::NEEDS)
            .missing(format!("the pipeline run {}", input.id));
        let has_all = |tags: &[String]| {
            given.iter().all(|tag| tags.iter().any(|known| known.to_lowercase() == tag.to_lowercase()))
        };
        let send = async { session.send::<List<String>>(request).await.map(|tags| tags.value) };
        let lookup =
            async { Ok(Some(session.send_list(tags_request(input.id)).await?).filter(|tags| has_all(tags))) };
        let tags = session.settle_state(send, lookup).await?;
        Differences::of(&format!("the pipeline run {}", input.id))
            .state("the list of tags", "complete", has_all(&tags))
            .warn(&session);
        Ok(Output { id: input.id.get(), tags })
    }
}
