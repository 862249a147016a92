//! `remove work item tag`

use crate::actions::prelude::*;
use crate::actions::work_items::model::WorkItem;
use crate::actions::work_items::requests::WRITE_NEEDS;
use crate::actions::work_items::tags;

/// Remove one tag from a work item
///
/// The other tags stay. When someone else changes the work item in the
/// meantime, nothing changes and the action fails with `resource.conflict`.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
    /// The work item's id
    id: WorkItemId,
    /// The tag to remove
    tag: Tag,
}

pub(super) struct RemoveWorkItemTag;

impl Action for RemoveWorkItemTag {
    const NAME: &'static str = "remove work item tag";
    const NODE: &'static str = r#"Remove work item tag "{{tag}}" from work item {{id}}"#;
    const EFFECT: Effect = Effect::Changes;
    const NEEDS: Needs = WRITE_NEEDS;
    const ERRORS: &'static [ErrorCode] = &[
        ErrorCode::ResourceNotFound,
        ErrorCode::ResourceConflict,
        ErrorCode::PermissionDenied,
        ErrorCode::ServiceOutcomeUnknown,
    ];
    const LOST_RESPONSE: LostResponse = LostResponse::ByState("the work item no longer has the tag");
    const OBJECT: Option<AuditedObject> = Some(AuditedObject::named_by("work item", "id").name("title"));
    type Input = Input;
    type Output = WorkItem;

    fn examples() -> Vec<Example> {
        vec![Example {
            title: "Remove a tag that is no longer true",
            inputs: serde_json::json!({ "id": 2, "tag": "blocked" }),
        }]
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<WorkItem, Error> {
        let session = cx.session(&input.session)?;
        let operation = format!("remove a tag from the work item {}", input.id);
        let removed = |mut tags: Vec<String>| {
            if !tags::has(&tags, &input.tag) {
                return Err(missing(&input, &tags));
            }
            tags.retain(|known| known.to_lowercase() != input.tag.as_str().to_lowercase());
            Ok(Some(tags))
        };
        tags::change(&session, input.id, &operation, removed, |tags| !tags::has(tags, &input.tag)).await
    }
}

/// Returns the error for a tag that the work item does not have
fn missing(input: &Input, tags: &[String]) -> Error {
    let tag = printable(input.tag.as_str(), 400);
    let message = format!("the work item {} has no tag \"{tag}\"", input.id);
    let error = Error::new(ErrorCode::ResourceNotFound, message);
    match near_names(input.tag.as_str(), tags.iter().map(String::as_str)).as_slice() {
        [] => error.help("Get work item returns the tags of the work item."),
        near => {
            let near = format!("\"{}\"", near.join("\", \""));
            error.help(format!("Similar tags: {near}.")).with("near", near)
        }
    }
}
