//! `add work item tag`

use crate::actions::prelude::*;
use crate::actions::work_items::model::WorkItem;
use crate::actions::work_items::requests::WRITE_NEEDS;
use crate::actions::work_items::tags;

/// Add one tag to a work item
///
/// The other tags stay. A tag that the work item has already changes nothing. When someone else changes the work item in the
/// meantime, nothing changes and the action fails with `resource.conflict`.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
    /// The work item's id
    id: WorkItemId,
    /// The tag to add
    tag: Tag,
}

pub(super) struct AddWorkItemTag;

impl Action for AddWorkItemTag {
    const NAME: &'static str = "add work item tag";
    const NODE: &'static str = r#"Add work item tag "{{tag}}" to work item {{id}}"#;
    const EFFECT: Effect = Effect::Changes;
    const NEEDS: Needs = WRITE_NEEDS;
    const ERRORS: &'static [ErrorCode] = &[
        ErrorCode::ResourceNotFound,
        ErrorCode::ResourceConflict,
        ErrorCode::PermissionDenied,
        ErrorCode::ServiceOutcomeUnknown,
    ];
    const LOST_RESPONSE: LostResponse = LostResponse::ByState("the work item has the tag");
    const OBJECT: Option<AuditedObject> = Some(AuditedObject::named_by("work item", "id").name("title"));
    type Input = Input;
    type Output = WorkItem;

    fn examples() -> Vec<Example> {
        vec![Example {
            title: "Tag the bugs of a release",
            inputs: serde_json::json!({ "id": 1, "tag": "release 1.0" }),
        }]
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<WorkItem, Error> {
        let session = cx.session(&input.session)?;
        let operation = format!("add a tag to the work item {}", input.id);
        let added = |mut tags: Vec<String>| {
            let is_new = !tags::has(&tags, &input.tag);
            tags.push(input.tag.as_str().to_owned());
            Ok(is_new.then_some(tags))
        };
        tags::change(&session, input.id, &operation, added, |tags| tags::has(tags, &input.tag)).await
    }
}
