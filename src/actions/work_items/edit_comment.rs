//! `edit work item comment`

use crate::actions::prelude::*;
use crate::actions::shared::differences::Differences;
use crate::actions::work_items::comments;
use crate::actions::work_items::comments::CommentBody;
use crate::actions::work_items::comments::TextFormat;
use crate::actions::work_items::comments::WorkItemComment;
use crate::actions::work_items::comments::WorkItemCommentRecord;
use crate::actions::work_items::requests::WRITE_NEEDS;

/// Replace the text of a comment of a work item
///
/// The service lets a user edit the user's own comments only.
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
    /// The new text
    text: WorkItemCommentText,
    /// The format of the text
    #[serde(default)]
    text_format: TextFormat,
}

pub(super) struct EditWorkItemComment;

impl Action for EditWorkItemComment {
    const NAME: &'static str = "edit work item comment";
    const NODE: &'static str = "Edit work item comment {{comment}} of work item {{id}}";
    const EFFECT: Effect = Effect::Changes;
    const NEEDS: Needs = WRITE_NEEDS;
    const ERRORS: &'static [ErrorCode] =
        &[ErrorCode::ResourceNotFound, ErrorCode::PermissionDenied, ErrorCode::ServiceOutcomeUnknown];
    const LOST_RESPONSE: LostResponse = LostResponse::ByState("the comment has the text and the format");
    const OBJECT: Option<AuditedObject> =
        Some(AuditedObject::named_by("work item comment", "comment").name(""));
    type Input = Input;
    type Output = WorkItemComment;

    fn examples() -> Vec<Example> {
        vec![Example {
            title: "Correct a comment",
            inputs: serde_json::json!({ "id": 1, "comment": 1, "text": "The stage Test has failed." }),
        }]
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<WorkItemComment, Error> {
        let session = cx.session(&input.session)?;
        let (text, format) = (input.text.as_str(), input.text_format.as_str());
        let path = comments::path(input.id, input.comment);
        let request = Request::patch(&path.each_ref().map(String::as_str))
            .query("format", format)
            .json(&CommentBody { text })?
            .needs(&Self::NEEDS);
        let request = comments::about(request, "edit", input.id, input.comment);
        let send = async { session.send::<WorkItemCommentRecord>(request).await.map(WorkItemComment::from) };
        let lookup = async {
            let now = WorkItemComment::from(comments::read(&session, input.id, input.comment).await?);
            Ok(Some(now).filter(|now| now.is(text, format)))
        };
        let now = session.settle_state(send, lookup).await.map_err(comments::with_help)?;
        Differences::of(&format!("the comment {} of the work item {}", input.comment, input.id))
            .value("textFormat", Some(format), Some(&now.text_format))
            .warn(&session);
        Ok(now)
    }
}
