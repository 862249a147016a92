//! `delete work item comment`

use crate::actions::prelude::*;
use crate::actions::work_items::comments;
use crate::actions::work_items::requests::WRITE_NEEDS;

/// Delete a comment of a work item
///
/// The service lets a user delete the user's own comments only.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
    /// The work item's id
    id: WorkItemId,
    /// The comment's id
    comment: WorkItemCommentId,
}

/// The comment that was deleted
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Output {
    /// The comment's id
    id: u32,
}

pub(super) struct DeleteWorkItemComment;

impl Action for DeleteWorkItemComment {
    const NAME: &'static str = "delete work item comment";
    const NODE: &'static str = "Delete work item comment {{comment}} of work item {{id}}";
    const EFFECT: Effect = Effect::Destroys;
    const NEEDS: Needs = WRITE_NEEDS;
    const ERRORS: &'static [ErrorCode] =
        &[ErrorCode::ResourceNotFound, ErrorCode::PermissionDenied, ErrorCode::ServiceOutcomeUnknown];
    const LOST_RESPONSE: LostResponse = LostResponse::ByState("the comment no longer exists");
    const OBJECT: Option<AuditedObject> =
        Some(AuditedObject::named_by("work item comment", "comment").name(""));
    type Input = Input;
    type Output = Output;

    fn examples() -> Vec<Example> {
        vec![Example {
            title: "Delete a comment that is no longer true",
            inputs: serde_json::json!({ "id": 1, "comment": 1 }),
        }]
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<Output, Error> {
        let session = cx.session(&input.session)?;
        // A comment that never was there is not deleted: it must be seen before a lost response can be looked up.
        let before = comments::read(&session, input.id, input.comment).await?;
        let path = comments::path(input.id, input.comment);
        let request = Request::delete(&path.each_ref().map(String::as_str)).needs(&Self::NEEDS);
        let send = session.send::<()>(comments::about(request, "delete", input.id, input.comment));
        let gone = async {
            match comments::read(&session, input.id, input.comment).await {
                Err(error) if error.code() == ErrorCode::ResourceNotFound => Ok(Some(())),
                Err(error) => Err(error),
                Ok(comment) => Ok((comment.is_deleted == Some(true)).then_some(())),
            }
        };
        if before.is_deleted == Some(true) {
            send.await.map_err(comments::with_help)?;
        } else {
            session.settle_state(send, gone).await.map_err(comments::with_help)?;
        }
        Ok(Output { id: input.comment.get() })
    }
}
