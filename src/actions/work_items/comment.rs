//! `comment on work item`

use crate::actions::prelude::*;
use crate::actions::shared::differences::Differences;
use crate::actions::work_items::comments;
use crate::actions::work_items::comments::CommentBody;
use crate::actions::work_items::comments::PREVIEW;
use crate::actions::work_items::comments::TextFormat;
use crate::actions::work_items::comments::WorkItemComment;
use crate::actions::work_items::comments::WorkItemCommentRecord;
use crate::actions::work_items::requests::WRITE_NEEDS;
use crate::actions::work_items::same_value::means_the_same;

/// The newest comments among which a lost one is looked for
const RECENT: usize = 50;

/// Comment on a work item, in HTML or Markdown
///
/// The request is sent once. When the response is lost, the action looks for the comment. An equal one is returned with
/// the warning `service.settled_by_content`; otherwise the action fails with `service.outcome_unknown`.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Input {
    /// The session: a name, or a session variable
    #[serde(default)]
    session: SessionReference,
    /// The work item's id
    id: WorkItemId,
    /// The text
    text: WorkItemCommentText,
    /// The format of the text
    #[serde(default)]
    text_format: TextFormat,
}

pub(super) struct CommentOnWorkItem;

impl Action for CommentOnWorkItem {
    const NAME: &'static str = "comment on work item";
    const NODE: &'static str = "Comment on work item {{id}}";
    const EFFECT: Effect = Effect::Creates;
    const NEEDS: Needs = WRITE_NEEDS;
    const ERRORS: &'static [ErrorCode] =
        &[ErrorCode::ResourceNotFound, ErrorCode::PermissionDenied, ErrorCode::ServiceOutcomeUnknown];
    const LOST_RESPONSE: LostResponse = LostResponse::ByContent("the text, the format and the author");
    const OBJECT: Option<AuditedObject> = Some(AuditedObject::named_by("work item", "id").id("").name(""));
    type Input = Input;
    type Output = WorkItemComment;

    fn examples() -> Vec<Example> {
        vec![Example {
            title: "Report that a release has failed",
            inputs: serde_json::json!({ "id": 1, "text": "The stage **Deploy** has failed.", "textFormat": "MARKDOWN" }),
        }]
    }

    async fn run(cx: &Context<'_>, input: Input) -> Result<WorkItemComment, Error> {
        let session = cx.session(&input.session)?;
        let (text, format) = (input.text.as_str(), input.text_format.as_str());
        let request = Request::post(&["wit", "workItems", &input.id.to_string(), "comments"])
            .preview(PREVIEW)
            .query("format", format)
            .json(&CommentBody { text })?
            .named(format!("comment on the work item {}", input.id))
            .needs(&Self::NEEDS)
            .missing(format!("the work item {}", input.id));
        let send = async { session.send::<WorkItemCommentRecord>(request).await.map(WorkItemComment::from) };
        let search = |_| async {
            let found = comments::list(&session, input.id, true, RECENT, false).await?;
            let candidate = |comment: WorkItemComment| {
                let shown = comment.text.as_deref().unwrap_or_default();
                // The service may have written the markup of a comment in another way.
                let is_text = match shown == text {
                    true => Some(true),
                    false => (!means_the_same(text, shown)).then_some(false),
                };
                let is_format = comment.text_format == format;
                Comparison::default()
                    .field("text", is_text)
                    .field("format", Some(is_format))
                    .candidate(comment)
            };
            Ok(found.into_iter().filter_map(candidate).collect())
        };
        let made = session.settle_creation("work item comment", send, search).await?;
        Differences::of(&format!("the work item {}", input.id))
            .value("textFormat", Some(format), Some(&made.text_format))
            .warn(&session);
        Ok(made)
    }
}
